"""What a moderator decides about a signature."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.signatures import mailing
from petition.signatures.desk import decisions
from petition.signatures.desk.listing import signature_to_decide
from petition.signatures.models import Signature, SignatureState
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import TextField, answered, at_most, plain_text
from petition.web.organiser.door import session
from petition.web.organiser.door.noting import note
from petition.web.organiser.door.paging import PLACE, kept
from petition.web.organiser.signatures.petitions import petition_or_404
from petition.web.organiser.signatures.reading import FILTERS
from petition.web.organiser.signatures.words import accepted
from petition.web.site.letterhead import letterhead

blueprint = Blueprint(
    "deciding",
    __name__,
    url_prefix="/petitions/<slug:slug>/signatures/<number:number>",
)


class InvalidateForm(BoundedForm):
    """Why a signature is not genuine."""

    why = TextField(
        label=lazy("Why"),
        validators=[
            answered(lambda: _("Say why you invalidate it; nothing was changed")),
            at_most(400),
            plain_text(),
        ],
    )


def _to_decide_or_404(slug: str, number: int) -> Signature:
    """Return a signature of this petition, locked until the transaction ends."""
    signature = signature_to_decide(petition_or_404(slug).id, number)
    if signature is None:
        abort(404)
    return signature


def _back(slug: str, number: int) -> ResponseReturnValue:
    there = url_for(
        "organiser.signatures.reading.index",
        slug=slug,
        **kept(*FILTERS, *PLACE),
        _anchor=f"signature-{number}",
    )
    return redirect(there, 303)


@blueprint.post("/accept")
def accept(slug: str, number: int) -> ResponseReturnValue:
    """Let a signature on hold count."""
    with transaction():
        signature = _to_decide_or_404(slug, number)
        decisions.accept(signature, session.present().organiser.id, now())
        was_mailed = mailing.mail_at_last(signature, letterhead(signature.language), now())
        note(Act.SIGNATURE_ACCEPTED, petition=slug, signature=number)
    flash(*accepted(number, was_mailed=was_mailed))
    return _back(slug, number)


@blueprint.post("/strike")
def invalidate(slug: str, number: int) -> ResponseReturnValue:
    """Invalidate a confirmed signature."""
    form = InvalidateForm()
    if not form.validate():
        flash(" ".join(map(str, form.why.errors)), "error")
        return _back(slug, number)
    with transaction():
        signature = _to_decide_or_404(slug, number)
        confirmed = signature.state == SignatureState.CONFIRMED
        if confirmed:
            organiser = session.present().organiser
            decisions.invalidate(signature, organiser.id, str(form.why.data), now())
            note(Act.SIGNATURE_INVALIDATED, petition=slug, signature=number)
    if confirmed:
        flash(_("Signature %(n)s is invalidated and no longer counts.", n=number), "success")
    else:
        flash(_("Only a confirmed signature can be invalidated."), "error")
    return _back(slug, number)


@blueprint.post("/reason")
def show_reason(slug: str, number: int) -> ResponseReturnValue:
    """Let a reason appear on the petition's page, or take it off."""
    shown, changed = request.form.get("shown") == "yes", False
    with transaction():
        signature = _to_decide_or_404(slug, number)
        try:
            decisions.show_reason(signature, request.form.get("read", ""), shown=shown)
        except decisions.ReasonChanged:
            changed = True
        allowed = signature.reason_shown == shown
        if allowed and not changed:
            act = Act.REASON_SHOWN if shown else Act.REASON_HIDDEN
            note(act, petition=slug, signature=number)
    if changed:
        flash(_("This reason has changed since you read it. Please read it again."), "error")
    elif not allowed:
        flash(
            _("Only the reason beside a public, confirmed name can be shown."),
            "error",
        )
    elif shown:
        flash(_("The reason of signature %(n)s is shown.", n=number), "success")
    else:
        flash(_("The reason of signature %(n)s is hidden.", n=number), "success")
    return _back(slug, number)
