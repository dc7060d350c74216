"""Letters that came back: what the mail about it says, and what follows for the office."""
