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
LIBRARY = "python3 -m pip install cryptography"
BY_PROGRAM = f"python3 {VERIFIER} PACK.zip --key"
BY_SOFTWARE = "flask --app petition deliveries verify PACK.zip --key"


@blueprint.get("/deliveries/verify")
def show(lang: str) -> ResponseReturnValue:
    """Check a pack, which never leaves the visitor's machine, and say which keys are ours."""
    return cached_page(("verifying", lang), _render)


def _render() -> str:
    keys = tuple(public_keys())
    return rendered(
        "public/deliveries/verifying/show.html",
        keys=keys,
        library=LIBRARY,
        by_program=f"{BY_PROGRAM} {keys[0].line}",
        by_software=f"{BY_SOFTWARE} {keys[0].line}",
        program=VERIFIER,
        sha256=hashlib.sha256(verifier()).hexdigest(),
    )


@blueprint.get("/deliveries/verify.py")
def program(lang: str) -> ResponseReturnValue:
    """Give the verifier that lies in every pack, to be taken from here as the key is."""
    response = Response(verifier(), mimetype="text/x-python")
    response.headers["Cache-Control"] = PROGRAM_CACHE
    response.headers["Content-Disposition"] = f"attachment; filename={VERIFIER}"
    response.add_etag()
    return response.make_conditional(request)
