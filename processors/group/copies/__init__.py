"""Who copied whom: by wording, or translated sentence for sentence."""
