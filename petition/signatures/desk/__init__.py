"""What organisers see and decide of signatures."""
