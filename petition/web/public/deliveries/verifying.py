"""Checking a delivery pack: in the visitor's browser, or by the program that is taken from here."""

import hashlib
from datetime import date
from functools import partial

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from petition.core.i18n import date_in_words, listed, writing_locale
from petition.deliveries.pack.keys import public_keys
from petition.deliveries.pack.packing import VERIFIER, verifier
from petition.deliveries.pack.writing.cover import LIBRARY
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import rendered

blueprint = Blueprint("verifying", __name__)
PROGRAM_CACHE = "public, max-age=3600"
BY_PROGRAM = f"python3 {VERIFIER} PACK.zip --key"
BY_SOFTWARE = "flask --app petition deliveries verify PACK.zip --key"


@blueprint.get("/deliveries/verify")
def show(lang: str) -> ResponseReturnValue:
    """Check a pack, which never leaves the visitor's machine, and say which keys are ours."""
    return cached_page(("verifying", lang), partial(_render, lang))


def _render(lang: str) -> str:
    keys = tuple(public_keys())
    return rendered(
        "public/deliveries/verifying/show.html",
        keys=keys,
        moments=_moments(lang),
        library=LIBRARY,
        by_program=f"{BY_PROGRAM} {keys[0].line}",
        by_software=f"{BY_SOFTWARE} {keys[0].line}",
        program=VERIFIER,
        sha256=hashlib.sha256(verifier()).hexdigest(),
    )


def _moments(language: str) -> dict[str, str]:
    """Return how a script writes a day of each month, and a moment, by codes it knows.

    The first of a month may have a word of its own.
    """
    locale = writing_locale(language)
    days = {
        f"{code}-{month}": date_in_words(date(2001, month, day), locale)
        for month in range(1, 13)
        for code, day in (("first", 1), ("day", 22))
    }
    said = {one: day.replace("2001", "{year}").replace("22", "{day}") for one, day in days.items()}
    clock = "\N{LEFT-TO-RIGHT ISOLATE}{time} UTC\N{POP DIRECTIONAL ISOLATE}"
    return {**said, "whole-day": "{date} (UTC)", "moment": listed(("{date}", clock), language)}


@blueprint.get("/deliveries/verify.py")
def program(lang: str) -> ResponseReturnValue:
    """Give the verifier that lies in every pack, to be taken from here as the key is."""
    response = Response(verifier(), mimetype="text/x-python")
    response.headers["Cache-Control"] = PROGRAM_CACHE
    response.headers["Content-Disposition"] = f"attachment; filename={VERIFIER}"
    response.add_etag()
    return response.make_conditional(request)
