"""From where somebody came to a petition: what an organiser put behind `?source=` in its address.

A mailing has one, or a poster; never a person, whom the address would then name.
"""

import re

LONGEST_SOURCE = 32
"""Characters, as one writes them: small letters, digits and hyphens."""
NAMED = "source"
"""What stands before it in an address."""
_source = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{LONGEST_SOURCE - 1}}}")


def as_source(text: str | None) -> str | None:
    """Return what an address names as its source; None where it is not what a source can be."""
    return text if text and _source.fullmatch(text) else None
