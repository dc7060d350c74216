"""Checking a delivery pack: in the visitor's browser, or by the program that is taken from here."""

import hashlib

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from petition.deliveries.pack.keys import public_keys
from petition.deliveries.pack.packing import VERIFIER, verifier
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import rendered

blueprint = Blueprint("verifying", __name__)
PROGRAM_CACHE = "public, max-age=3600"
COMMANDS = {
    "library": "python3 -m pip install cryptography",
    "program": f"python3 {VERIFIER} PACK.zip --key ",
    "software": "flask --app petition deliveries verify PACK.zip --key ",
}
"""What is typed, as it is in every language; a key follows where one is named."""


@blueprint.get("/deliveries/verify")
def show(lang: str) -> ResponseReturnValue:
    """Check a pack, which never leaves the visitor's machine, and say which keys are ours."""
    return cached_page(("verifying", lang), _render)


def _render() -> str:
    return rendered(
        "public/deliveries/verifying/show.html",
        keys=tuple(public_keys()),
        program=VERIFIER,
        commands=COMMANDS,
        sha256=hashlib.sha256(verifier()).hexdigest(),
    )


@blueprint.get("/deliveries/verify.py")
def program(lang: str) -> Response:
    """Give the verifier that lies in every pack, to be taken from here as the key is."""
    response = Response(verifier(), mimetype="text/x-python")
    response.headers["Cache-Control"] = PROGRAM_CACHE
    response.headers["Content-Disposition"] = f"attachment; filename={VERIFIER}"
    response.add_etag()
    response.make_conditional(request)
    return response
