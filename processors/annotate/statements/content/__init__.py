"""Contents: which part of a sentence an attribution reports."""
