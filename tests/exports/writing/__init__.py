"""The formats in which exports leave."""
