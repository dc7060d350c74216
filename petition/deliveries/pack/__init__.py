"""The pack that a recipient gets: its format, its making and its checking."""
