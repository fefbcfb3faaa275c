"""What the rules know of a language: its words from a data file, its verb forms, its cases, its moods."""
