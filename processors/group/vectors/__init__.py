"""Similarity of statements by their sentence vectors."""
