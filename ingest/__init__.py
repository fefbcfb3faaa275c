"""Articles on their way in: sources, fetching, cleaning, importing. Each stage is a command of its own."""
