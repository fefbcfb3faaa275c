"""Remarks: statements that express one proposition, their wordings, and what is said again and again."""
