"""The signatures of one petition: the list, and finding one."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from petition.audit.acts import Act
from petition.core.i18n import countries
from petition.core.storage.paging import Page
from petition.organisers.permissions import Permission, may
from petition.organisers.queries import names_of
from petition.petitions.models import Petition
from petition.signatures.desk import decisions
from petition.signatures.desk.listing import Filters, Listed, list_page
from petition.signatures.models import SignatureState
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import EmailField, answered, at_most
from petition.web.organiser.door import session
from petition.web.organiser.door.filter_fields import (
    DayField,
    FilterForm,
    ListedCountryField,
    ListedField,
)
from petition.web.organiser.door.hold_words import hold_words
from petition.web.organiser.door.noting import note_look
from petition.web.organiser.door.paging import PLACE, ListPage, by_number, kept, requested
from petition.web.organiser.signatures.petitions import petition_or_404, title_of
from petition.web.organiser.signatures.words import visibility_words
from petition.web.site.languages import present_language

blueprint = Blueprint("reading", __name__, url_prefix="/petitions/<slug:slug>/signatures")
ON_HOLD, TO_READ = "on_hold", "to_read"
FILTERS = ("state", "country", "day")
ACTS = ("accept", "invalidate", "show_reason")


class SignatureFilterForm(FilterForm):
    """Which signatures to show."""

    state = ListedField(label=lazy("State"), validators=[Optional()])
    country = ListedCountryField(label=lazy("Country"), validators=[Optional()])
    day = DayField(label=lazy("Signed on (UTC)"), validators=[Optional()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state.choices = [SelectChoice("", _("All")), *_state_choices()]

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
    page = list_page(petition.id, form.to_filters(), requested(), with_names=_sees_names())
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
    chosen = kept(*FILTERS)
    here = {"slug": petition.slug, **chosen, **kept(*PLACE)}
    return render_template(
        "organiser/signatures/reading/index.html",
        slug=petition.slug,
        title=title_of(petition),
        page=ListPage.of(page, **chosen),
        broken=sum(row.is_broken for row in page.rows),
        names=names_of(row.invalidation.organiser_id for row in page.rows if row.invalidation),
        here=url_for(".index", slug=petition.slug),
        filters=filters,
        filtered=bool(chosen),
        search=search,
        searched=searched,
        words=_words(),
        acts={act: by_number(f"organiser.signatures.deciding.{act}", **here) for act in ACTS}
        | {"mark_of_reason": decisions.mark_of_reason},
    )


def _words() -> dict[str, Any]:
    return {
        "countries": countries(present_language()),
        "holds": hold_words(),
        "visibilities": visibility_words(),
    }
