"""Papers and pictures: typesetting them, a few at a time, and the characters that can be shown."""
