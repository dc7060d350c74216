"""Setting how a government stands towards a gap, from its answer to a delivery."""

from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.deliveries.models import Delivery, DeliveryStep, StepKind
from petition.deliveries.queries import delivery_by_number
from petition.gaps import publishing
from petition.gaps.drafts import standing_draft
from petition.gaps.models import Gap, Standing
from petition.gaps.queries import gap_to_change
from petition.publishing.toml_text import write_table
from petition.recipients.jurisdictions import Jurisdiction
from petition.web.organiser.deliveries.listing import row_of
from petition.web.organiser.deliveries.standing_form import StandingForm, likely, likely_back
from petition.web.organiser.door import session
from petition.web.organiser.signatures.petitions import title_of
from petition.web.words.jurisdictions import jurisdiction_name

blueprint = Blueprint(
    "standings", __name__, url_prefix="/deliveries/<number:number>/steps/<number:step>/standing"
)


class Answered(NamedTuple):
    """An answer, and the gap about which it says something."""

    delivery: Delivery
    answer: DeliveryStep
    gap: Gap
    jurisdiction: Jurisdiction

    @property
    def retraction(self) -> DeliveryStep | None:
        """What takes the answer back."""
        return self.delivery.retractions.get(self.answer.number)

    @property
    def standings(self) -> list[Standing]:
        """How that government stood, the latest last."""
        return [one for one in self.gap.standings if one.jurisdiction == self.jurisdiction]

    @property
    def set_since(self) -> list[Standing]:
        """What was set at the desk since the answer was recorded, and may rest on it."""
        since, here = self.answer.recorded_at, self.standings
        return [one for one in here if one.at_desk is not None and one.at_desk.set_at >= since]

    @property
    def is_open(self) -> bool:
        """Whether nobody has set what follows from the answer, or from its being taken back."""
        if self.retraction is None:
            return not self.set_since
        latest = self.standings[-1:]
        until = self.retraction.recorded_at
        rests = (one for one in self.set_since if one.at_desk and one.at_desk.set_at <= until)
        return bool(latest) and latest[0] in rests

    @property
    def before(self) -> Standing | None:
        """How it stood before anything was set since the answer."""
        others = [one for one in self.standings if one not in self.set_since]
        return others[-1] if others else None


def answered_about(delivery: Delivery, number: int) -> Answered | None:
    """Return what an answer is about; None where no standing can be set from this step.

    From one that was taken back it can be where a standing may rest on it: to set that back.
    """
    found = [step for step in delivery.steps if step.number == number]
    gap, place = delivery.petition.gap, delivery.jurisdiction
    is_answer = bool(found) and found[0].kind is StepKind.ANSWERED
    if not is_answer or gap is None or place not in set(Jurisdiction):
        return None
    about = Answered(delivery, found[0], gap, Jurisdiction(place))
    return about if about.retraction is None or about.set_since else None


def standing_rests_on(delivery: Delivery) -> bool:
    """Whether a standing was set here that may rest on the last step: it outlives that one."""
    about = answered_about(delivery, delivery.standing[-1].number)
    return about is not None and bool(about.set_since)


def standing_to_set_back(delivery: Delivery) -> str | None:
    """Return where a standing is set back that rests on an answer that was taken back."""
    for number in delivery.retractions:
        about = answered_about(delivery, number)
        if about is not None and about.is_open:
            return _address(delivery.id, number)
    return None


@blueprint.get("")
def ask(number: int, step: int) -> ResponseReturnValue:
    """Show how it stands now, and the form that sets how it stands from the answer on."""
    about = _about_or_404(number, step)
    filled = likely(about.delivery, about.answer)
    if about.retraction is not None:
        filled = likely_back(about.delivery, about.answer, about.standings[-1], about.before)
    return _page(about, StandingForm(about.gap, about.jurisdiction, formdata=None, data=filled))


@blueprint.post("")
def put(number: int, step: int) -> ResponseReturnValue:
    """Set it, for good."""
    about = _about_or_404(number, step)
    form = StandingForm(about.gap, about.jurisdiction)
    if not form.validate_on_submit():
        return _page(about, form), 422
    with transaction():
        gap = gap_to_change(about.gap.id) or abort(404)
        is_set = form.fits(gap)
        if is_set:
            publishing.set_standing(gap, form.to_draft(), session.present().organiser.id, now())
    if not is_set:
        return _page(about, form), 422
    flash(_("The standing is set, and the public reads it."), "success")
    return redirect(_address(number, step), 303)


def _address(number: int, step: int) -> str:
    return url_for("organiser.deliveries.standings.ask", number=number, step=step)


def _about_or_404(number: int, step: int) -> Answered:
    delivery = delivery_by_number(number) or abort(404)
    return answered_about(delivery, step) or abort(404)


def _page(about: Answered, form: StandingForm) -> str:
    here = about.standings
    return render_template(
        "organiser/deliveries/standings/ask.html",
        delivery=row_of(about.delivery, title_of(about.delivery.petition)),
        step=about.answer.number,
        answer=about.answer,
        is_taken_back=about.retraction is not None,
        is_open=about.is_open or form.is_submitted(),
        gap=about.gap,
        country=jurisdiction_name(about.jurisdiction),
        standings=here[::-1],
        for_the_folder=_for_the_folder(here),
        form=form,
    )


def _for_the_folder(standings: list[Standing]) -> str:
    """Return what a folder may have of the standings that were set here."""
    ours = (one for one in standings if one.at_desk is not None)
    return "\n".join(write_table("standing", standing_draft(one)) for one in ours)
