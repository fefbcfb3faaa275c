"""Copies, stories, remarks and roles of one speaker, and the worker around them."""
