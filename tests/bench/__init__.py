"""Speeds and memory: ``make bench`` prints tables. Of the test run are short runs of what annotation costs alone."""
