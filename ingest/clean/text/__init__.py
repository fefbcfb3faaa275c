"""From bytes to lines of text: characters, paragraphs, language, and the furniture among the lines."""
