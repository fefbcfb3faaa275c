"""Which part of a page is the article: blocks, figures of each, the choice among them, and pages that have none."""
