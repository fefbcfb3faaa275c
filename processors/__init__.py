"""Stream processors: annotate, dispatch, group and index."""
