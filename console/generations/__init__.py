"""Generations side by side: which there are, how one is filled, compared with the live one, made live, and removed."""
