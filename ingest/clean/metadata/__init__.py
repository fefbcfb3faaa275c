"""What an article states of itself: title, authors, dates, credit, addresses, in markup and in its text."""
