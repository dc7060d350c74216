"""One delivery: what was recorded of it, and recording what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.core.storage.database import transaction
from petition.deliveries.files import actions as files
from petition.deliveries.files.queries import files_of, may_take
from petition.deliveries.models import Delivery, DeliveryStep, StepKind
from petition.deliveries.pack.queries import numbers_of, packs_of
from petition.deliveries.queries import delivery_by_number, delivery_to_change
from petition.deliveries.steps import (
    may_be_emptied,
    may_be_retracted,
    may_follow,
    offered,
    to_record_again,
)
from petition.deliveries.striking.withdrawals import withdrawals_of
from petition.organisers.queries import names_of
from petition.petitions.queries import petition_by_slug
from petition.web.organiser.deliveries.file_lines import FileLine, file_lines
from petition.web.organiser.deliveries.forms import FORMS, StepForm, blank
from petition.web.organiser.deliveries.listing import row_of
from petition.web.organiser.deliveries.news_words import told_lines
from petition.web.organiser.deliveries.pack_lines import lines_of
from petition.web.organiser.deliveries.standings import (
    answered_about,
    standing_rests_on,
    standing_to_set_back,
)
from petition.web.organiser.deliveries.words import (
    act_words,
    done_words,
    kind_words,
    lead_words,
)
from petition.web.organiser.door import session
from petition.web.organiser.signatures.petitions import title_of
from petition.web.site.formats import long_date
from petition.web.site.formats import number as grouped

blueprint = Blueprint("recording", __name__, url_prefix="/deliveries/<number:number>")
RECORDED = ", ".join(kind.value for kind in FORMS)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One step as the record shows it."""

    title: str
    facts: list[tuple[str, str]]
    words: str
    lang: str | None
    dir: str
    source_url: str | None
    note: str
    who: str
    recorded_at: datetime
    is_retracted: bool
    takes_back: bool
    is_emptied: bool
    empty_url: str | None
    """Where its words can be removed."""
    files: list[FileLine]
    file_url: str | None
    """Where a file can be added."""
    standing_url: str | None
    """Where the standing of a gap can be set from an answer."""


def delivery_or_404(number: int) -> Delivery:
    """Return the delivery with this number."""
    return delivery_by_number(number) or abort(404)


@blueprint.get("")
def show(number: int) -> ResponseReturnValue:
    """Show what was recorded, and what can be recorded next."""
    delivery = delivery_or_404(number)
    return render_template(
        "organiser/deliveries/recording/show.html",
        **_head(delivery),
        entries=_entries(delivery),
        facts=_facts(delivery),
        offered=[(kind, act_words()[kind]) for kind in offered(delivery)],
        may_be_retracted=may_be_retracted(delivery),
        take_back=act_words()[StepKind.RETRACTED],
        was_shown=delivery.was_shown,
        pack_lines=lines_of(packs_of(delivery.id)),
        told=told_lines(delivery),
        withdrawals=withdrawals_of(delivery),
        set_back_url=standing_to_set_back(delivery),
    )


@blueprint.get(f"/<any({RECORDED}):kind>")
def ask(number: int, kind: str) -> ResponseReturnValue:
    """Show the form of a step that may come next."""
    delivery, step = delivery_or_404(number), StepKind(kind)
    if not may_follow(delivery, step):
        return _moved_on(number)
    return _form_page(delivery, blank(step, delivery))


@blueprint.post(f"/<any({RECORDED}):kind>")
def record(number: int, kind: str) -> ResponseReturnValue:
    """Record a step, unless another was recorded meanwhile."""
    delivery, step = delivery_or_404(number), StepKind(kind)
    if not _is_next(delivery, step):
        return _moved_on(number)
    form = FORMS[step](delivery)
    if not form.validate_on_submit():
        return _form_page(delivery, form), 422
    with transaction():
        locked = delivery_to_change(number)
        if locked is None or not _is_next(locked, step):
            return _moved_on(number)
        who = session.present().organiser.id
        files.record(locked, form.to_said(), who, now(), bring=form.brings)
    flash(done_words()[step], "success")
    return _to_record(number)


@blueprint.post("/steps/<number:step>/empty")
def empty(number: int, step: int) -> ResponseReturnValue:
    """Remove the words of a step that was taken back, or of what took it back, for good."""
    with transaction():
        locked = delivery_to_change(number) or abort(404)
        if not may_be_emptied(locked, step):
            abort(404)
        files.empty(locked, step, session.present().organiser.id, now())
    flash(_("The words of the entry are removed for good."), "success")
    return _to_record(number)


def _is_next(delivery: Delivery, step: StepKind) -> bool:
    """Whether a step may follow, and whoever records it has seen all the others."""
    return may_follow(delivery, step) and request.form.get("seen") == _seen(delivery)


def _seen(delivery: Delivery) -> str:
    """Return what says up to which step somebody has seen the record."""
    return str(len(delivery.steps))


def _moved_on(number: int) -> ResponseReturnValue:
    flash(_("Something else was recorded meanwhile. Look at the record, then go on."), "error")
    return _to_record(number)


def _to_record(number: int) -> ResponseReturnValue:
    return redirect(url_for("organiser.deliveries.recording.show", number=number), 303)


def _head(delivery: Delivery) -> dict[str, object]:
    petition = petition_by_slug(delivery.petition.slug)
    assert petition is not None
    return {"delivery": row_of(delivery, title_of(petition)), "slug": petition.slug}


def _form_page(delivery: Delivery, form: StepForm) -> str:
    return render_template(
        "organiser/deliveries/recording/ask.html",
        **_head(delivery),
        form=form,
        kind=form.kind.value,
        act=act_words()[form.kind],
        lead=lead_words()[form.kind],
        is_anew=to_record_again(delivery, form.kind) is not None,
        seen=_seen(delivery),
        standing_stays=form.kind is StepKind.RETRACTED and standing_rests_on(delivery),
        last=_entries(delivery)[delivery.standing[-1].number - 1],
    )


def _facts(delivery: Delivery) -> list[tuple[str, str]]:
    return [
        (_("Signatures until"), _("%(day)s, in UTC", day=long_date(delivery.counted_until))),
        (_("We ask for an answer"), _("within %(num)s days", num=delivery.answer_days)),
    ]


def _entries(delivery: Delivery) -> list[LogEntry]:
    names = names_of(step.organiser_id for step in delivery.steps)
    kept = file_lines(delivery, files_of(delivery.id))
    packs = numbers_of(delivery.id)
    return [
        _entry(
            delivery,
            step,
            names[step.organiser_id],
            [file for file in kept if file.step == step.number],
            packs,
        )
        for step in delivery.steps
    ]


def _entry(
    delivery: Delivery,
    step: DeliveryStep,
    who: str,
    kept: list[FileLine],
    packs: Mapping[int, int],
) -> LogEntry:
    titles = kind_words()
    title = titles[step.kind]
    if step.retracts is not None:
        taken = titles[delivery.steps[step.retracts - 1].kind]
        title = _("Taken back: %(entry)s", entry=taken)
    return LogEntry(
        title=title,
        facts=_facts_of(step, packs),
        words=step.words or "",
        lang=step.language,
        dir=text_direction(step.language) if step.language else "auto",
        source_url=step.source_url,
        note=step.note,
        who=who,
        recorded_at=step.recorded_at,
        is_retracted=step.number in delivery.retractions,
        takes_back=step.retracts is not None,
        is_emptied=step.emptied_at is not None,
        empty_url=_empty_url(delivery, step),
        files=kept,
        file_url=_file_url(delivery, step),
        standing_url=_standing_url(delivery, step),
    )


def _empty_url(delivery: Delivery, step: DeliveryStep) -> str | None:
    if not may_be_emptied(delivery, step.number):
        return None
    endpoint = "organiser.deliveries.recording.empty"
    return url_for(endpoint, number=delivery.id, step=step.number)


def _file_url(delivery: Delivery, step: DeliveryStep) -> str | None:
    if not may_take(delivery, step.number):
        return None
    endpoint = "organiser.evidence.files.ask"
    return url_for(endpoint, number=delivery.id, step=step.number)


def _standing_url(delivery: Delivery, step: DeliveryStep) -> str | None:
    about = answered_about(delivery, step.number)
    if about is None or about.retraction is not None:
        return None
    endpoint = "organiser.deliveries.standings.ask"
    return url_for(endpoint, number=delivery.id, step=step.number)


def _facts_of(step: DeliveryStep, packs: Mapping[int, int]) -> list[tuple[str, str]]:
    """Return what is told of a step beside its words; `packs` has the number of each pack."""
    day = _("To be handed over on") if step.kind is StepKind.PLANNED else _("Day")
    count = step.signature_count
    facts = [
        (day, long_date(step.day)),
        (_("Signatures"), grouped(count) if count else None),
        (_("Pack"), str(packs[step.pack_id]) if step.pack_id else None),
        (_("Where"), step.place),
        (_("To whom"), step.to_whom),
        (_("By whom"), step.by_whom),
    ]
    return [(label, value) for label, value in facts if value]
