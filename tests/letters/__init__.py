"""Letters: made, confirmed, sent, and what comes back."""
