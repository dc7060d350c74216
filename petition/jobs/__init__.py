"""Long work that a worker does with progress, and the files that come of it."""
