"""What organisers see of letters: their numbers, and those that wait for a person."""
