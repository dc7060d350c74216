"""The recovery codes of one's account: making new ones, and taking them along as a file."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.organisers import authenticators, recovery_codes
from petition.organisers.models import Organiser
from petition.web.organiser.door import session
from petition.web.organiser.door.code_form import CodeForm
from petition.web.organiser.door.noting import note
from petition.web.site.settings import settings

blueprint = Blueprint("recovery", __name__, url_prefix="/recovery-codes")


@blueprint.route("", methods=["GET", "POST"])
def renew() -> ResponseReturnValue:
    """Replace the recovery codes, for whoever can show a code once more."""
    organiser = session.present().organiser
    if not organiser.has_authenticator:
        return redirect(url_for("organiser.account.joining.enrol"), 303)
    form = CodeForm()
    codes, status = form.tried(organiser, lambda typed: _renewed(organiser, typed))
    if codes is None:
        left = recovery_codes.left(organiser.id)
        return render_template(
            "organiser/account/recovery/renew.html", form=form, left=left
        ), status
    return codes_page(organiser, codes)


def _renewed(organiser: Organiser, typed: str) -> list[str] | None:
    with transaction():
        if not authenticators.use_any_code(organiser, typed, now()):
            return None
        codes = recovery_codes.renew(organiser.id)
        note(Act.CODES_RENEWED)
        return codes


def codes_page(organiser: Organiser, codes: list[str]) -> str:
    """Return the page that shows fresh codes, once."""
    return render_template(
        "organiser/account/recovery/codes.html", codes=codes, organiser=organiser.identity_if_whole
    )


@blueprint.post("/file.txt")
def file() -> ResponseReturnValue:
    """Hand the codes that the page shows over as a file; in the clear they are stored nowhere."""
    codes = request.form.getlist("code")[: recovery_codes.HOW_MANY]
    if not recovery_codes.are_all_of(session.present().organiser.id, codes):
        abort(400)
    lines = [_("Recovery codes for %(site)s. Each works once.", site=settings().site_name), *codes]
    answer = Response("\r\n".join([*lines, ""]), mimetype="text/plain")
    answer.headers.set("Content-Disposition", "attachment", filename="recovery-codes.txt")
    return answer
