"""Letters: how they stand, what waits for a person, and to whom they go."""
