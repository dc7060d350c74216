"""Planning to hand signatures of one petition over, beside what was planned of it before."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.deliveries import actions
from petition.deliveries.queries import deliveries_of
from petition.petitions.models import Petition
from petition.recipients.models import Recipient
from petition.recipients.queries import all_recipients, recipient_by_slug
from petition.web.organiser.deliveries.forms import PlanForm
from petition.web.organiser.deliveries.listing import rows_of
from petition.web.organiser.door import session
from petition.web.organiser.signatures.petitions import petition_or_404, title_of
from petition.web.site.formats import listed
from petition.web.site.languages import present_language
from petition.web.words.jurisdictions import jurisdiction_name

blueprint = Blueprint("planning", __name__, url_prefix="/petitions/<slug:slug>/deliveries")


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
