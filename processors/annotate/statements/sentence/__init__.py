"""The parts of a sentence: its clauses, its subject, the nouns in it that tell somebody's words."""
