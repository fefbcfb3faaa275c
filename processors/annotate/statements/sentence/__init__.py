"""A sentence: its words and who may speak in it, its clauses and subject, an attribution as a stretch of it, and the
nouns that tell somebody's words.
"""
