"""What is found in one article: language, entities, statements, and what is measured on their wording."""
