"""Who copied whom: by wording, or translated sentence for sentence; and the postings by which candidates are found."""
