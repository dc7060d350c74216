"""Making, changing and retiring presets of one's own."""
