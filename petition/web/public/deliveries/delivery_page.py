"""What pages show of a delivery. Nothing of it names anybody who has signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.deliveries.answer_clock import AnswerClock, AnswerState, answer_clock
from petition.deliveries.files.models import DeliveryFile
from petition.deliveries.files.queries import shown_of
from petition.deliveries.models import Delivery, DeliveryStep, StepKind
from petition.petitions.asks import find_ask
from petition.web.site.formats import long_date, number
from petition.web.site.languages import present_language
from petition.web.words.file_sizes import size_words
from petition.web.words.jurisdictions import jurisdiction_name

MOST_NOTED = 3
"""So many deliveries are noted on the page of what they are about."""


@dataclass(frozen=True, slots=True)
class Title:
    """What a petition is called, in the reader's language where it is written."""

    words: str
    lang: str
    dir: str
    url: str


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A delivery in a list."""

    url: str
    office: str
    country: str
    signatures: str
    """How many were handed over, in words."""
    day: date
    state: AnswerState
    answer: str
    petition: Title


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A picture or a paper that the public sees."""

    url: str
    small_url: str
    is_picture: bool
    about: str
    credit: str
    what: str
    """What it is and how large, in words."""
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One step as the public reads it; of one that was taken back, its day and why."""

    title: str
    day: date
    facts: tuple[tuple[str, str], ...]
    words: str
    lang: str
    dir: str
    is_answer: bool
    source_url: str | None
    retracted_on: date | None
    files: tuple[Exhibit, ...] = ()


def delivery_lines(deliveries: Iterable[Delivery]) -> list[DeliveryLine]:
    """Return deliveries that were handed over as entries of a list, in their order."""
    lines = (delivery_line(one) for one in deliveries)
    return [line for line in lines if line is not None]


def delivery_line(delivery: Delivery) -> DeliveryLine | None:
    """Return the entry of a delivery; None where no hand-over stands."""
    handed, clock = delivery.handed_over, answer_clock(delivery, now().date())
    if handed is None or clock is None:
        return None
    count = handed.signature_count or 0
    return DeliveryLine(
        url=url_for("public.deliveries.reading.show", lang=present_language(), number=delivery.id),
        office=delivery.office_in(present_language()),
        country=jurisdiction_name(delivery.jurisdiction),
        signatures=ngettext(
            "%(count)s signature", "%(count)s signatures", count, count=number(count)
        ),
        day=handed.day,
        state=clock.state,
        answer=answer_words(clock),
        petition=title_of(delivery),
    )


def title_of(delivery: Delivery) -> Title:
    """Return the title of the petition that is delivered."""
    lang, slug = present_language(), delivery.petition.slug
    ask = find_ask(slug, lang)
    assert ask is not None
    url = url_for("public.petitions.reading.show", lang=lang, slug=slug)
    return Title(ask.title, ask.language, ask.direction, url)


def answer_words(clock: AnswerClock) -> str:
    """Return how it stands with the answer."""
    if clock.state is AnswerState.WAITING:
        return _("No answer yet; we asked for one by %(day)s", day=long_date(clock.due_on))
    if clock.state is AnswerState.ANSWERED:
        return _("Answered on %(day)s", day=long_date(clock.until))
    if clock.state is AnswerState.UNANSWERED:
        return _("Closed on %(day)s without an answer", day=long_date(clock.until))
    return ngettext(
        "No answer after %(count)s day",
        "No answer after %(count)s days",
        clock.days,
        count=number(clock.days),
    )


def entries(delivery: Delivery) -> list[Entry]:
    """Return what was recorded for the public: what stands in its order, then what was taken back.

    Retractions stand with their steps.
    """
    kinds, shown = _titles(), shown_of(delivery)
    told = (step for step in delivery.steps if step.kind in kinds)
    what_stands_first = sorted(told, key=lambda step: step.number in delivery.retractions)
    return [
        _entry(
            delivery, step, kinds[step.kind], [file for file in shown if file.step_id == step.id]
        )
        for step in what_stands_first
    ]


def _titles() -> dict[StepKind, str]:
    return {
        StepKind.HANDED_OVER: _("Handed over"),
        StepKind.ANSWERED: _("Answered"),
        StepKind.CLOSED: _("Closed"),
    }


def _entry(
    delivery: Delivery, step: DeliveryStep, title: str, files: Iterable[DeliveryFile]
) -> Entry:
    retraction = delivery.retractions.get(step.number)
    said = retraction or step
    return Entry(
        title=title,
        day=step.day,
        facts=() if retraction else _facts(delivery, step),
        words=said.words or "",
        lang=said.language or "",
        dir=text_direction(said.language or "en"),
        is_answer=step.kind is StepKind.ANSWERED and retraction is None,
        source_url=None if retraction else step.source_url,
        retracted_on=retraction.day if retraction else None,
        files=tuple(map(_exhibit, files)),
    )


def _exhibit(file: DeliveryFile) -> Exhibit:
    place: dict[str, Any] = {
        "lang": present_language(),
        "number": file.delivery_id,
        "file_number": file.number,
    }
    return Exhibit(
        url=url_for("public.deliveries.files.content", **place),
        small_url=url_for("public.deliveries.files.preview", **place),
        is_picture=file.is_picture,
        about=file.words.about,
        credit=file.words.credit,
        what=size_words(file),
        width=file.width,
        height=file.height,
    )


def _facts(delivery: Delivery, step: DeliveryStep) -> tuple[tuple[str, str], ...]:
    if step.kind is not StepKind.HANDED_OVER:
        return ()
    clock = answer_clock(delivery, now().date())
    facts = [
        (_("Signatures"), number(step.signature_count or 0)),
        (_("Where"), step.place or ""),
        (_("To whom"), step.to_whom or ""),
        (_("By whom"), step.by_whom or ""),
    ]
    if clock is not None:
        facts.append((_("We asked for an answer by"), long_date(clock.due_on)))
    return tuple(facts)
