"""The sections of the public site, as its header names them."""

from typing import Any

from flask import request

from petition.core.memory import Memory
from petition.deliveries.queries import any_handed_over

SECTIONS = {
    **{f"public.{wing}": wing for wing in ("petitions", "letters", "deliveries")},
    **{f"public.month.{part}": part for part in ("gaps", "events", "reports")},
}
"""How the endpoints of each begin."""
KNOWN_SECONDS = 60.0
_known: Memory[str, bool] = Memory(KNOWN_SECONDS, 1)


def present_section() -> dict[str, Any]:
    """Return the section of the page, whether the page is all of it, and what asks for another."""
    *parts, view = (request.endpoint or "").split(".")
    beginnings = (".".join(parts[:length]) for length in (2, 3))
    section = next((SECTIONS[one] for one in beginnings if one in SECTIONS), None)
    return {
        "section": section,
        "is_section_itself": view == "index",
        "has_deliveries": has_deliveries,
    }


def has_deliveries() -> bool:
    """Whether anything was handed over, as it was within the last minute: every page asks."""
    return _known.at("deliveries", any_handed_over)
