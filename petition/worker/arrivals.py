"""What strangers' forms brought in: taken in batches, judged, and made into what it asks for."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.exc import NoResultFound

from config import Config
from petition.arrivals import actions as arrivals
from petition.arrivals.actions import Arrived
from petition.arrivals.budgets import Ledger
from petition.core.clock import now
from petition.core.log import fault_fields
from petition.core.seldom import Seldom
from petition.core.storage.database import advisory_lock, session, transaction
from petition.core.storage.database_faults import fault_of
from petition.holds.models import HoldCause
from petition.letters.actions import hand_in
from petition.letters.arriving import LETTER, ArrivedLetter
from petition.links.letterhead import Letterhead
from petition.petitions.asks import Ask, ask_as_signed
from petition.signatures.actions import (
    Act,
    have_signed,
    request_management,
    sign,
    sign_first,
    tag_for,
)
from petition.signatures.arriving import LINK_REQUEST, SIGNATURE, ArrivedSignature, LinkRequest
from petition.signatures.mailing import Mailing
from petition.worker.suspicion import Budgets, Verdict, budgets_of, judge

AT_ONCE = 50
BATCH_SECONDS = 0.1
"""When a batch has taken so long it is committed: people who sign wait for its locks."""
SIGNATURES_LOCK = 7_411_004
LETTERS_LOCK = 7_411_005
_broken = Seldom()


@dataclass(frozen=True, slots=True)
class Batch:
    """What is taken in together."""

    config: Config
    ledger: Ledger

    @property
    def at(self) -> datetime:
        """When it is taken in."""
        return self.ledger.at

    def letterhead(self, language: str) -> Letterhead:
        """Return who writes to those who read a language."""
        return Letterhead(self.config.site_name, self.config.url, language)


Steps = Iterator[Sequence[Arrived]]
"""What is taken in step by step: the arrivals of each."""


class Arrivals:
    """Takes in what arrives of some kinds, one worker at a time: what came first is there first."""

    def __init__(
        self,
        config: Config,
        lock: int,
        kinds: Mapping[str, Callable[[Batch, Sequence[Arrived]], Steps]],
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
        until, taken = time.monotonic() + BATCH_SECONDS, list[Arrived]()
        batch = Batch(self._config, Ledger(now()))
        for step in self._steps(batch, found):
            taken += step
            if time.monotonic() > until:
                break
        batch.ledger.write()
        return taken

    def _steps(self, batch: Batch, found: Sequence[Arrived]) -> Steps:
        for kind, some in groupby(found, lambda arrived: arrived.kind):
            yield from self._kinds[kind](batch, list(some))

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
    kinds = {SIGNATURE: _sign_all, LINK_REQUEST: _each(_mail_link)}
    return Arrivals(config, SIGNATURES_LOCK, kinds)


def of_letters(config: Config) -> Arrivals:
    """Return what takes in letters, which cost more: no signature waits for them."""
    return Arrivals(config, LETTERS_LOCK, {LETTER: _each(_hand_in)})


def _each(take: Callable[[Batch, Arrived], None]) -> Callable[[Batch, Sequence[Arrived]], Steps]:
    """Return what takes in one after the other."""

    def steps(batch: Batch, some: Sequence[Arrived]) -> Steps:
        for arrived in some:
            with suppress(NoResultFound):  # what it answers to is no more, and nobody to tell
                take(batch, arrived)
            yield [arrived]

    return steps


def _mail_link(batch: Batch, arrived: Arrived) -> None:
    came = LinkRequest.from_bytes(arrived.opened())
    ask = ask_as_signed(came.text_id, came.language)
    request_management(ask, came.email, batch.letterhead(came.language), batch.at)


def _hand_in(batch: Batch, arrived: Arrived) -> None:
    came = ArrivedLetter.from_bytes(arrived.opened())
    cause = HoldCause.PROGRAM if came.is_suspect else None
    budgets = budgets_of(came.written.writer.email, came.network, batch.at, batch.config)
    verdict = judge(budgets, batch.ledger, cause)
    letter, head = came.finished(arrived.about), batch.letterhead(came.language)
    if hand_in(letter, head, batch.at, hold=verdict.hold, wait=verdict.wait):
        verdict.note_mail(batch.ledger)


@dataclass(frozen=True, slots=True)
class Came:
    """A signature that has arrived, read."""

    arrived: Arrived
    sent: ArrivedSignature
    ask: Ask
    tag: bytes
    budgets: Budgets


def _sign_all(batch: Batch, some: Sequence[Arrived]) -> Steps:
    """Take in signatures: the first ones of several mailboxes together, every other by itself."""
    read = [(arrived, _read(batch, arrived)) for arrived in some]
    yield [arrived for arrived, came in read if came is None]
    here = [came for _, came in read if came is not None]
    batch.ledger.read([code for came in here for code, _ in came.budgets.values()])
    signed = have_signed({came.ask.petition_id for came in here}, {came.tag for came in here})
    first: list[Came] = []
    for came in here:
        if came.tag not in signed:
            signed.add(came.tag)
            first.append(came)
            continue
        yield _sign_first(batch, first)
        first = []
        yield _sign_again(batch, came)
    yield _sign_first(batch, first)


def _read(batch: Batch, arrived: Arrived) -> Came | None:
    """Open what has arrived; None where its campaign is no more, and nobody to tell."""
    came = ArrivedSignature.from_bytes(arrived.opened())
    signer = came.given.signer
    try:
        ask = ask_as_signed(came.given.text_id, signer.language)
    except NoResultFound:
        return None
    tag = tag_for(ask.petition_id, signer.email)
    budgets = budgets_of(signer.email, came.network, batch.at, batch.config)
    return Came(arrived, came, ask, tag, budgets)


def _sign_first(batch: Batch, first: Sequence[Came]) -> Sequence[Arrived]:
    """Sign for mailboxes that have signed nothing; what mails counts before the next is judged."""
    acts: list[Act] = []
    for came in first:
        act, verdict = _judged(batch, came)
        acts.append(act)
        if act.mails:
            verdict.note_mail(batch.ledger)
    for act in sign_first(acts):  # somebody has meanwhile, elsewhere
        sign(act)
    return [came.arrived for came in first]


def _sign_again(batch: Batch, came: Came) -> Sequence[Arrived]:
    """Sign for a mailbox that has signed before."""
    act, verdict = _judged(batch, came)
    if sign(act):
        verdict.note_mail(batch.ledger)
    return [came.arrived]


def _judged(batch: Batch, came: Came) -> tuple[Act, Verdict]:
    given = came.sent.given
    verdict = judge(came.budgets, batch.ledger, came.sent.hold)
    head = batch.letterhead(given.signer.language)
    mailing = Mailing(came.ask, head, batch.at, verdict.wait)
    return Act(mailing, given, came.tag, verdict.hold, came.sent.source), verdict
