"""Fuzzing with Hypothesis: a few examples of each target in the test run, as long as one likes by ``make fuzz``."""
