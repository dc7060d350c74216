"""The sections of the public site, as its header names them."""

from typing import Any

from flask import request

SECTIONS = {
    **{f"public.{wing}": wing for wing in ("petitions", "letters")},
    **{f"public.month.{part}": part for part in ("gaps", "events", "reports")},
}
"""How the endpoints of each begin."""


def present_section() -> dict[str, Any]:
    """Return the section that the page belongs to, and whether the page is all of it."""
    *parts, view = (request.endpoint or "").split(".")
    beginnings = (".".join(parts[:length]) for length in (2, 3))
    section = next((SECTIONS[one] for one in beginnings if one in SECTIONS), None)
    return {"section": section, "is_section_itself": view == "index"}
