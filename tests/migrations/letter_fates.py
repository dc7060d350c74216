"""What became of ten thousand letters, step by step, in the words of migration 0023."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from tests.migrations.before import CONFIRMED, DECIDED, Before, secret
from tests.migrations.campaign_before import LETTERS, MODERATOR, OFFICES

BATCH = "b" * 32
"""The batch that was under way when the install was stopped."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of some letters, step by step, after they were handed in."""

    count: int
    steps: str = ""
    links: tuple[str, ...] = ("used", "manage")
    mail: str = "sent"
    """What became of the mail with the link to confirm."""


UNMAILED: tuple[str, ...] = ()
WAITS = ("confirm",)
FATES = {
    "awaiting": Fate(1_500, links=WAITS),
    "awaiting in the outbox": Fate(100, links=WAITS, mail="queued"),
    "awaiting too late": Fate(200, links=("expired",)),
    "awaiting once more": Fate(100, links=WAITS),
    "awaiting with a draft": Fate(100, links=WAITS),
    "a program": Fate(100, "held", UNMAILED),
    "no program": Fate(50, "held released", WAITS),
    "awaiting on hold": Fate(50, "held", WAITS),
    "queued": Fate(1_080, "queued"),
    "queued just now": Fate(20, "queued", ("pressed", "manage")),
    "queued on hold": Fate(200, "queued held"),
    "let go": Fate(100, "queued held released"),
    "let go twice": Fate(20, "held released queued held released"),
    "put off": Fate(80, "queued sending queued"),
    "being sent": Fate(60, "queued sending"),
    "held while being sent": Fate(20, "queued sending held"),
    "sent": Fate(3_200, "queued sending sent"),
    "sent before the hold": Fate(20, "queued sending held sent"),
    "sent once let go": Fate(80, "queued held released sending sent"),
    "arrived after all": Fate(50, "queued sending unknown sent*"),
    "asked": Fate(250, "queued sending sent asked"),
    "answered": Fate(300, "queued sending sent asked answered_yes"),
    "answered by a program": Fate(50, "queued sending sent answered_automatic"),
    "not answered": Fate(100, "queued sending sent asked answered_no"),
    "sent and scrubbed": Fate(800, "queued sending sent asked scrubbed"),
    "bounced": Fate(200, "queued sending sent bounced"),
    "bounced out of doubt": Fate(20, "queued sending unknown bounced"),
    "failed": Fate(200, "queued sending failed"),
    "failed and scrubbed": Fate(50, "queued sending failed scrubbed"),
    "sent again": Fate(50, "queued sending failed queued*"),
    "unknown": Fate(200, "queued sending unknown"),
    "unknown on hold": Fate(20, "queued sending held unknown"),
    "stopped by its writer": Fate(150, "queued stopped"),
    "stopped by its writer on hold": Fate(30, "queued held stopped"),
    "stopped for its age": Fate(100, "queued stopped scrubbed"),
    "stopped": Fate(150, "queued stopped*"),
    "stopped on hold": Fate(100, "queued held stopped*"),
    "stopped out of doubt": Fate(50, "queued sending unknown stopped*"),
    "let go after all": Fate(50, "queued held stopped* queued*"),
}
VALUES = {
    "queued": "confirmed_at = coalesce(confirmed_at, :confirmed), claimed_by = NULL, "
    "draft_hash = NULL",
    "queued*": "attempts = 0, on_hold = false, paced_in = NULL, claimed_by = NULL",
    "sending": "claimed_by = :batch, paced_in = :confirmed, attempts = 1",
    "sent": "sent_at = :confirmed, claimed_by = NULL, last_answer = '250'",
    "sent*": "sent_at = :decided",
    "failed": "claimed_by = NULL, last_answer = '550'",
    "unknown": "claimed_by = NULL, last_answer = 'TimeoutError'",
    "bounced": "last_answer = '5.1.1'",
}
"""What else a step into a state sets; with a star it is a moderator's."""
BESIDE = {
    "held": "on_hold = true",
    "asked": "asked_at = :decided",
    "scrubbed": "content = NULL, content_key = NULL",
    **{
        f"answered_{said}": f"answer = '{said}', answered_at = :decided"
        for said in ("yes", "automatic", "no")
    },
}
"""What a step sets that leads into no other state."""
RELEASED = """
INSERT INTO letter_transition (letter_id, before, after, at, organiser_id)
SELECT id, state, state, :decided, :moderator FROM letter WHERE id BETWEEN :first AND :last
"""


class Letter(NamedTuple):
    """One letter."""

    number: int
    name: str
    """Of its fate."""
    place: int
    """Among those of the same fate, from 0."""

    @property
    def fate(self) -> Fate:
        """What became of it."""
        return FATES[self.name]

    @property
    def writer(self) -> int:
        """The number of its writer: who writes once more has written the first ones."""
        return self.place + 1 if self.name == "awaiting once more" else self.number

    @property
    def campaign(self) -> int:
        """The number of its letter campaign."""
        return 1 + self.writer % len(LETTERS)

    @property
    def office(self) -> int:
        """The number of the office that it goes to."""
        return OFFICES[self.writer % len(OFFICES)]

    @property
    def email(self) -> str:
        """The address of its writer."""
        return f"writer-{self.writer}@example.org"

    @property
    def message_id(self) -> str:
        """The name of its mail."""
        return sha256(f"letter {self.number}".encode()).hexdigest()[:32]

    @property
    def draft(self) -> str:
        """The secret of the draft that it was written in."""
        return secret(f"draft {self.number}")

    @property
    def states(self) -> list[str]:
        """Every state that it was in, the last one last."""
        names = [step.removesuffix("*") for step in self.fate.steps.split()]
        return ["awaiting", *(name for name in names if name not in {*BESIDE, "released"})]


def letters() -> list[Letter]:
    """Return every letter, those of one fate beside each other."""
    every = [(name, place) for name, fate in FATES.items() for place in range(fate.count)]
    return [Letter(number, *one) for number, one in enumerate(every, 1)]


def go(old: Before, step: str, first: int, last: int) -> None:
    """Let some letters go a step on; the database notes each."""
    at: dict[str, Any] = {"confirmed": CONFIRMED, "decided": DECIDED, "batch": BATCH}
    at |= {"moderator": MODERATOR, "first": first, "last": last}
    if step == "released":
        old.run(RELEASED, **at)
        sets = "on_hold = false, changed_by = :moderator"
    elif step in BESIDE:
        sets = BESIDE[step]
    else:
        by = "changed_by = :moderator, changed_at = :decided"
        sets = by if step.endswith("*") else "changed_by = NULL, changed_at = :confirmed"
        more = VALUES.get(step, "claimed_by = NULL")
        sets = f"state = '{step.removesuffix('*')}', {sets}, {more}"
    old.run(f"UPDATE letter SET {sets} WHERE id BETWEEN :first AND :last", **at)
