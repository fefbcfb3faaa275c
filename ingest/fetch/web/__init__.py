"""Asking strangers: bounded requests, guarded addresses, an HTTP cache, robots.txt, manners; is our network there."""
