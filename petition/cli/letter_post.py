"""The part of a worker that sends letters: one after the other, each begun before it leaves."""

import threading
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from config import Config
from petition.cli.server_pause import ServerPause
from petition.core.clock import now
from petition.core.database import transaction
from petition.core.log import log
from petition.letters import outcomes, sending
from petition.letters.message import letter_parcel
from petition.letters.sending import ClaimedLetter
from petition.outbox.transports import (
    InDoubt,
    MailboxRefused,
    Postponed,
    Refused,
    Transport,
    Unreachable,
)

LETTERS_AT_ONCE = 50
Note = Callable[[], None]


class LetterPost:
    """Hands letters over through a transport of its own."""

    def __init__(
        self, config: Config, worker: str, transport: Transport, stopped: threading.Event
    ) -> None:
        self.config = config
        self.worker = worker
        self.transport = transport
        self._stopped = stopped
        self._pause = ServerPause(self._stopped)

    def send_letters(self) -> bool:
        """Send what may leave now; true when there may be more."""
        at = now()
        if not sending.offices_at_work(at) and not sending.something_is_leaving():
            return False
        with transaction():
            outcomes.leave_in_doubt(self.worker, at)
            claimed = deque(sending.claim(self.worker, at, most=LETTERS_AT_ONCE))
        had_some = bool(claimed)
        note: Note | None = None
        try:
            while claimed and not self._stopped.is_set():
                letter = claimed.popleft()
                if self._begin(letter, note):
                    note = None
                    note = self._hand_over(letter)
                else:
                    note = None
        except Unreachable as fault:
            self._pause.wait(str(fault))
            had_some = False
        finally:
            with transaction():
                if note is not None:
                    note()
                sending.release(claimed, self.worker)
        return had_some

    def _begin(self, letter: ClaimedLetter, note: Note | None) -> bool:
        """Mark a letter as being sent, in the transaction that notes what the last one came to."""
        with transaction():
            if note is not None:
                note()
            return sending.begin(letter, self.worker, now())

    def _hand_over(self, letter: ClaimedLetter) -> Note:
        """Hand a letter over; return what is to be noted of it. Raises Unreachable."""
        at, worker = now(), self.worker
        try:
            self.transport.send(
                letter_parcel(
                    letter,
                    sender=self.config.mail_from,
                    site_name=self.config.site_name,
                    about_url=f"{self.config.url}/{letter.language}/about-this-letter",
                )
            )
        except Unreachable:
            with transaction():
                outcomes.not_tried(letter, worker, at)
            raise
        except MailboxRefused as answer:
            said = str(answer)
            return lambda: outcomes.mailbox_refused(letter, worker, said, at)
        except Refused as answer:
            said = str(answer)
            return lambda: outcomes.refused(letter, worker, said, at)
        except Postponed as answer:
            said, pause = str(answer), timedelta(seconds=self.config.mail_retry)
            return lambda: outcomes.postponed(letter, worker, said, at, first_pause=pause)
        except InDoubt as fault:
            said = str(fault)
            return lambda: outcomes.in_doubt(letter, worker, said, at)
        except Exception as fault:  # its words cannot be made into a mail: nothing has left
            log.error("a letter cannot be written", exc_info=fault)
            said = type(fault).__name__
            return lambda: outcomes.refused(letter, worker, said, at)
        self._pause.end()
        return lambda: outcomes.sent(letter, worker, now())
