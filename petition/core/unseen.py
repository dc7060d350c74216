"""Characters that cannot be seen, or that turn the text around them."""

import unicodedata

BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_unseen(character: str) -> bool:
    """Whether a character has no place in a text; those that join or part letters have one."""
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"} or character in BIDI_OVERRIDES
