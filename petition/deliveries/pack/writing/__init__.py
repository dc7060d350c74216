"""What lies in a pack, and how a worker writes it."""
