"""From raw pages to articles as text, with what they say of themselves."""

from ingest.clean.page import clean_page, revision_of

__all__ = ["clean_page", "revision_of"]
