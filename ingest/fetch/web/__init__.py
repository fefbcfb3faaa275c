"""Asking strangers: requests within bounds, guarded addresses, robots.txt, manners; whether our network is there."""
