"""The image, and what prepares a secured Elasticsearch for it."""
