"""A letter while it is written: its draft, its parts, and what of it is the writer's own."""
