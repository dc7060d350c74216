"""What strangers' forms brought in: taken in batches, judged, and made into what it asks for."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from sqlalchemy.exc import NoResultFound

from config import Config
from petition.arrivals import actions as arrivals
from petition.arrivals.actions import Arrived
from petition.core.clock import now
from petition.core.log import fault_fields
from petition.core.seldom import Seldom
from petition.core.storage.database import advisory_lock, session, transaction
from petition.core.storage.database_faults import fault_of
from petition.holds.models import HoldCause
from petition.letters.actions import hand_in
from petition.letters.arriving import LETTER, ArrivedLetter
from petition.links.letterhead import Letterhead
from petition.petitions.asks import ask_as_signed
from petition.signatures.actions import request_management, sign
from petition.signatures.arriving import LINK_REQUEST, SIGNATURE, ArrivedSignature, LinkRequest
from petition.worker.suspicion import judge

AT_ONCE = 50
BATCH_SECONDS = 0.1
"""When a batch has taken so long it is committed: people who sign wait for its locks."""
SIGNATURES_LOCK = 7_411_004
LETTERS_LOCK = 7_411_005
_broken = Seldom()


class Arrivals:
    """Takes in what arrives of some kinds, one worker at a time: what came first is there first."""

    def __init__(
        self, config: Config, lock: int, kinds: Mapping[str, Callable[[Config, Arrived], None]]
    ) -> None:
        self._config, self._lock, self._kinds = config, lock, kinds
        self._singly = 0
        """How many are still to be taken one by one: among them is one that cannot be taken."""

    def take_in(self) -> bool:
        """Take in some of what is due, all in one transaction; true when there may be more."""
        most = 1 if self._singly else AT_ONCE
        found: list[Arrived] = []
        try:
            with transaction():
                if not advisory_lock(session(), self._lock):
                    return False
                found = arrivals.due(list(self._kinds), now(), most)
                taken = self._take(found)
                arrivals.drop(taken)
        except Exception as fault:
            if fault_of(fault) or not found:
                raise
            self._set_aside(found, fault)
            return True
        self._singly = max(0, self._singly - 1) if found else 0
        return len(taken) == most or len(taken) < len(found) or self._singly > 0

    def _take(self, found: Sequence[Arrived]) -> list[Arrived]:
        """Make what they ask for of as many as a batch has time for; return these."""
        until, taken = time.monotonic() + BATCH_SECONDS, []
        for arrived in found:
            with suppress(NoResultFound):  # what it answers to is no more, and nobody to tell
                self._kinds[arrived.kind](self._config, arrived)
            taken.append(arrived)
            if time.monotonic() > until:
                break
        return taken

    def _set_aside(self, found: Sequence[Arrived], fault: Exception) -> None:
        """Find the one that cannot be taken in, and put it off: it holds up no other."""
        if len(found) > 1:
            self._singly = len(found)
            return
        _broken.log_error(
            "an arrival cannot be taken in", type(fault).__name__, fault_fields(fault)
        )
        with transaction():
            arrivals.put_off(found[0], now())


def of_signatures(config: Config) -> Arrivals:
    """Return what takes in signatures and requests for links."""
    kinds = {SIGNATURE: _sign, LINK_REQUEST: _mail_link}
    return Arrivals(config, SIGNATURES_LOCK, kinds)


def of_letters(config: Config) -> Arrivals:
    """Return what takes in letters, which cost more: no signature waits for them."""
    return Arrivals(config, LETTERS_LOCK, {LETTER: _hand_in})


def _sign(config: Config, arrived: Arrived) -> None:
    came, at = ArrivedSignature.from_bytes(arrived.opened()), now()
    signer = came.given.signer
    verdict = judge(signer.email, came.network, at, config, came.hold)
    ask = ask_as_signed(came.given.text_id, signer.language)
    head = _letterhead(config, signer.language)
    if sign(ask, came.given, head, at, hold=verdict.hold, wait=verdict.wait):
        verdict.note_mail(at)


def _mail_link(config: Config, arrived: Arrived) -> None:
    came = LinkRequest.from_bytes(arrived.opened())
    ask = ask_as_signed(came.text_id, came.language)
    request_management(ask, came.email, _letterhead(config, came.language), now())


def _hand_in(config: Config, arrived: Arrived) -> None:
    came, at = ArrivedLetter.from_bytes(arrived.opened()), now()
    cause = HoldCause.PROGRAM if came.is_suspect else None
    verdict = judge(came.written.writer.email, came.network, at, config, cause)
    letter, head = came.finished(arrived.about), _letterhead(config, came.language)
    if hand_in(letter, head, at, hold=verdict.hold, wait=verdict.wait):
        verdict.note_mail(at)


def _letterhead(config: Config, language: str) -> Letterhead:
    return Letterhead(config.site_name, config.url, language)
