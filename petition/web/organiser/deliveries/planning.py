"""Planning to hand signatures of one petition over, beside what was planned of it before."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import IntegerField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.deliveries import actions
from petition.deliveries.actions import Plan
from petition.deliveries.answer_clock import ASKED_WITHIN_DAYS
from petition.deliveries.models import LONGEST_WAIT_DAYS
from petition.deliveries.queries import deliveries_of
from petition.petitions.models import Petition
from petition.recipients.models import Recipient
from petition.recipients.queries import all_recipients, recipient_by_slug
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import answered
from petition.web.organiser.deliveries.forms import day_field, entered, note_field
from petition.web.organiser.deliveries.listing import rows_of
from petition.web.organiser.door import session
from petition.web.organiser.door.filter_fields import DayField, ListedField
from petition.web.organiser.signatures.petitions import petition_or_404, title_of
from petition.web.site.formats import listed
from petition.web.site.languages import present_language
from petition.web.words.jurisdictions import jurisdiction_name

blueprint = Blueprint("planning", __name__, url_prefix="/petitions/<slug:slug>/deliveries")
FAR_AHEAD = timedelta(days=730)
LONG_AGO = -FAR_AHEAD
"""What was handed over before it was planned here may be planned yet."""


def _answer_days() -> str:
    return _("Enter a number of days from 1 to %(most)s", most=LONGEST_WAIT_DAYS)


class PlanForm(BoundedForm):
    """A delivery that is to come."""

    office = ListedField(label=lazy("Office"), validators=[answered(lambda: _("Choose an office"))])
    day = day_field(lazy("Day planned for the hand-over"))
    counted_until = day_field(lazy("Last day of signatures"))
    answer_days = IntegerField(
        label=lazy("Days in which we ask for an answer"),
        default=ASKED_WITHIN_DAYS,
        validators=[entered(_answer_days)],
    )
    note = note_field()

    def validate_day(self, field: DayField) -> None:
        """Refuse a day that nobody plans for."""
        if field.data and not LONG_AGO <= field.data - now().date() <= FAR_AHEAD:
            raise ValidationError(_("Enter a day within two years of today"))

    def validate_counted_until(self, field: DayField) -> None:
        """Refuse signatures from after the hand-over."""
        if field.data and self.day.data and field.data > self.day.data:
            raise ValidationError(
                _("The last day of signatures is after the hand-over. Choose an earlier day")
            )

    def validate_answer_days(self, field: IntegerField) -> None:
        """Refuse a wait of no day, or of more than a year."""
        if field.data and not 1 <= field.data <= LONGEST_WAIT_DAYS:
            raise ValidationError(_answer_days())

    def to_plan(self) -> Plan:
        """Return what was filled in."""
        days = self.answer_days.data or ASKED_WITHIN_DAYS
        return Plan(_given(self.day), _given(self.counted_until), days, self.note.data or "")


def _given(field: DayField) -> date:
    """Return the day of a field that was answered."""
    day: date = field.data
    return day


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """Show the deliveries of a petition, and the form that plans another."""
    petition = petition_or_404(slug)
    return _page(petition, PlanForm(formdata=None, data=_likely(petition)))


@blueprint.post("")
def plan(slug: str) -> ResponseReturnValue:
    """Plan a delivery, and lead to its record."""
    petition, form = petition_or_404(slug), PlanForm()
    form.office.choices = _offices(petition)
    if not form.validate_on_submit():
        return _page(petition, form), 422
    organiser = session.present().organiser
    with transaction():
        office = recipient_by_slug(str(form.office.data)) or abort(404)
        planned = actions.plan(petition, office, form.to_plan(), organiser.id, now())
    flash(_("The delivery is planned. The public reads nothing of it yet."), "success")
    return redirect(url_for("organiser.deliveries.recording.show", number=planned.id), 303)


def _likely(petition: Petition) -> dict[str, Any]:
    """Return the day, and the last one that is over: of one that runs, a pack lacks the rest."""
    today: date = now().date()
    over = today - timedelta(days=1)
    until = max(petition.opens_on, min(over, petition.closes_on or over))
    return {"day": today, "counted_until": until}


def _offices(petition: Petition) -> list[SelectChoice]:
    """Return the offices to choose from, those that the petition is addressed to first."""
    own = {one.recipient_id for one in petition.version.recipients}
    groups = {True: _("The petition’s recipients"), False: _("Other offices")}
    found = sorted(all_recipients(), key=lambda office: office.id not in own)
    choices = [
        SelectChoice(office.slug, _named(petition, office), optgroup=groups[office.id in own])
        for office in found
    ]
    return [SelectChoice("", _("Choose an office")), *choices]


def _named(petition: Petition, office: Recipient) -> str:
    named = petition.naming(office)
    country = jurisdiction_name(named.jurisdiction)
    return listed([named.office_in(present_language()), office.holder, country])


def _page(petition: Petition, form: PlanForm) -> str:
    form.office.choices = _offices(petition)
    title = title_of(petition)
    return render_template(
        "organiser/deliveries/planning/index.html",
        slug=petition.slug,
        title=title,
        form=form,
        rows=rows_of(deliveries_of(petition.id), {petition.id: title}),
    )
