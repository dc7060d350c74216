"""What signers can be told of a delivery, in words that the public can read, too."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from babel import Locale
from babel.numbers import format_decimal

from petition.core.i18n import LANGUAGES, date_in_words, language_for, writing_locale
from petition.deliveries.models import Delivery, DeliveryStep, StepKind
from petition.petitions.asks import ask_of
from petition.updates import actions as updates
from petition.updates.actions import Telling
from petition.updates.emails import News, beginning
from petition.updates.models import Update, UpdateKind
from petition.updates.queries import update_of

CORRECTABLE = timedelta(days=21)
"""So long after it was told: who got it is known for nine days more, in which it is written."""
STEPS: Mapping[UpdateKind, StepKind] = {
    UpdateKind.HANDED_OVER: StepKind.HANDED_OVER,
    UpdateKind.ANSWERED: StepKind.ANSWERED,
}


def step_to_tell(delivery: Delivery, kind: UpdateKind) -> DeliveryStep | None:
    """Return the last step of this kind that stands; what was taken back is not told."""
    its = [step for step in delivery.standing if step.kind is STEPS[kind]]
    return its[-1] if its else None


def to_correct(delivery: Delivery, kind: UpdateKind, at: datetime) -> Update | None:
    """Return what was told and can be put right now; None where that is not so.

    Its step was taken back, another stands in its place, somebody may have read it, and it is
    still known who. That is done once.
    """
    first, step = update_of(delivery.id, kind), step_to_tell(delivery, kind)
    if first is None or step is None or first.step not in delivery.retractions:
        return None
    is_lately = at < first.asked_at + CORRECTABLE
    is_open = is_lately and first.mail_count and not first.is_at_work and not first.broke_off
    is_done = update_of(delivery.id, kind, is_correction=True) is not None
    return first if is_open and not is_done else None


def news_of(
    delivery: Delivery, step: DeliveryStep, corrected: Update | None = None
) -> dict[str, News]:
    """Return what a mail would say of a step, in each language."""
    wrong = delivery.retractions.get(corrected.step) if corrected else None
    return {language: _news_in(language, delivery, step, wrong) for language in LANGUAGES}


def tell(delivery: Delivery, kind: UpdateKind, organiser_id: int, at: datetime) -> Update:
    """Have the signers told of a delivery, which is locked.

    Raises ValueError where no such step stands, IntegrityError where they were told before.
    """
    return _tell(delivery, kind, organiser_id, at)


def correct(delivery: Delivery, kind: UpdateKind, organiser_id: int, at: datetime) -> Update:
    """Have those who were told wrongly of a delivery, which is locked, told rightly.

    Raises ValueError where there is nothing to put right, or not any more.
    """
    first = to_correct(delivery, kind, at)
    if first is None:
        raise ValueError(f"nothing to put right of a delivery that was {kind}")
    return _tell(delivery, kind, organiser_id, at, first)


def _tell(
    delivery: Delivery,
    kind: UpdateKind,
    organiser_id: int,
    at: datetime,
    corrected: Update | None = None,
) -> Update:
    step = step_to_tell(delivery, kind)
    if step is None:
        raise ValueError(f"no delivery that was {kind}")
    telling = Telling(
        petition_id=delivery.petition_id,
        delivery_id=delivery.id,
        step=step.number,
        kind=kind,
        news=news_of(delivery, step, corrected),
        corrects=corrected,
    )
    return updates.tell(telling, organiser_id, at)


def _news_in(
    language: str, delivery: Delivery, step: DeliveryStep, wrong: DeliveryStep | None
) -> News:
    ask, locale = ask_of(delivery.petition, language), writing_locale(language)
    country = Locale.parse(language).territories.get(delivery.jurisdiction, delivery.jurisdiction)
    count = (delivery.handed_over or step).signature_count or 0
    return News(
        petition_title=ask.title,
        organisation=ask.organisation,
        office=delivery.office_in(language),
        day=date_in_words(step.day, locale),
        count=count,
        counted=str(format_decimal(count, locale=locale)),
        words=beginning(step.words or ""),
        words_language=step.language or language,
        title_language=ask.language,
        office_language=language_for(language, delivery.office) or language,
        country=str(country),
        is_correction=wrong is not None,
        why=beginning(wrong.words or "") if wrong else "",
        why_language=(wrong and wrong.language) or language,
    )
