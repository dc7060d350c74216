"""What waits for a moderator, why, and what was decided about it."""
