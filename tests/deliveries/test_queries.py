"""What was handed over is found by what it is about, and how many signatures it can hold."""

from datetime import timedelta

import pytest

from petition.core.storage.database import session, transaction
from petition.deliveries.models import StepKind
from petition.deliveries.queries import (
    all_deliveries,
    all_handed_over,
    deliveries_of,
    handed_over_about,
    handed_over_in,
    handed_over_of,
    most_ever,
    tallied_until,
)
from petition.petitions.models import Petition
from petition.signatures.models import Signature
from petition.signatures.removals import withdraw
from tests.deliveries.making import TODAY, ago, go_on, handed_over, organiser, planned
from tests.factories import (
    NOON,
    OTHER_SLUG,
    load_sample,
    make_ask,
    make_petition,
    signed,
    take_in_all,
)


@pytest.fixture
def who(database: str) -> int:
    """Somebody who records, once the sample is there."""
    load_sample(NOON)
    return organiser()


def test_only_what_was_handed_over_is_told_the_latest_first(who: int) -> None:
    early = handed_over(who, ago(9))
    late = handed_over(who, ago(2))
    middle = handed_over(who, ago(5))
    plan, mistake = planned(who), handed_over(who)
    go_on(mistake, StepKind.RETRACTED, who)

    assert [one.id for one in all_handed_over()] == [late, middle, early]
    assert [one.id for one in all_deliveries()] == [mistake, plan, middle, late, early]


def test_it_is_found_by_petition_gap_and_campaign(who: int) -> None:
    number, other = handed_over(who), handed_over(who, slug=OTHER_SLUG)
    petition = make_petition()
    assert petition.gap_id is not None

    assert [one.id for one in handed_over_of(petition.id)] == [number]
    assert [one.id for one in deliveries_of(petition.id)] == [number]
    assert [one.id for one in handed_over_about(petition.gap_id)] == [number]
    assert [one.id for one in handed_over_in(petition.campaign_id)] == [other, number]
    assert handed_over_in(petition.campaign_id + 1) == []
    session.commit()


def test_the_count_ends_with_a_day_in_utc(who: int) -> None:
    ask = make_ask()
    midnight = NOON.replace(hour=0) + timedelta(days=1)
    signed(ask, at=midnight - timedelta(minutes=1))
    signed(ask, at=midnight)

    counted = [tallied_until(ask.petition_id, TODAY + timedelta(days=n)) for n in (-1, 0, 1)]
    assert counted == [0, 1, 2]
    session.commit()


def test_a_list_may_hold_who_has_withdrawn_since_and_nobody_who_never_signed(who: int) -> None:
    signature, _token = signed(make_ask(), at=NOON)
    signed(make_ask(), at=NOON)
    petition = signature.petition_id
    with transaction() as writing:
        withdraw(writing.get_one(Signature, signature.id), NOON)
    take_in_all()

    assert tallied_until(petition, TODAY) == 1
    assert most_ever(petition) == 2
    others = session.query(Petition).where(Petition.id != petition).first()
    assert others is not None
    assert most_ever(others.id) == 0
    session.commit()
