"""The sections of the public site, as its header names them."""

from typing import Any

from flask import request

SECTIONS = {
    "petitions": ("petitions", "signing", "numbers", "sharing", "confirming", "managing"),
    "letters": (
        *("letters", "writing", "handing_in", "letter_files"),
        *("letter_confirming", "letter_managing", "about_letter"),
    ),
    "gaps": ("gaps",),
    "events": ("events",),
    "reports": ("reports",),
}
"""Each with the parts of this door whose pages belong to it."""

_section_of = {part: section for section, parts in SECTIONS.items() for part in parts}


def present_section() -> dict[str, Any]:
    """Return the section that the page belongs to, and whether the page is all of it."""
    part, _, view = (request.endpoint or "").removeprefix("public.").partition(".")
    return {"section": _section_of.get(part), "is_section_itself": view == "index"}
