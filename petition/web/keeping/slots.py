"""Pages that differ only in what one person typed: rendered once, filled in for each.

A page is rendered with slots in place of the typed values and kept for a second, like any public
page; each answer puts its own values, escaped, into the slots.
"""

import re
import secrets
from collections.abc import Callable, Mapping

from markupsafe import escape

from petition.web.keeping.pages import cached_text

_secret = secrets.token_hex(8)  # what somebody types can never look like a slot
_slot = re.compile(rf"{_secret}-(\w+);")


def slot(name: str) -> str:
    """Return what stands in the page where the value called `name` goes."""
    return f"{_secret}-{name};"


def slots(*names: str) -> dict[str, str]:
    """Return a slot for each value."""
    return {name: slot(name) for name in names}


def filled_page(
    key: tuple[str, ...], render: Callable[[], str], values: Mapping[str, str | None]
) -> str:
    """Return the page at `key` with `values` in its slots. A value lands in no other's slot.

    What is markup already, such as a form with what was typed in it, is taken as it is.
    """
    page = cached_text(key, render)
    return _slot.sub(lambda match: str(escape(values[match[1]] or "")), page)
