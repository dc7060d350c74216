"""What an office found in a sample is recorded, and what follows is worked out from it."""

from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from petition.audit.acts import Act
from petition.core.storage.database import rows_of, session, transaction
from petition.deliveries.pack import actions as packs
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.sampling import Verdict
from petition.deliveries.samples import actions
from petition.deliveries.samples.actions import Found
from petition.deliveries.samples.models import InvalidationReason, SampleResult
from petition.deliveries.samples.queries import samples_of
from tests.audit.reading import acts
from tests.deliveries.making import found, handed_over, organiser
from tests.factories import NOON, load_sample

SAMPLES = rows_of(SampleResult)


@pytest.fixture
def who(database: str) -> int:
    """Somebody who records, once the sample is there."""
    load_sample(NOON)
    return organiser()


def whole_pack(who: int, signatures: int = 100_000, *, delivery: int | None = None) -> int:
    """Return the number of a pack that has so many signatures."""
    its = found(delivery or handed_over(who))
    with transaction() as writing:
        pack = packs.ask(its, who, Tier.COUNTS, NOON).id
        table = rows_of(DeliveryPack)
        whole = {"row_count": signatures, "root": "0" * 64, "sha256": "0" * 64}
        whole |= {"signed_under": "0" * 16}
        writing.execute(update(table).where(table.c.id == pack).values(finished_at=NOON, **whole))
    session.remove()
    return pack


def recorded(pack: int, who: int, **changes: int) -> SampleResult:
    """Record what an office found in a sample of 3,000, of which 300 are invalid."""
    said = {"size": 3_000, "valid": 2_700, "duplicates": 3, "required": 80_000, **changes}
    invalid = {InvalidationReason.AUTOMATED: said["size"] - said["valid"]}
    with transaction() as writing:
        one = writing.get_one(DeliveryPack, pack)
        result = Found(date(2026, 11, 20), invalid=invalid, **said)
        number = actions.record(one, result, who, NOON).id
    session.remove()
    return session.get_one(SampleResult, number)


@pytest.mark.any_database
def test_both_rules_are_worked_out_from_what_was_recorded(who: int) -> None:
    pack = whole_pack(who)
    one = recorded(pack, who)

    assert one.invalid[InvalidationReason.AUTOMATED] == 300
    assert sum(one.invalid.values()) == 300
    assert one.california.valid_in_all == 86_766
    assert one.california.verdict(one.required) is Verdict.DOUBT
    assert one.california.verdict(78_000) is Verdict.ENOUGH
    assert one.california.verdict(92_000) is Verdict.TOO_FEW
    assert not one.is_of_all
    by_formats = recorded(pack, who, valid=2_760, duplicates=5)
    assert by_formats.washington.needs_full_check
    assert not recorded(pack, who, valid=2_760, duplicates=4).washington.needs_full_check
    assert [result.duplicates for result in samples_of(pack)] == [4, 5, 3]
    assert acts().count(Act.SAMPLE_RECORDED) == 3
    assert recorded(whole_pack(who, 500), who, size=500, valid=490, required=400).is_of_all


@pytest.mark.any_database
def test_no_sample_is_of_a_pack_that_is_not_whole_or_larger_than_it(who: int) -> None:
    pack = whole_pack(who, 2_999)
    for changes in ({"required": 1}, {"size": 2_999, "valid": 2_700, "required": 3_000}):
        with pytest.raises(ValueError, match="no larger than it"):
            recorded(pack, who, **changes)
    delivery = found(handed_over(who))
    with transaction():
        unfinished = packs.ask(delivery, who, Tier.COUNTS, NOON).id
    with pytest.raises(ValueError, match="of a whole pack"):
        recorded(unfinished, who)


@pytest.mark.parametrize(
    "change",
    [
        {"valid": 2_701},
        {"automated": 299},
        {"automated": 301, "withdrawn": -1},
        {"duplicates": 2_700},
        {"duplicates": -1},
        {"required": 0},
    ],
)
def test_the_database_refuses_numbers_that_contradict_each_other(
    who: int, change: dict[str, int]
) -> None:
    number = recorded(whole_pack(who), who).id
    with pytest.raises(IntegrityError), transaction() as writing:
        writing.execute(update(SAMPLES).where(SAMPLES.c.id == number).values(**change))
