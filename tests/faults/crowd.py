"""Load: people who sign, and people who confirm as soon as their mail is there."""

import http.client
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from tests.faults.visitors import (
    Answer,
    Mailbox,
    Visitor,
    is_inbox_page,
    mailbox_of,
    path_of,
    wait_until,
)
from tests.grounds.servers import Server

SIGNERS = 3
CONFIRMERS = 2
MOST_UNCONFIRMED = 40
BREATH = 0.05


@dataclass
class Ledger:
    """What the server has acknowledged, in the memory of those who were told."""

    signed: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    """Who pressed the button of a mail, whatever came back."""
    confirmed: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)
    """Answers that nobody should get, whatever is killed."""
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _lock: Lock = field(default_factory=Lock)

    @property
    def acknowledged(self) -> int:
        """How often somebody was told that it worked."""
        return len(self.signed) + len(self.confirmed)

    def next_address(self) -> str:
        """Return an address that has not signed."""
        with self._lock:
            return f"supporter{next(self._numbers)}@example.org"

    def to_confirm(self, mailbox: Mailbox) -> tuple[str, str] | None:
        """Take the next link that nobody has followed, with its address."""
        links = mailbox.look()
        with self._lock:
            for address, paths in links.items():
                if address not in self.asked:
                    self.asked.add(address)
                    return address, paths[0]
        return None

    def note_strange(self, answer: Answer) -> None:
        """Note an answer that is neither what was asked for nor an honest refusal."""
        self.strange.append(f"{answer.status}: {answer.body[:300]}")


class Crowd:
    """Keeps signing and confirming while it is entered; being cut off discourages nobody."""

    def __init__(self, server: Server, ledger: Ledger, token: str) -> None:
        self.visitor, self.mailbox = Visitor(server), mailbox_of(server)
        self.ledger, self.token = ledger, token
        self._stopped = Event()
        self._threads = [
            *(Thread(target=self._keep, args=(self._sign,)) for _ in range(SIGNERS)),
            *(Thread(target=self._keep, args=(self._confirm,)) for _ in range(CONFIRMERS)),
        ]

    def __enter__(self) -> Self:
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Let everybody finish what they are at."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def after(self, acknowledgements: int) -> None:
        """Wait until so many more things have been acknowledged."""
        goal = self.ledger.acknowledged + acknowledgements
        wait_until(lambda: self.ledger.acknowledged >= goal, "the server does no more work")

    def _keep(self, work: Callable[[], bool]) -> None:
        while not self._stopped.is_set():
            busy = False
            with suppress(OSError, http.client.HTTPException):
                busy = work()
            if not busy:
                self._stopped.wait(BREATH)

    def _sign(self) -> bool:
        if len(self.ledger.signed) - len(self.ledger.asked) > MOST_UNCONFIRMED:
            return False
        address = self.ledger.next_address()
        answer = self.visitor.sign(self.token, address)
        if is_inbox_page(answer):
            self.ledger.signed.add(address)
        else:
            self.ledger.note_strange(answer)
        return True

    def _confirm(self) -> bool:
        link = self.ledger.to_confirm(self.mailbox)
        if link is None:
            return False
        address, path = link
        answer = self.visitor.ask("POST", path, {})
        if answer.status == 303 and path_of(answer).endswith("/receipt"):
            self.ledger.confirmed.add(address)
        else:
            self.ledger.note_strange(answer)
        return True
