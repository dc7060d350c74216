"""The part of a worker that sends letters: in batches, each letter begun before it leaves."""

import threading
from collections import deque
from datetime import datetime, timedelta

from config import Config
from petition.core.clock import now
from petition.core.log import log
from petition.core.storage.database import session, single_statements, transaction
from petition.letters.post import batches, outcomes, sending
from petition.letters.post.batches import BatchPlace
from petition.letters.post.message import letter_envelope
from petition.letters.post.outcomes import Failure
from petition.letters.post.sending import ClaimedLetter
from petition.outbox.envelopes import Envelope
from petition.outbox.transports import (
    InDoubt,
    MailboxRefused,
    Postponed,
    Refused,
    Transport,
    Unreachable,
)
from petition.recipients.models import Mailroom
from petition.worker.pause import ServerPause

MOST_AT_ONCE = 200
BATCH_TIME = timedelta(seconds=2)
"""How long a batch may take: while a letter is in one, its writer cannot stop it."""


class LetterPost:
    """Hands letters over through a transport of its own.

    Nobody waits idle: the server hears from whom the next letter comes while the database notes
    it, and the letter after it is written while the server thinks about its answer.
    """

    def __init__(
        self, config: Config, worker: str, transport: Transport, stopped: threading.Event
    ) -> None:
        self.config = config
        self.worker = worker
        self.transport = transport
        self._stopped = stopped
        self._pause = ServerPause(self._stopped)
        self._at_once = 1
        """How many letters go into a batch: the more, the faster the server takes them."""
        self._batch = ""
        self._claimed = deque[ClaimedLetter]()
        """Letters of the batch that did not leave, in the order of their ids."""
        self._sent: list[ClaimedLetter] = []
        """Letters of the batch that the server took, until that is noted."""
        self._failure: Failure | None = None
        """What became of a letter that it did not take, until that is noted."""
        self._goes_behind: ClaimedLetter | None = None
        """The letter over which the server went away, until that is noted."""
        self._ahead: tuple[ClaimedLetter, Envelope | None] | None = None
        """The letter that was written ahead."""

    def send_letters(self) -> bool:
        """Send what may leave now; true when there may be more."""
        self.settle()  # what a fault of the database has left
        self._settle_for_the_dead()
        offices = sending.offices_at_work(now())
        session.commit()  # however long the server takes to answer
        if not offices:
            return False
        try:
            self.transport.reach()
            return self._send_batch(offices)
        except Unreachable as unreachable:
            self._at_once = 1
            self._pause.wait(str(unreachable))
            return False

    def settle(self) -> None:
        """Note what became of the batch, and give back what did not leave."""
        if not self._batch:
            return
        at = now()
        with transaction():
            place = batches.close_batch(self._batch)
            if self._failure is not None:
                outcomes.note(self._failure)
            outcomes.note_sent(self._sent, at)
            if self._goes_behind is not None:
                sending.go_behind(self._goes_behind, at)
            sending.release(self._claimed, at)
            batches.settle_by_place(self._batch, place, at)
        self._batch, self._failure, self._ahead, self._goes_behind = "", None, None, None
        self._claimed.clear()
        self._sent.clear()

    def _settle_for_the_dead(self) -> None:
        if batches.something_is_abandoned(now()):
            with transaction():
                batches.settle_abandoned(now())

    def _send_batch(self, offices: list[Mailroom]) -> bool:
        """Send one batch; true when there was anything to send. Raises Unreachable."""
        try:
            self._claim(offices)
            count, started = len(self._claimed), now()
            with single_statements() as connection:
                self._send_all(BatchPlace(self._batch, connection), started + BATCH_TIME)
        finally:
            self.settle()
        if now() - started > BATCH_TIME / 2:
            self._at_once = max(self._at_once // 2, 1)
        elif count == self._at_once:
            self._at_once = min(self._at_once * 2, MOST_AT_ONCE)
        return count > 0

    def _claim(self, offices: list[Mailroom]) -> None:
        """Claim from one office after the other, each alone: two workers never lock crosswise."""
        with transaction():
            self._batch = batches.open_batch(self.worker)
        claimed: list[ClaimedLetter] = []
        for office in offices:
            at, most = now(), self._at_once - len(claimed)
            if most <= 0:
                break
            if office.is_open(at):  # the server may have taken its time
                with transaction():
                    claimed += sending.claim(self._batch, office, at, most=most)
        self._claimed.extend(sorted(claimed, key=lambda letter: letter.id))

    def _send_all(self, place: BatchPlace, until: datetime) -> None:
        """Send one after the other, until one may not leave any more. Raises Unreachable."""
        while self._claimed and not self._stopped.is_set():
            letter = self._claimed[0]
            envelope = self._envelope_of(letter)
            if envelope is None:
                self._put_off(letter)
                continue
            if now() >= letter.until:
                return
            self.transport.announce(envelope)
            if not place.move_to(letter.id):
                return
            self._hand_over(letter)
            if now() >= until:
                return

    def _put_off(self, letter: ClaimedLetter) -> None:
        with transaction():
            sending.put_off(letter, now())
        self._claimed.popleft()

    def _hand_over(self, letter: ClaimedLetter) -> None:
        """Hand over what was announced, and keep what became of it. Raises Unreachable."""
        self._claimed.popleft()
        try:
            self.transport.deliver()
            if self._claimed:
                self._envelope_of(self._claimed[0])
            self.transport.read_answer()
        except Unreachable:
            self._goes_behind = letter
            raise
        except (Refused, Postponed, InDoubt) as answer:
            self._failure = failure = self._failure_of(letter, answer, now())
            with transaction():
                outcomes.note(failure)
            self._failure = None
        else:
            self._pause.end()
            self._sent.append(letter)

    def _failure_of(
        self, letter: ClaimedLetter, answer: Refused | Postponed | InDoubt, at: datetime
    ) -> Failure:
        if isinstance(answer, InDoubt):
            return outcomes.in_doubt(letter, str(answer), at)
        if isinstance(answer, Postponed):
            pause = timedelta(seconds=self.config.mail_retry)
            return outcomes.postponed(letter, str(answer), at, first_pause=pause)
        is_mailbox_gone = isinstance(answer, MailboxRefused)
        return outcomes.refused(letter, str(answer), at, is_mailbox_gone=is_mailbox_gone)

    def _envelope_of(self, letter: ClaimedLetter) -> Envelope | None:
        """Return a letter ready to leave, written now or ahead; None when it cannot be written."""
        if self._ahead is None or self._ahead[0] is not letter:
            self._ahead = letter, self._written(letter)
        return self._ahead[1]

    def _written(self, letter: ClaimedLetter) -> Envelope | None:
        try:
            return letter_envelope(
                letter,
                sender=self.config.mail_from,
                site_name=self.config.site_name,
                about_url=f"{self.config.url}/{letter.language}/about-this-letter",
            )
        except Exception as fault:  # whatever is wrong with this one, the others go on
            log.error("a letter cannot be written", exc_info=fault)
            return None
