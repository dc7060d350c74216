"""What the worker and organisers do, each as a case that may fail: what is so afterwards."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import time_machine
from sqlalchemy import delete, func, select, update

from config import Config
from petition.audit.noting import ITSELF
from petition.core.clock import now
from petition.core.keyring import sealing
from petition.core.keyring.sealing import Sealed, unseal
from petition.core.storage.database import session, transaction
from petition.letters.letter.models import LetterState, LetterTransition
from petition.outbox.models import MailState, OutboxMail
from petition.outbox.models import Worker as Beat
from petition.outbox.origins import SIGNATURE, origin_of
from petition.recipients.models import Mailroom
from petition.safekeeping import rotation
from petition.safekeeping.rotation import NotNow, Step
from petition.safekeeping.sealed import SEALED
from petition.worker.bounces import BounceMailbox
from petition.worker.loops import Worker
from tests import factories
from tests.faults.acts import Door, OfASignature, Told
from tests.faults.places import Places
from tests.grounds.imap import ImapServer
from tests.grounds.mail import SmtpServer
from tests.letters import posting
from tests.letters.bounces.wording import report

AT_ONCE = 3
"""Letters that one case sends: the worker takes one, and then the others together."""
AT_ONCE_DUE = timedelta(days=-365)
"""Keys of this age are changed: those of a test may be made after its day."""


@dataclass
class Workroom:
    """The servers that a worker talks to, and the worker of the present process."""

    door: Door
    config: Config
    places: Places
    smtp: SmtpServer
    imap: ImapServer
    _worker: Worker | None = None
    _life: int = 0

    def fresh_worker(self) -> Worker:
        """Start a worker; the one before fell silent long ago."""
        self.close()
        with transaction() as writing:
            writing.execute(delete(Beat))
        self._worker, self._life = Worker(self.config), self.places.lives
        self._worker.beat()
        return self._worker

    def close(self) -> None:
        """Hang up on the mail server."""
        if self._worker is not None:
            self._worker.transport.close()
            self._worker.letter_post.transport.close()

    def worker(self) -> Worker:
        """Return the worker; another one where its process has ended."""
        if self._worker is None or self._life != self.places.lives:
            return self.fresh_worker()
        return self._worker


class OfAWorker:
    """Work that is done until nothing is left; a fault is logged, and the loop goes on."""

    def __init__(self, room: Workroom) -> None:
        self.room = room
        room.fresh_worker()

    def step(self) -> bool:
        """Do some of it; true when there may be more."""
        raise NotImplementedError

    def attempt(self) -> Told:
        try:
            while self.step():
                pass
        except Exception:
            return Told()
        return Told(200)

    def is_done(self) -> bool:
        return True


class SendMail(OfAWorker):
    def __init__(self, room: Workroom) -> None:
        super().__init__(room)
        self.signer = OfASignature(room.door)
        factories.sign(room.door.ask, factories.signer(self.signer.email))
        self.origin = origin_of(SIGNATURE, self.signer.number())

    def step(self) -> bool:
        return self.room.worker().send_mail()

    def problems(self) -> Iterator[str]:
        came = len(self.room.smtp.to(self.signer.email))
        noted = session.scalar(select(OutboxMail.state).where(OutboxMail.origin == self.origin))
        session.commit()
        if not came or noted != MailState.SENT:
            yield f"lost: a mail that came {came} times is {noted}"
        if came > 2:  # one more is by design: better twice than never
            yield "doubled: a mail came more than twice"


class SendLetters(OfAWorker):
    def __init__(self, room: Workroom) -> None:
        super().__init__(room)
        with transaction() as writing:
            writing.execute(update(Mailroom).values(suspect_since=None))
        self.ids = [posting.queued().message_id for _ in range(AT_ONCE)]

    def step(self) -> bool:
        return self.room.worker().letter_post.send_letters()

    def problems(self) -> Iterator[str]:
        taken = Counter(str(one.message["Message-ID"])[1:33] for one in self.room.smtp.accepted)
        states = {one.message_id: one.state for one in posting.all_letters()}
        mine = {one: states[one] for one in self.ids}
        session.remove()
        if any(taken[one] > 1 for one in self.ids):
            yield "doubled: a letter was sent twice"
        if any(state == LetterState.SENT and not taken[one] for one, state in mine.items()):
            yield "untrue: a letter is noted as sent, and never was"
        if set(mine.values()) - {LetterState.SENT, LetterState.UNKNOWN}:
            yield f"lost: letters are {sorted(mine.values())}"
        if list(mine.values()).count(LetterState.UNKNOWN) > 1:
            yield "lost: of more than one letter nobody knows"


class TakeBounce(OfAWorker):
    def __init__(self, room: Workroom) -> None:
        super().__init__(room)
        with transaction() as writing:
            writing.execute(update(Mailroom).values(suspect_since=None))
        self.id = posting.sent().message_id
        self.mail = room.imap.put(report("postfix", self.id))

    def step(self) -> bool:
        return BounceMailbox(self.room.config, threading.Event()).take_bounces()

    def problems(self) -> Iterator[str]:
        letter = posting.letter_with(self.id)
        to_bounced = (
            LetterTransition.letter_id == letter.id,
            LetterTransition.after == LetterState.BOUNCED,
        )
        times = session.scalar(select(func.count()).where(*to_bounced))
        session.commit()
        if letter.state != LetterState.BOUNCED or posting.suspect_since() is None:
            yield f"lost: a letter came back and is {letter.state}"
        if times != 1:
            yield f"doubled: it came back {times} times"
        if self.mail in self.room.imap.mails:
            yield "lost: a report that was read is still there"


class ChangeKeys:
    """The steps in which the worker changes keys, an hour and more apart."""

    def __init__(self, room: Workroom) -> None:
        self.room = room
        factories.sign(room.door.ask, factories.signer(reason="For my sister."))
        posting.queued()
        self.before = sealing.keys(fresh=True).current

    def attempt(self) -> Told:
        try:
            for hours in range(0, 12, 2):
                later = now() + timedelta(hours=hours)
                with suppress(NotNow), time_machine.travel(later, tick=False):
                    if self._step() is Step.RETIRED:
                        return Told(200)
        except Exception:
            return Told()
        return Told(503)

    def _step(self) -> Step:
        if sealing.keys(fresh=True).current != self.before and not sealing.keys().old:
            return Step.RETIRED  # it was done before, and not noted
        return rotation.step(ITSELF, AT_ONCE_DUE, timedelta(), lambda: True)

    def is_done(self) -> bool:
        return not list(self.problems())

    def problems(self) -> Iterator[str]:
        session.remove()
        current = sealing.keys(fresh=True).current
        if current == self.before or sealing.keys().old:
            yield "lost: the keys were not changed"
        for model, box, key, context in SEALED:
            for row in session.scalars(select(model)):
                sealed = Sealed(getattr(row, key) or "", getattr(row, box) or b"")
                if sealed.key_id and unseal(sealed, context(row)) and sealed.key_id != current:
                    yield f"lost: {model.__tablename__}.{box} is under an old key"
        session.remove()


BY_WORKERS = (SendMail, SendLetters, TakeBounce, ChangeKeys)
