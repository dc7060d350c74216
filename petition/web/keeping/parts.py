"""What stays the same on public pages for longer than a page is kept: read and rendered less often.

Everything here is the same for everyone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import render_template, request

from petition.core.memory import Memory
from petition.web.site.languages import present_language

FRESH_SECONDS = 2.0
MOST_PARTS = 500
LONGEST_SECONDS = 60.0
"""So long a page may stay that shows what it showed: then what it says of people is gone with it,
though nobody asks for the page again.
"""
MOST_PAGES = 500

Asked = ParamSpec("Asked")
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as it was rendered last, and what it shows."""

    contents: Mapping[str, Any]
    text: str


_parts: Memory[tuple[Any, ...], Any] = Memory(FRESH_SECONDS, MOST_PARTS)
_rendered: Memory[tuple[str, ...], Rendered] = Memory(LONGEST_SECONDS, MOST_PAGES)


def part(read: Callable[Asked, Part]) -> Callable[Asked, Part]:
    """Make a reading of what organisers wrote at most two seconds old, in each language.

    It returns values that touch no database, and that nobody changes.
    """

    @wraps(read)
    def remembered(*args: Asked.args, **kwargs: Asked.kwargs) -> Part:
        key = (read, present_language(), args, tuple(kwargs.items()))
        found: Part = _parts.at(key, lambda: read(*args, **kwargs))
        return found

    return remembered


def rendered(template: str, **contents: Any) -> str:
    """Return the page at this address, rendered only where it shows other `contents` than before.

    These, the address and the settings are all that it may depend on.
    """
    key = (template, request.method, request.script_root, request.path)
    before = _rendered.get(key)
    if before is not None and before.contents == contents:
        return before.text
    text = render_template(template, **contents)
    _rendered.put(key, Rendered(contents, text))
    return text
