"""What recurs over an outlet's pages, and how the memory of it grows from article to article."""
