"""What every page tells an organiser until they know it: that files of theirs are ready."""

import re

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.jobs.files import see
from petition.web.organiser.door import session
from petition.web.organiser.door.ready_files import MOST_SHOWN

blueprint = Blueprint("news", __name__, url_prefix="/news")
OURS = "/organiser/"
NUMBER = re.compile(r"[0-9]{1,18}")


@blueprint.post("/put-away")
def put_away() -> ResponseReturnValue:
    """Tell no more of the files that were shown; go back to where that was told.

    A script stays there, and is answered that it was done: if it had to log in it is led elsewhere.
    """
    shown = [int(one) for one in request.form.getlist("file")[:MOST_SHOWN] if NUMBER.fullmatch(one)]
    with transaction():
        see(session.present().organiser.id, now(), shown)
    if "stays" in request.form:
        return Response(status=204, mimetype="text/plain")
    page = request.form.get("page", "")
    is_ours = page.startswith(OURS) and page.isascii() and page.isprintable()
    return redirect(page if is_ours else url_for("organiser.signatures.petitions.index"), 303)
