"""Where articles are announced: feeds, sitemaps, and how both are found from a home page."""
