"""The part of a worker that sends letters: one after the other, each begun before it leaves."""

import threading
from collections import deque
from datetime import datetime, timedelta

from sqlalchemy import Connection

from config import Config
from petition.cli.server_pause import ServerPause
from petition.core.clock import now
from petition.core.database import single_statements, transaction
from petition.core.log import log
from petition.letters import outcomes, sending
from petition.letters.letter import LetterState
from petition.letters.message import letter_parcel
from petition.letters.outcomes import Outcome
from petition.letters.sending import ClaimedLetter
from petition.outbox.parcels import Parcel
from petition.outbox.transports import (
    InDoubt,
    MailboxRefused,
    Postponed,
    Refused,
    Transport,
    Unreachable,
)
from petition.recipients.models import Mailroom

LETTERS_AT_ONCE = 200


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
        self._claimed = deque[ClaimedLetter]()
        """Letters that are this worker's and were not begun."""
        self._last: Outcome | None = None
        """What became of the letter that was sent last, until that is noted."""
        self._ahead: tuple[ClaimedLetter, Parcel | None] | None = None
        """The letter that was written ahead."""

    def send_letters(self) -> bool:
        """Send what may leave now; true when there may be more."""
        self.settle()  # what a fault of the database has left
        offices = sending.offices_at_work(now())
        if not offices and not sending.something_is_leaving():
            return False
        self._claim(offices)
        if not self._claimed:
            return False
        fault = None
        try:
            with single_statements() as connection:
                self._send_all(connection)
        except Unreachable as unreachable:
            fault = str(unreachable)
        finally:
            self.settle()
        if fault is not None:
            self._pause.wait(fault)
        return fault is None

    def settle(self) -> None:
        """Note what is not noted yet, and give back what was not begun."""
        if self._last is None and not self._claimed:
            return
        with transaction():
            if self._last is not None:
                outcomes.note(self._last, self.worker)
            sending.release(self._claimed, self.worker)
        self._last, self._ahead = None, None
        self._claimed.clear()

    def _claim(self, offices: list[Mailroom]) -> None:
        """Claim from one office after the other, each alone: two workers never lock crosswise."""
        with transaction():
            outcomes.leave_in_doubt(self.worker, now())
        for office in offices:
            if len(self._claimed) >= LETTERS_AT_ONCE:
                break
            most = LETTERS_AT_ONCE - len(self._claimed)
            with transaction():
                claimed = sending.claim(self.worker, office, now(), most=most)
            self._claimed += claimed

    def _send_all(self, connection: Connection) -> None:
        """Send one after the other, until one may not leave any more. Raises Unreachable."""
        while self._claimed and not self._stopped.is_set():
            letter = self._claimed[0]
            parcel = self._parcel_of(letter)
            if parcel is None:
                self._put_off(letter)
                continue
            if now() >= letter.until:
                return
            self.transport.announce(parcel)
            if not self._begin(letter, connection):
                return
            self._claimed.popleft()
            self._hand_over(letter)

    def _begin(self, letter: ClaimedLetter, connection: Connection) -> bool:
        """Mark a letter as being sent, and note what became of the last; true when it may leave."""
        last = self._last
        if last is not None and last.state != LetterState.SENT:
            with transaction():
                outcomes.note(last, self.worker)
            last = self._last = None
        begun = outcomes.begin_after(last, letter, self.worker, now(), connection)
        self._last = None
        return begun

    def _put_off(self, letter: ClaimedLetter) -> None:
        with transaction():
            sending.put_off(letter, self.worker, now())
        self._claimed.popleft()

    def _hand_over(self, letter: ClaimedLetter) -> None:
        """Hand over what was announced, and keep what became of it. Raises Unreachable."""
        try:
            self.transport.deliver()
            if self._claimed:
                self._parcel_of(self._claimed[0])
            self.transport.read_answer()
        except Unreachable:
            self._last = outcomes.not_tried(letter, now())
            raise
        except (Refused, Postponed, InDoubt) as answer:
            self._last = self._outcome_of(letter, answer, now())
        else:
            self._pause.end()
            self._last = outcomes.sent(letter, now())

    def _outcome_of(
        self, letter: ClaimedLetter, answer: Refused | Postponed | InDoubt, at: datetime
    ) -> Outcome:
        if isinstance(answer, InDoubt):
            return outcomes.in_doubt(letter, str(answer), at)
        if isinstance(answer, Postponed):
            pause = timedelta(seconds=self.config.mail_retry)
            return outcomes.postponed(letter, str(answer), at, first_pause=pause)
        is_mailbox_gone = isinstance(answer, MailboxRefused)
        return outcomes.refused(letter, str(answer), at, is_mailbox_gone=is_mailbox_gone)

    def _parcel_of(self, letter: ClaimedLetter) -> Parcel | None:
        """Return a letter ready to leave, written now or ahead; None when it cannot be written."""
        if self._ahead is None or self._ahead[0] is not letter:
            self._ahead = letter, self._written(letter)
        return self._ahead[1]

    def _written(self, letter: ClaimedLetter) -> Parcel | None:
        try:
            return letter_parcel(
                letter,
                sender=self.config.mail_from,
                site_name=self.config.site_name,
                about_url=f"{self.config.url}/{letter.language}/about-this-letter",
            )
        except Exception as fault:  # whatever is wrong with this one, the others go on
            log.error("a letter cannot be written", exc_info=fault)
            return None
