"""The log of who did or looked at what."""
