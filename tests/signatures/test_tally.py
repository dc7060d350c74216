"""The tally: in batches behind the confirmations, and never beside them."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from petition.core.errors import LinkError
from petition.core.storage.database import connect_apart, session, transaction
from petition.core.storage.ledger import Drift
from petition.holds.models import HoldCause
from petition.petitions.asks import Ask
from petition.signatures import mailing, removals
from petition.signatures.actions import tag_for
from petition.signatures.desk import decisions
from petition.signatures.models import (
    CountryTally,
    HourTally,
    Signature,
    SignatureState,
    Tally,
    TallyEntry,
)
from petition.signatures.queries import tallied
from petition.signatures.signers import Signer
from petition.signatures.tally import LEDGER, enter
from tests.factories import (
    NOON,
    Letters,
    confirm,
    make_ask,
    make_organiser,
    rows,
    sign,
    signed,
    signer,
    take_in_all,
)


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def mine(signature: Signature) -> Signature:
    """Return the signature in the present transaction."""
    return session.get_one(Signature, signature.id)


def test_a_signature_counts_from_its_confirmation_on(ask: Ask) -> None:
    letters = sign(ask)
    take_in_all()
    assert tallied(ask.petition_id) == 0
    session.commit()
    confirm(letters)
    assert LEDGER.entries_waiting() == 1
    session.commit()
    take_in_all()

    assert tallied(ask.petition_id) == 1
    assert LEDGER.entries_waiting() == 0
    assert LEDGER.drifts() == []


def test_hours_and_countries_are_counted_in_the_same_pass(ask: Ask) -> None:
    for country, hours in [("GB", 0), ("GB", 0), ("FR", 1)]:
        signed(ask, signer(country=country), at=NOON + timedelta(hours=hours))

    countries = session.execute(select(CountryTally.country, CountryTally.count))
    assert {row[0]: row[1] for row in countries} == {"GB": 2, "FR": 1}
    by_hour = session.execute(select(HourTally.hour, HourTally.count))
    assert {row[0]: row[1] for row in by_hour} == {NOON: 2, NOON + timedelta(hours=1): 1}


def test_a_withdrawal_leaves_hour_and_country_where_it_was_counted(ask: Ask) -> None:
    signature, _ = signed(ask, signer(country="FR"), at=NOON)
    with transaction():
        removals.withdraw(mine(signature), NOON + timedelta(days=2))
    take_in_all()

    assert tallied(ask.petition_id) == 0
    assert session.scalars(select(CountryTally.count)).all() == [0]
    assert session.scalars(select(HourTally.count)).all() == [0]
    assert LEDGER.drifts() == []


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_late_commit_is_never_missed(ask: Ask) -> None:
    """An entry made first and committed last; SQLite, with one writer at a time, has none."""
    late = connect_apart(writes=True)
    transaction_of_late = late.begin()
    table = TallyEntry.__table__
    hour = NOON.replace(minute=0)
    values = {"petition_id": ask.petition_id, "change": 1, "country": "GB", "hour": hour}
    late.execute(table.insert(), values)  # type: ignore[attr-defined]
    with transaction():
        enter(ask.petition_id, +1, "FR", NOON)
    take_in_all()
    assert tallied(ask.petition_id) == 1
    session.commit()

    transaction_of_late.commit()
    late.close()
    take_in_all()
    assert tallied(ask.petition_id) == 2


def test_a_confirmation_that_commits_while_the_worker_counts_is_counted(ask: Ask) -> None:
    letters = [sign(ask) for _ in range(40)]

    def count() -> None:
        while rows(TallyEntry) or running.is_alive():
            take_in_all()
        session.remove()

    def confirm_all() -> None:
        for letter in letters:
            confirm(letter)
        session.remove()

    running = Thread(target=confirm_all)
    counters = [Thread(target=count) for _ in range(2)]
    for thread in (running, *counters):
        thread.start()
    for thread in (running, *counters):
        thread.join()
    take_in_all()

    assert tallied(ask.petition_id) == 40
    assert LEDGER.drifts() == []


def test_batches_take_all_in_the_end(ask: Ask) -> None:
    with transaction():
        for _ in range(7):
            enter(ask.petition_id, +1, "GB", NOON)
    taken = []
    for _ in range(4):
        with transaction():
            taken.append(LEDGER.take_in(most=3))

    assert taken == [3, 3, 1, 0]
    assert tallied(ask.petition_id) == 7


def test_a_transaction_that_fails_leaves_no_entry(ask: Ask) -> None:
    def enter_and_fail() -> None:
        with transaction():
            enter(ask.petition_id, +1, "GB", NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        enter_and_fail()
    assert rows(TallyEntry) == 0


def test_drift_is_found_and_named(ask: Ask) -> None:
    signed(ask)
    with transaction() as writing:
        writing.execute(Tally.__table__.update().values(count=5))  # type: ignore[attr-defined]

    assert LEDGER.drifts() == [Drift(f"Petition {ask.petition_id}", 5, 1)]


def test_a_signature_on_hold_counts_once_it_is_accepted(ask: Ask) -> None:
    signature, _ = signed(ask, hold=HoldCause.NETWORK)
    assert tallied(ask.petition_id) == 0
    session.commit()
    organiser = make_organiser().id
    for _ in range(2):
        with transaction():
            decisions.accept(mine(signature), organiser, NOON)
    take_in_all()

    assert tallied(ask.petition_id) == 1
    assert LEDGER.drifts() == []


@dataclass
class Town:
    """A few people who do things to their signatures in any order."""

    ask: Ask
    organiser: int
    at: datetime = NOON
    people: list[Signer] = field(default_factory=lambda: [signer() for _ in range(4)])
    letters: dict[int, Letters] = field(default_factory=dict)

    def sign(self, number: int) -> None:
        """Sign, again and again; the last of them is a program."""
        hold = HoldCause.TOO_FAST if number == 3 else None
        letters = self.letters.setdefault(number, Letters())
        sign(self.ask, self.people[number], letters, at=self.at, hold=hold)

    def confirm(self, number: int) -> None:
        """Press the button of the newest mail."""
        if number in self.letters and self.letters[number].confirm_tokens:
            with suppress(LinkError):
                confirm(self.letters[number], at=self.at)

    def count(self, _number: int) -> None:
        """Let the worker count."""
        take_in_all()

    def change(self, verb: Callable[[Signature], None], number: int) -> None:
        """Do something to a signature, if it is there."""
        tag = tag_for(self.ask.petition_id, self.people[number].email)
        with transaction():
            found = session.scalar(select(Signature).where(Signature.supporter_tag == tag))
            if found is not None:
                verb(found)

    def withdraw(self, number: int) -> None:
        """Take the signature back."""
        self.change(lambda found: removals.withdraw(found, self.at), number)

    def erase(self, number: int) -> None:
        """Erase everything."""
        self.change(lambda found: removals.erase(found, self.at), number)

    def accept(self, number: int) -> None:
        """Let a signature on hold count."""

        def accept(found: Signature) -> None:
            decisions.accept(found, self.organiser, self.at)
            mailing.mail_at_last(found, self.letters[number], self.at)

        self.change(accept, number)

    def invalidate(self, number: int) -> None:
        """Strike a signature."""
        self.change(lambda found: decisions.invalidate(found, self.organiser, "x", self.at), number)


VERBS = (
    Town.sign,
    Town.confirm,
    Town.count,
    Town.withdraw,
    Town.erase,
    Town.accept,
    Town.invalidate,
)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 3)), min_size=5, max_size=40))
def test_no_order_of_events_makes_the_tally_drift(
    ask: Ask, events: list[tuple[Callable[[Town, int], None], int]]
) -> None:
    town = Town(ask, make_organiser().id)
    for verb, number in [*((Town.sign, number) for number in range(4)), *events]:
        town.at += timedelta(hours=5)
        verb(town, number)
        assert LEDGER.drifts() == []
        session.commit()
    take_in_all()
    counted = session.scalar(
        select(func.count()).where(Signature.state == SignatureState.CONFIRMED, ~Signature.on_hold)
    )
    assert tallied(ask.petition_id) == counted
    assert min(session.scalars(select(CountryTally.count)).all(), default=0) >= 0
    session.commit()
