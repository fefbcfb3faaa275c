"""Attributions: what in a sentence says that words are reported, and whose they are by its grammar."""
