"""A text cut up: quotations, sentences, words and marks, each with its offsets."""
