"""Each place at which the database can fail an act fails once; the person tries again.

Then nothing that was acknowledged is lost or doubled, and nothing was said that is not so.
"""

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from config import Config
from petition.core.errors import InstallUnfit
from petition.core.memory import forget_everything
from petition.core.storage.database import Base, is_sqlite, session
from petition.safekeeping.postgres_dumps import others_connected
from petition.safekeeping.tallies import drifts
from tests.factories import NOON, load_sample, make_ask, take_in_all
from tests.faults.acts import BY_PEOPLE, Case, Door, Told
from tests.faults.places import Gone, Places, Way
from tests.faults.restoring import Restore
from tests.faults.taking_in import TakeIn
from tests.faults.visitors import wait_until
from tests.faults.works import BY_WORKERS, Workroom
from tests.faults.works_of_exports import OF_EXPORTS
from tests.grounds.imap import ImapServer
from tests.grounds.mail import SmtpServer
from tests.grounds.postgres import TOOLS
from tests.grounds.replays import Note
from tests.letters import posting

NEVER = sys.maxsize
SAMPLE = 7


@pytest.fixture
def places(config: Config) -> Iterator[Places]:
    """The database in use, ready to fail."""
    made = Places(config)
    made.start_process()
    yield made
    made.leave()


@dataclass
class Trials:
    """Fails one act at one place after the other, and keeps what was found."""

    places: Places
    make: Callable[[], Case]
    tried: int = 0
    found: list[str] = field(default_factory=list)

    def run(self, dice: random.Random, most: int | None) -> None:
        """Fail the first place, the second, and so on, until the act passes without a fault.

        Where that is too much, fail so many places as the dice choose.
        """
        if most is None:
            for way in Way:
                for number in count(1):
                    if not self.fail(way, number):
                        break
            return
        places = self._places()
        for way, number in sorted(dice.sample(places, min(most, len(places)))):
            self.fail(way, number)

    def _places(self) -> list[tuple[Way, int]]:
        """Return every place of the act with the ways in which it can fail."""
        self.fail(Way.BEFORE, NEVER)
        passed, commits = self.places.passed, self.places.commits
        fewer = {Way.AFTER: passed - commits, Way.UNANSWERED: commits}
        return [(way, n) for way in Way for n in range(1, fewer.get(way, passed) + 1)]

    def report(self, note: Note) -> None:
        """Note what was tried; fail with what was found."""
        sys.stdout.write("\n".join(self.found))
        kinds = ("lost", "doubled", "untrue")
        by_kind = {kind: sum(f": {kind}: " in one for one in self.found) for kind in kinds}
        note(places=self.tried, **by_kind)
        assert self.found == []

    def fail(self, way: Way, number: int) -> bool:
        """Fail one place, and try again; false when the act did not come as far."""
        case = self.make()
        before = contents()
        with self.places.failing(way, number):
            told = attempt(case)
        if self.places.is_gone:
            self.places.start_process()
            wait_until(nobody_holds_on, "the server does not notice that the process has gone")
        for problem in self._after(case, told, before):
            self.found.append(f"{way} at place {number}: {problem}")
        self.tried += self.places.was_reached
        return self.places.was_reached

    def _after(self, case: Case, told: Told, before: set[str]) -> Iterator[str]:
        if told.says_yes and not case.is_done():
            yield f"untrue: {told.status}, and it is not done"
        if told.says_no and contents() != before:
            yield f"untrue: {told.status} says that nothing was saved"
        if not self.places.was_reached and not told.says_yes:
            yield f"lost: without a fault it said {told.status}"
        again = attempt(case)
        if not again.says_yes:
            yield f"lost: tried again, it said {again.status}"
        yield from case.problems()
        take_in_all()
        if drifts():
            yield "lost: the tally is not what the rows are"


def nobody_holds_on() -> bool:
    """Whether the server has let go of what a process held that is no more."""
    try:
        return is_sqlite() or others_connected() == 0
    except InstallUnfit:  # of a restore that was cut off: it lets nobody in
        return True


def attempt(case: Case) -> Told:
    """Do it in a process that remembers no page."""
    forget_everything()
    try:
        return case.attempt()
    except Gone:
        return Told()
    finally:
        session.remove()


def contents() -> set[str]:
    """Return every row there is."""
    tables = Base.metadata.sorted_tables
    found = {
        f"{table.name}: {tuple(row)}" for table in tables for row in session.execute(select(table))
    }
    session.remove()
    return found


@pytest.fixture
def door(app: Flask, places: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """The sample campaign while it runs."""
    monkeypatch.setattr(app, "testing", False)  # a fault of ours is to be answered with its page
    with time_machine.travel(NOON, tick=False):
        load_sample(NOON - timedelta(days=10))
        yield Door(app, make_ask())


@pytest.mark.fault
@pytest.mark.parametrize("act", BY_PEOPLE, ids=lambda act: act.__name__)
def test_what_people_do_survives_each_place_that_fails(
    act: Callable[[Door], Case],
    door: Door,
    places: Places,
    at_length: bool,
    dice: random.Random,
    note: Note,
) -> None:
    trials = Trials(places, lambda: act(door))
    trials.run(dice, None if at_length else SAMPLE)
    trials.report(note)


@pytest.fixture
def room(
    door: Door,
    config: Config,
    places: Places,
    smtp_server: SmtpServer,
    imap_server: ImapServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Workroom]:
    """A worker's servers, and offices that are always at work."""
    monkeypatch.setenv("PATH", str(TOOLS), prepend=":")  # a restore needs them
    posting.put_every_office_to_work()
    settings = replace(
        config,
        mail_server=smtp_server.url,
        mail_timeout=2,
        mail_retry=1,
        bounce_mailbox=imap_server.url,
    )
    made = Workroom(door, settings, places, smtp_server, imap_server)
    yield made
    made.close()


@pytest.mark.fault
@pytest.mark.parametrize(
    "work", [TakeIn, *BY_WORKERS, *OF_EXPORTS, Restore], ids=lambda work: work.__name__
)
def test_what_workers_and_organisers_do_survives_each_place_that_fails(
    work: Callable[[Workroom], Case],
    room: Workroom,
    at_length: bool,
    dice: random.Random,
    note: Note,
) -> None:
    trials = Trials(room.places, lambda: work(room))
    trials.run(dice, None if at_length else SAMPLE)
    trials.report(note)


@pytest.mark.fault
def test_an_older_backup_sends_nothing_again_and_brings_nobody_back(
    room: Workroom, note: Note
) -> None:
    case = Restore(room)
    assert case.attempt().says_yes
    assert case.is_done()
    assert list(case.problems()) == []
    note(lost=0, doubled=0, untrue=0)
