"""What signers can be told of a delivery, in words that the public can read, too."""

from collections.abc import Mapping
from datetime import datetime

from babel import Locale
from babel.numbers import format_decimal

from petition.core.i18n import LANGUAGES, date_in_words, writing_locale
from petition.deliveries.models import Delivery, DeliveryStep, StepKind
from petition.petitions.asks import ask_of
from petition.updates import actions as updates
from petition.updates.actions import Telling
from petition.updates.emails import News, beginning
from petition.updates.models import Update, UpdateKind

STEPS: Mapping[UpdateKind, StepKind] = {
    UpdateKind.HANDED_OVER: StepKind.HANDED_OVER,
    UpdateKind.ANSWERED: StepKind.ANSWERED,
}


def step_to_tell(delivery: Delivery, kind: UpdateKind) -> DeliveryStep | None:
    """Return the last step of this kind that stands; what was taken back is not told."""
    its = [step for step in delivery.standing if step.kind is STEPS[kind]]
    return its[-1] if its else None


def news_of(delivery: Delivery, step: DeliveryStep) -> dict[str, News]:
    """Return what a mail would say of a step, in each language."""
    return {language: _news_in(language, delivery, step) for language in LANGUAGES}


def tell(delivery: Delivery, kind: UpdateKind, organiser_id: int, at: datetime) -> Update:
    """Have the signers told of a delivery, which is locked.

    Raises ValueError where no such step stands, IntegrityError where they were told before.
    """
    step = step_to_tell(delivery, kind)
    if step is None:
        raise ValueError(f"no delivery that was {kind}")
    telling = Telling(
        petition_id=delivery.petition_id,
        delivery_id=delivery.id,
        step=step.number,
        kind=kind,
        news=news_of(delivery, step),
    )
    return updates.tell(telling, organiser_id, at)


def _news_in(language: str, delivery: Delivery, step: DeliveryStep) -> News:
    ask, locale = ask_of(delivery.petition, language), writing_locale(language)
    country = Locale.parse(language).territories.get(delivery.jurisdiction, delivery.jurisdiction)
    count = (delivery.handed_over or step).signature_count or 0
    return News(
        petition_title=ask.title,
        organisation=ask.organisation,
        office=f"{delivery.office_in(language)} ({country})",
        day=date_in_words(step.day, locale),
        count=count,
        counted=str(format_decimal(count, locale=locale)),
        words=beginning(step.words or ""),
        words_language=step.language or language,
    )
