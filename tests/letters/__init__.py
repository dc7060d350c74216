"""Letters: on paper, by mail."""
