"""The demo: a synthetic news site, the whole pipeline on it, and what came of it beside the labels."""
