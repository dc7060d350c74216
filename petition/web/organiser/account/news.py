"""What every page tells an organiser until they know it: that files of theirs are ready."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.jobs.files import see
from petition.web.organiser.door import session

blueprint = Blueprint("news", __name__, url_prefix="/news")
OURS = "/organiser/"


@blueprint.post("/put-away")
def put_away() -> ResponseReturnValue:
    """Tell no more of the files that are ready; go back to where that was told."""
    with transaction():
        see(session.present().organiser.id, now())
    page = request.form.get("page", "")
    is_ours = page.startswith(OURS) and page.isascii() and page.isprintable()
    return redirect(page if is_ours else url_for("organiser.signatures.petitions.index"), 303)
