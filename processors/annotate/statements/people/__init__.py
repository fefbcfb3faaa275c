"""Who could be speaking: names, offices and pronouns in a sentence, and whom each of them means in the article."""
