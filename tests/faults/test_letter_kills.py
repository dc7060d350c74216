"""kill -9 around the mail server's last word: no letter is sent twice, and none is lost."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, Timer

import pytest
from aiosmtpd.smtp import Envelope
from sqlalchemy import delete, select

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.letters.letter.models import Letter, LetterState
from petition.outbox.models import OutboxMail
from petition.outbox.models import Worker as Beat
from tests.faults.looking import database_of
from tests.faults.visitors import wait_until
from tests.grounds.databases import KINDS
from tests.grounds.mail import SmtpServer, free_port
from tests.grounds.processes import WORKER, Running, begin
from tests.grounds.replays import Note
from tests.grounds.servers import Server, StartServer
from tests.letters.posting import (
    OFFICE,
    OTHER_OFFICE,
    all_letters,
    confirm,
    finished,
    hand_in,
    put_every_office_to_work,
)

SECONDS_FOR_A_KILL = 20
"""In which a worker starts and dies, however slow the machine is."""
LETTERS_FOR_A_KILL = 6
"""Half of them kill: with fewer, the last kill would at times not come."""
LIKELY = 0.5
SOON_AFTER = 0.004
"""Seconds in which a worker notes what the server said, more or less."""


@dataclass
class DeadlyServer(SmtpServer):
    """A mail server that kills whoever talks to it: before, at, or shortly after its last word."""

    dice: random.Random = field(default_factory=random.Random)
    most: int = 0
    kills: int = 0
    worker: Running | None = None
    _dying: Lock = field(default_factory=Lock)
    _rolling: Lock = field(default_factory=Lock)

    def _keep(self, envelope: Envelope) -> None:
        with self._rolling:  # all at once, so that a replay rolls the same for each mail
            moment = self.dice.choice(("before", "at", "after"))
            soon, kills = self.dice.random() * SOON_AFTER, self.dice.random() < LIKELY
        if moment == "before" and kills:
            self.strike()
        super()._keep(envelope)
        if moment == "at" and kills:
            self.strike()
        if moment == "after" and kills:
            Timer(soon, self.strike).start()

    def strike(self) -> None:
        """Kill the worker as the kernel does when memory is short, unless enough were killed."""
        with self._dying:
            worker = self.worker
            if worker is None or worker.poll() is not None or self.kills >= self.most:
                return
            worker.kill()
            worker.wait()
            self.kills += 1


@contextmanager
def worker_of(server: Server, deadly: DeadlyServer) -> Iterator[None]:
    """Run a worker of this install, and another one whenever it was killed."""

    def start() -> None:
        environment = {**server.environment, "MAIL_SERVER": deadly.url}
        deadly.worker = begin(WORKER, environment, server.log)

    def is_over() -> bool:
        session.remove()
        if deadly.worker is None or deadly.worker.poll() is not None:
            bury()
            start()
        waiting = Letter.state.in_([LetterState.QUEUED, LetterState.SENDING])
        return session.scalar(select(Letter.id).where(waiting).limit(1)) is None

    try:
        wait_until(is_over, "letters still wait", most=60 + SECONDS_FOR_A_KILL * deadly.most)
        yield
    finally:
        if deadly.worker is not None:
            deadly.worker.terminate()
            deadly.worker.wait()


def bury() -> None:
    """Let the dead worker be silent for long enough at once: a quarter of a minute, for each."""
    with transaction() as writing:
        writing.execute(delete(Beat))


def fill(count: int) -> None:
    """Queue letters to two offices that are always at work."""
    put_every_office_to_work()
    for number in range(count):
        at = now()
        confirm(hand_in(finished(to=(OFFICE, OTHER_OFFICE)[number % 2]), at), at)
    with transaction() as writing:
        writing.execute(delete(OutboxMail))  # the mails that asked for confirmation


@pytest.mark.fault
@pytest.mark.parametrize("kind", KINDS)
def test_no_letter_is_sent_twice_or_lost_when_its_worker_is_killed(
    kind: str, start_server: StartServer, fault_rounds: int, dice: random.Random, note: Note
) -> None:
    deadly = DeadlyServer(free_port(), dice=dice, most=fault_rounds)
    server = start_server(kind)
    server.kill()
    deadly.up()
    try:
        with database_of(server):
            fill(LETTERS_FOR_A_KILL * fault_rounds)
            with worker_of(server, deadly):
                note(**hold_against_the_server(deadly))
    finally:
        deadly.down()
    assert deadly.kills == fault_rounds


def hold_against_the_server(deadly: DeadlyServer) -> dict[str, int]:
    """Compare where the letters are with what the mail server has taken; return the counts."""
    taken = Counter(str(one.message["Message-ID"]) for one in deadly.accepted)
    assert {one: times for one, times in taken.items() if times > 1} == {}
    states = {f"<{one.message_id}@": one.state for one in all_letters()}
    arrived = {name.partition("@")[0] + "@" for name in taken}
    known = {name for name, state in states.items() if state == LetterState.SENT}
    doubtful = {name for name, state in states.items() if state == LetterState.UNKNOWN}
    counts = {"kills": deadly.kills, "sent": len(known), "in_doubt": len(doubtful)}

    assert known | doubtful == states.keys()
    assert known <= arrived <= known | doubtful
    assert len(doubtful) <= deadly.kills
    return counts | {"lost": 0, "doubled": 0, "untrue": 0}
