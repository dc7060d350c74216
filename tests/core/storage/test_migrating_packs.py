"""Packs from before they had profiles were for a minister, and their table is guarded."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.core.storage.migrating import upgrade
from petition.deliveries.pack import actions
from petition.deliveries.pack.manifest import Profile
from petition.deliveries.pack.models import DeliveryPack, OwnWords
from petition.deliveries.pack.records import Tier
from tests.core.storage.migrations import back_to, differences
from tests.deliveries.making import found, organiser, planned
from tests.factories import make_ask

WORDS = OwnWords(letter="We met in May.", requests="acts")


@pytest.fixture
def pack(own_database: str) -> int:
    """A pack for a parliament, with words of an organiser."""
    make_ask()
    who = organiser()
    delivery = found(planned(who))
    with transaction():
        profile = Profile.UK_PAPER
        made = actions.ask(delivery, who, Tier.NAMES, now(), profile=profile, words=WORDS)
        return made.id


def test_a_pack_from_before_was_for_a_minister_and_without_words(pack: int) -> None:
    kept = session.get_one(DeliveryPack, pack)
    assert (kept.profile, kept.own_words) == (Profile.UK_PAPER, WORDS)
    secret = kept.secret
    back_to("0045")
    upgrade()

    again = session.get_one(DeliveryPack, pack)
    assert (again.profile, again.own_words) == (Profile.MINISTER, OwnWords())
    assert (again.tier, again.secret) == (Tier.NAMES, secret)
    assert differences() == []
    session.remove()


@pytest.mark.parametrize("change", ["profile = 'other'", "profile = NULL", "words_key = NULL"])
def test_a_migrated_table_refuses_what_is_no_pack(pack: int, change: str) -> None:
    with pytest.raises(IntegrityError), transaction() as writing:
        writing.execute(text(f"UPDATE delivery_pack SET {change}"))
