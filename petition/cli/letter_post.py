"""The part of a worker that sends letters: one after the other, each begun before it leaves."""

import threading
from collections import deque
from datetime import timedelta

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

LETTERS_AT_ONCE = 200
NOT_WRITABLE = "cannot be written"


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
        self._last: Outcome | None = None
        """What became of the letter that was sent last, until that is noted."""
        self._ready: tuple[ClaimedLetter, Parcel | None] | None = None
        """The letter that was written ahead."""

    def send_letters(self) -> bool:
        """Send what may leave now; true when there may be more."""
        at = now()
        offices = sending.offices_at_work(at)
        if not offices and not sending.something_is_leaving():
            return False
        with transaction():
            outcomes.leave_in_doubt(self.worker, at)
            claimed = deque(sending.claim(self.worker, offices, at, most=LETTERS_AT_ONCE))
        had_some = bool(claimed)
        try:
            with single_statements() as connection:
                self._send_all(claimed, connection)
        except Unreachable as fault:
            self._pause.wait(str(fault))
            had_some = False
        finally:
            self._note_last()
            with transaction():
                sending.release(claimed, self.worker)
        return had_some

    def _send_all(self, claimed: deque[ClaimedLetter], connection: Connection) -> None:
        """Send one after the other; what is left in `claimed` was not begun. Raises Unreachable."""
        while claimed and not self._stopped.is_set():
            letter = claimed[0]
            parcel = self._parcel_of(letter)
            if parcel is not None:
                self.transport.announce(parcel)
            is_begun = self._begin(letter, connection)
            claimed.popleft()
            if is_begun:
                self._hand_over(letter, parcel, claimed[0] if claimed else None)

    def _begin(self, letter: ClaimedLetter, connection: Connection) -> bool:
        """Mark a letter as being sent, and note what became of the last; true when it may leave."""
        if self._last is not None and self._last.state != LetterState.SENT:
            self._note_last()
        marked = outcomes.begin(connection, letter, self.worker, now(), after=self._last)
        if self._last is not None and self._last.letter.id in marked:
            self._last = None
        self._note_last()
        if letter.id not in marked:
            with transaction():
                sending.release([letter], self.worker)
        return letter.id in marked

    def _note_last(self) -> None:
        if self._last is not None:
            with transaction():
                outcomes.note(self._last, self.worker)
            self._last = None

    def _hand_over(
        self, letter: ClaimedLetter, parcel: Parcel | None, following: ClaimedLetter | None
    ) -> None:
        """Hand a letter over and keep what became of it. Raises Unreachable."""
        at = now()
        try:
            self._last = self._handed_over(letter, parcel, following)
        except Unreachable:
            self._last = outcomes.not_tried(letter, at)
            raise
        except MailboxRefused as answer:
            self._last = outcomes.refused(letter, str(answer), at, is_mailbox_gone=True)
        except Refused as answer:
            self._last = outcomes.refused(letter, str(answer), at)
        except Postponed as answer:
            pause = timedelta(seconds=self.config.mail_retry)
            self._last = outcomes.postponed(letter, str(answer), at, first_pause=pause)
        except InDoubt as fault:
            self._last = outcomes.in_doubt(letter, str(fault), at)

    def _handed_over(
        self, letter: ClaimedLetter, parcel: Parcel | None, following: ClaimedLetter | None
    ) -> Outcome:
        if parcel is None:
            return outcomes.refused(letter, NOT_WRITABLE, now())
        self.transport.deliver()
        if following is not None:
            self._parcel_of(following)
        self.transport.read_answer()
        self._pause.end()
        return outcomes.sent(letter, now())

    def _parcel_of(self, letter: ClaimedLetter) -> Parcel | None:
        """Return a letter ready to leave, written now or ahead; None when it cannot be written."""
        if self._ready is None or self._ready[0] is not letter:
            self._ready = letter, self._written(letter)
        return self._ready[1]

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
