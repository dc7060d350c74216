"""The part that knows organisers."""
