"""Speeds and memory. No part of the test run: ``make bench`` prints a table."""
