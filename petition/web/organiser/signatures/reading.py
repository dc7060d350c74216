"""The signatures of one petition: reading, finding, deciding about them."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.i18n import countries
from petition.core.storage.database import transaction
from petition.core.storage.paging import LARGEST_ID, Page
from petition.organisers.permissions import Permission, may
from petition.organisers.queries import names_of
from petition.petitions.models import Petition
from petition.signatures import mailing, reviews
from petition.signatures.listing import Filters, Listed, list_page, signature_for_review
from petition.signatures.models import Signature, SignatureState
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import EmailField, TextField, answered, at_most, plain_text
from petition.web.organiser.door import session
from petition.web.organiser.door.asked_page import asked_page
from petition.web.organiser.door.filter_fields import DayField, FilterForm, ListedField
from petition.web.organiser.door.noting import note, note_look
from petition.web.organiser.signatures.petitions import petition_or_404, title_of
from petition.web.organiser.signatures.words import accepted, hold_words, visibility_words
from petition.web.site.languages import present_language
from petition.web.site.letterhead import letterhead

blueprint = Blueprint("reading", __name__, url_prefix="/petitions/<slug:slug>/signatures")
ON_HOLD, TO_READ = "on_hold", "to_read"
KEPT = ("state", "country", "day", "older", "newer")
"""What of an address leads back to the same page of the list."""
NUMBERED = f"/<int(max={LARGEST_ID}):number>"


class SignatureFilterForm(FilterForm):
    """Which signatures to show."""

    state = ListedField(label=lazy("State"), validators=[Optional()])
    country = ListedField(label=lazy("Country"), validators=[Optional()])
    day = DayField(label=lazy("Signed on (UTC)"), validators=[Optional()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state.choices = [SelectChoice("", _("All")), *_state_choices()]
        names = sorted(countries(present_language()).items(), key=lambda item: item[1])
        self.country.choices = [
            SelectChoice("", _("All")),
            *(SelectChoice(code, name) for code, name in names),
        ]

    def to_filters(self) -> Filters:
        """Return what was chosen; nothing, where the choice makes no sense."""
        if not self.validate():
            return Filters()
        state = self.state.data
        return Filters(
            state=SignatureState(state) if state in set(SignatureState) else None,
            on_hold=state == ON_HOLD,
            reason_to_read=state == TO_READ,
            country=self.country.data or None,
            day=self.day.data,
        )


class SearchForm(BoundedForm):
    """The address of one signer. Sent by POST: an address belongs into no URL."""

    email = EmailField(
        label=lazy("E-mail address"),
        validators=[answered(lambda: _("Enter an e-mail address")), at_most(254)],
    )


class StrikeForm(BoundedForm):
    """Why a signature is not genuine."""

    why = TextField(
        label=lazy("Why"),
        validators=[
            answered(lambda: _("Say why you invalidate it; nothing was changed")),
            at_most(400),
            plain_text(),
        ],
    )


def _state_choices() -> list[SelectChoice]:
    return [
        SelectChoice(SignatureState.PENDING, _("Pending")),
        SelectChoice(SignatureState.CONFIRMED, _("Confirmed")),
        SelectChoice(ON_HOLD, _("On hold")),
        SelectChoice(TO_READ, _("With a reason to read")),
        SelectChoice(SignatureState.WITHDRAWN, _("Withdrawn")),
        SelectChoice(SignatureState.INVALIDATED, _("Invalidated")),
    ]


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """List the signatures, the newest first."""
    petition = petition_or_404(slug)
    form = SignatureFilterForm(formdata=request.args)
    page = list_page(
        petition.id,
        form.to_filters(),
        asked_page(),
        with_names=_sees_names(),
    )
    if page.rows and _sees_names():
        note_look(Act.NAMES_READ, petition=slug, rows=len(page.rows))
    return _page(petition, page, form, SearchForm(formdata=None)), 422 if form.errors else 200


@blueprint.post("")
def search(slug: str) -> ResponseReturnValue:
    """Find the signature of one mailbox."""
    petition = petition_or_404(slug)
    form = SearchForm()
    filters = SignatureFilterForm(formdata=None)
    if not form.validate():
        return _page(petition, Page([]), filters, form), 422
    note_look(Act.SEARCHED, petition=slug)
    found = list_page(petition.id, Filters(email=form.email.data), with_names=True)
    return _page(petition, found, filters, form, searched=True)


def _sees_names() -> bool:
    return may(session.present().organiser.role, Permission.SEE_NAMES)


def _page(
    petition: Petition,
    page: Page[Listed],
    filters: SignatureFilterForm,
    search: SearchForm,
    *,
    searched: bool = False,
) -> str:
    kept = _kept()
    chosen = {name: kept[name] for name in ("state", "country", "day") if name in kept}
    return render_template(
        "organiser/signatures/reading/index.html",
        slug=petition.slug,
        title=title_of(petition),
        rows=page.rows,
        broken=sum(row.is_broken for row in page.rows),
        organisers=names_of(row.struck.organiser_id for row in page.rows if row.struck),
        newer=page.newer and _list_url(petition.slug, newer=str(page.newer), **chosen),
        older=page.older and _list_url(petition.slug, older=str(page.older), **chosen),
        here=_list_url(petition.slug),
        kept=kept,
        filters=filters,
        filtered=bool(chosen),
        search=search,
        searched=searched,
        countries=countries(present_language()),
        hold_words=hold_words(),
        mark_of_reason=reviews.mark_of_reason,
        visibility_words=visibility_words(),
    )


def _list_url(slug: str, **values: Any) -> str:
    return url_for(".index", slug=slug, **values)


def _kept() -> dict[str, str]:
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def _for_review_or_404(slug: str, number: int) -> Signature:
    """Return a signature of this petition, locked until the transaction ends."""
    signature = signature_for_review(petition_or_404(slug).id, number)
    if signature is None:
        abort(404)
    return signature


def _back(slug: str, number: int) -> ResponseReturnValue:
    return redirect(_list_url(slug, **_kept(), _anchor=f"signature-{number}"), 303)


@blueprint.post(f"{NUMBERED}/accept")
def accept(slug: str, number: int) -> ResponseReturnValue:
    """Let a signature on hold count."""
    with transaction():
        signature = _for_review_or_404(slug, number)
        reviews.accept(signature, session.present().organiser.id, now())
        was_mailed = mailing.mail_at_last(signature, letterhead(signature.language), now())
        note(Act.SIGNATURE_ACCEPTED, petition=slug, signature=number)
    flash(*accepted(number, was_mailed=was_mailed))
    return _back(slug, number)


@blueprint.post(f"{NUMBERED}/strike")
def strike(slug: str, number: int) -> ResponseReturnValue:
    """Invalidate a confirmed signature."""
    form = StrikeForm()
    if not form.validate():
        flash(" ".join(map(str, form.why.errors)), "error")
        return _back(slug, number)
    with transaction():
        signature = _for_review_or_404(slug, number)
        confirmed = signature.state == SignatureState.CONFIRMED
        if confirmed:
            organiser = session.present().organiser
            reviews.strike(signature, organiser.id, str(form.why.data), now())
            note(Act.SIGNATURE_STRUCK, petition=slug, signature=number)
    if confirmed:
        flash(_("Signature %(n)s is invalidated and no longer counts.", n=number), "success")
    else:
        flash(_("Only a confirmed signature can be invalidated."), "error")
    return _back(slug, number)


@blueprint.post(f"{NUMBERED}/reason")
def show_reason(slug: str, number: int) -> ResponseReturnValue:
    """Let a reason appear on the petition's page, or take it off."""
    shown, changed = request.form.get("shown") == "yes", False
    with transaction():
        signature = _for_review_or_404(slug, number)
        try:
            reviews.show_reason(signature, request.form.get("read", ""), shown=shown)
        except reviews.ReasonChanged:
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
