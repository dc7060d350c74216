"""Deliveries from before their retractions could be emptied, and before they had files."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from petition.core.storage.database import session, transaction
from petition.core.storage.migrating import upgrade
from petition.deliveries.files.models import DeliveryFile, DeliveryFilePiece
from petition.deliveries.models import DeliveryStep, StepKind
from petition.deliveries.pack import actions as packs
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.samples.models import SampleResult
from tests.core.storage.migrations import back_to, differences
from tests.deliveries.files.keeping import kept
from tests.deliveries.making import found, go_on, handed_over, organiser, planned
from tests.deliveries.samples.test_actions import recorded, whole_pack
from tests.factories import NOON, load_sample, rows

EMPTY_IT = "UPDATE delivery_step SET words = NULL, emptied_at = recorded_at WHERE number = {}"


def found_pack(number: int) -> DeliveryPack:
    """Return a pack as it is stored."""
    return session.get_one(DeliveryPack, number)


def empty(step: int) -> None:
    """Remove the words of a step, past every verb of ours."""
    with transaction() as writing:
        writing.execute(text(EMPTY_IT.format(step)))


@pytest.mark.usefixtures("own_database")
def test_the_words_of_a_retraction_go_and_stay_gone_on_the_way_back() -> None:
    load_sample(NOON)
    who = organiser()
    number = handed_over(who)
    for _time in range(2):
        go_on(number, StepKind.RETRACTED, who)
        go_on(number, StepKind.HANDED_OVER, who)
    empty(3)
    back_to("0039")
    with pytest.raises(IntegrityError, match="delivery_step_never_changes"):
        empty(5)
    upgrade()

    empty(5)
    with pytest.raises(IntegrityError, match="delivery_step_never_changes"):
        empty(1)
    assert [step.words for step in found(number).steps if step.retracts] == [None, None]
    assert differences() == []
    session.remove()


@pytest.mark.usefixtures("own_database")
def test_what_was_handed_over_before_it_was_asked_is_the_pack_taken_last() -> None:
    load_sample(NOON)
    who = organiser()
    by_hand = handed_over(who)
    first, second = (whole_pack(who, delivery=planned(who)) for _time in range(2))
    delivery = found_pack(first).delivery_id
    third = whole_pack(who, delivery=delivery)
    with transaction():
        packs.let_download(found_pack(first), who, b"session", NOON)
    go_on(delivery, StepKind.HANDED_OVER, who)
    go_on(found_pack(second).delivery_id, StepKind.HANDED_OVER, who, pack_id=second)
    back_to("0046")
    upgrade()

    handed = {one: found(one).steps[-1].pack_id for one in (by_hand, delivery)}
    assert handed == {by_hand: None, delivery: first}
    assert third != first
    assert found(found_pack(second).delivery_id).steps[-1].pack_id == second
    assert differences() == []
    session.remove()


@pytest.mark.usefixtures("own_database")
def test_deliveries_from_before_they_had_files_and_samples_take_them_afterwards() -> None:
    load_sample(NOON)
    who = organiser()
    number = handed_over(who)
    kept(number, who, shown=True)
    pack = whole_pack(who)
    recorded(pack, who)
    before = rows(DeliveryStep), rows(DeliveryPack)
    back_to("0041")
    upgrade()

    assert (rows(DeliveryStep), rows(DeliveryPack)) == before
    assert [rows(one) for one in (DeliveryFile, DeliveryFilePiece, SampleResult)] == [0, 0, 0]
    assert differences() == []
    kept(number, who)
    recorded(pack, who)
    session.remove()
