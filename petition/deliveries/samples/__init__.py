"""What an office found in a sample of a pack, and what follows from it for the whole."""
