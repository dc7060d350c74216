"""What strangers' forms bring in: kept sealed until a worker has looked at it."""
