"""Deliveries made by the product's own verbs, as far on their way as a test wants them."""

from datetime import date, datetime, timedelta

from petition.core.storage.database import session, transaction
from petition.deliveries import actions
from petition.deliveries.actions import Plan, Said
from petition.deliveries.models import Delivery, StepKind
from petition.deliveries.queries import delivery_by_number, delivery_to_change
from petition.petitions.queries import petition_by_slug
from petition.recipients.queries import recipient_by_slug
from tests.factories import NOON, SLUG, make_organiser

OFFICE = "gb-foreign-secretary"
OTHER_OFFICE = "ca-minister-of-foreign-affairs"
TODAY = NOON.date()
FOR_THE_PUBLIC: dict[StepKind, dict[str, object]] = {
    StepKind.HANDED_OVER: {
        "signature_count": 1_243,
        "place": "King Charles Street, London",
        "to_whom": "The private office of the Foreign Secretary",
        "by_whom": "Sample Coalition",
        "language": "en",
    },
    StepKind.ANSWERED: {
        "words": "We have read your petition.\n\nWe will consider it.",
        "language": "en",
        "source_url": "https://example.org/answer",
    },
    StepKind.CLOSED: {"language": "en"},
    StepKind.RETRACTED: {"words": "The day was wrong.", "language": "en"},
}


def ago(days: int) -> date:
    """Return the day so many days before the noon of the tests."""
    return TODAY - timedelta(days=days)


def planned(
    organiser_id: int,
    *,
    slug: str = SLUG,
    to: str = OFFICE,
    answer_days: int = 30,
    note: str = "",
    at: datetime = NOON,
) -> int:
    """Plan a delivery of the loaded sample; return its number."""
    with transaction():
        petition, office = petition_by_slug(slug), recipient_by_slug(to)
        assert petition is not None
        assert office is not None
        wanted = Plan(TODAY, TODAY, answer_days, note)
        return actions.plan(petition, office, wanted, organiser_id, at).id


def go_on(
    number: int,
    kind: StepKind,
    organiser_id: int,
    day: date = TODAY,
    *,
    at: datetime = NOON,
    **said: object,
) -> None:
    """Record the next step of a delivery."""
    given = {**FOR_THE_PUBLIC.get(kind, {}), **said}
    with transaction():
        delivery = delivery_to_change(number)
        assert delivery is not None
        actions.record(delivery, Said(kind, day, **given), organiser_id, at)  # type: ignore[arg-type]


def handed_over(organiser_id: int, day: date = TODAY, **plan: object) -> int:
    """Plan a delivery by a day and hand it over then; return its number."""
    at = NOON - max(TODAY - day, timedelta())
    number = planned(organiser_id, **{"at": at, **plan})  # type: ignore[arg-type]
    go_on(number, StepKind.HANDED_OVER, organiser_id, day)
    return number


def found(number: int) -> Delivery:
    """Return a delivery as it is stored."""
    session.remove()
    delivery = delivery_by_number(number)
    assert delivery is not None
    return delivery


def hand_over_some() -> None:
    """Leave deliveries 1 to 3: one was answered, one was not in time, one was a mistake."""
    organiser = make_organiser().id
    answered = handed_over(organiser, ago(10))
    go_on(answered, StepKind.ANSWERED, organiser, ago(3))
    go_on(answered, StepKind.CLOSED, organiser, words="Nothing more is expected.")
    handed_over(organiser, ago(12), to=OTHER_OFFICE, answer_days=10)
    mistaken = handed_over(organiser, to="us-secretary-of-state")
    go_on(mistaken, StepKind.RETRACTED, organiser)


def organiser() -> int:
    """Return the number of somebody who records."""
    return make_organiser().id
