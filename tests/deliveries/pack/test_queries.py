"""Who may take a pack away, and how often each was taken."""

from datetime import timedelta

import pytest

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries.pack import actions
from petition.deliveries.pack.queries import (
    downloads_of,
    may_download,
    pack_of,
    pack_taken_last,
    packs_of,
)
from petition.petitions.asks import ask_of
from petition.petitions.queries import petition_by_slug
from tests.deliveries.making import organiser, planned
from tests.deliveries.pack.asking import asked, work_off
from tests.factories import NOON, SLUG, load_sample, signed


@pytest.fixture(autouse=True)
def sample(database: str) -> None:
    """A petition, and offices."""
    load_sample()


def test_it_is_let_go_in_the_session_whose_code_was_right_and_for_an_hour() -> None:
    pack, at = asked(planned(organiser()), organiser()), now()
    with transaction():
        actions.let_download(pack, pack.organiser_id, b"session", at)

    assert may_download(pack, b"session", at + timedelta(minutes=59))
    assert not may_download(pack, b"session", at + timedelta(minutes=61))
    assert not may_download(pack, b"another", at)
    assert downloads_of([pack])[pack.id] == 1
    session.commit()


def test_the_packs_of_a_delivery_are_its_own_and_the_newest_is_first() -> None:
    delivery, other = planned(organiser()), planned(organiser())
    first, second = asked(delivery, organiser()), asked(delivery, organiser())
    theirs = asked(other, organiser())

    assert [pack.id for pack in packs_of(delivery)] == [second.id, first.id]
    assert pack_of(delivery, theirs.id) is None
    session.commit()


def test_what_was_taken_away_last_is_taken_to_be_what_was_handed_over() -> None:
    petition = petition_by_slug(SLUG)
    assert petition is not None
    signed(ask_of(petition, "en"), at=NOON)
    delivery, who = planned(organiser()), organiser()
    first, second, third = (asked(delivery, who) for _time in range(3))
    assert pack_taken_last(delivery, now()) is None
    work_off()
    newest = pack_taken_last(delivery, now())
    for pack in (second, first):
        with transaction():
            actions.let_download(pack, who, b"session", now())
    taken = pack_taken_last(delivery, now())

    assert newest is not None
    assert taken is not None
    assert (newest.id, taken.id) == (third.id, first.id)
    session.commit()
