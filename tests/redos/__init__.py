"""Every regular expression of the project, and strings that are made to keep one busy."""
