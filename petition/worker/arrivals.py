"""What strangers' forms brought in: taken in batches, judged, and made into what it asks for."""

from collections.abc import Callable

from config import Config
from petition.arrivals import actions as arrivals
from petition.arrivals.actions import Arrived
from petition.core.clock import now
from petition.core.log import log
from petition.core.storage.database import advisory_lock, session, transaction
from petition.core.storage.database_faults import fault_of
from petition.letters.actions import hand_in
from petition.letters.arriving import LETTER, ArrivedLetter
from petition.petitions.asks import ask_as_signed
from petition.signatures.actions import request_management, sign
from petition.signatures.arriving import LINK_REQUEST, SIGNATURE, ArrivedSignature, LinkRequest
from petition.worker.letterhead import Letterhead
from petition.worker.suspicion import judge

AT_ONCE = 50
ARRIVALS_LOCK = 7_411_004


class Arrivals:
    """Takes in what arrives, one worker at a time: what came first is there first."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._singly = 0
        """How many are still to be taken one by one: among them is one that cannot be taken."""
        self._kinds: dict[str, Callable[[Arrived], None]] = {
            SIGNATURE: self._sign,
            LINK_REQUEST: self._mail_link,
            LETTER: self._hand_in,
        }

    def take_in(self) -> bool:
        """Take in what is due, all in one transaction; true when there may be more."""
        most = 1 if self._singly else AT_ONCE
        found: list[Arrived] = []
        try:
            with transaction():
                if not advisory_lock(session(), ARRIVALS_LOCK):
                    return False
                found = arrivals.due(now(), most)
                for arrived in found:
                    self._kinds[arrived.kind](arrived)
                arrivals.drop(found)
        except Exception as fault:
            if fault_of(fault) or not found:
                raise
            self._set_aside(found, fault)
        self._singly = max(0, self._singly - 1) if found else 0
        return len(found) == most or self._singly > 0

    def _set_aside(self, found: list[Arrived], fault: Exception) -> None:
        """Find the one that cannot be taken in, and put it off: it holds up no other."""
        if len(found) > 1:
            self._singly = len(found) + 1
            return
        log.error("an arrival cannot be taken in", exc_info=fault)
        with transaction():
            arrivals.put_off(found[0], now())

    def _letterhead(self, language: str) -> Letterhead:
        return Letterhead(self._config.site_name, self._config.url, language)

    def _sign(self, arrived: Arrived) -> None:
        came, at = ArrivedSignature.from_bytes(arrived.opened()), now()
        signer = came.given.signer
        verdict = judge(signer.email, came.network, at, self._config, came.hold)
        ask = ask_as_signed(came.given.text_id, signer.language)
        head = self._letterhead(signer.language)
        sign(ask, came.given, head, at, hold=verdict.hold, wait=verdict.wait)

    def _mail_link(self, arrived: Arrived) -> None:
        came, at = LinkRequest.from_bytes(arrived.opened()), now()
        verdict = judge(came.email, came.network, at, self._config)
        ask = ask_as_signed(came.text_id, came.language)
        head = self._letterhead(came.language)
        request_management(ask, came.email, head, at, wait=verdict.wait)

    def _hand_in(self, arrived: Arrived) -> None:
        came, at = ArrivedLetter.from_bytes(arrived.opened()), now()
        verdict = judge(came.written.writer.email, came.network, at, self._config)
        hand_in(
            came.posted(arrived.about),
            self._letterhead(came.language),
            at,
            on_hold=verdict.hold is not None,
            is_suspect=came.is_suspect,
            wait=verdict.wait,
        )
