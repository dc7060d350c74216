"""Connections to servers of others: a silent address or resolver costs its part of the time."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from petition.core.bounded_sockets import Bounds, connect
from tests.grounds.mail import LOOPBACK

NAME = "mail.example.org"
LONG = 20.0
"""Seconds in which a wait of two seconds ends, however slow the machine is."""


def bounds(stopped: threading.Event | None = None, *, seconds: float = 2.0) -> Bounds:
    """Return how long a conversation may take."""
    made = Bounds(seconds=seconds, octets=1000, stopped=stopped or threading.Event())
    made.begin()
    return made


@pytest.fixture
def silent() -> Iterator[tuple[str, int]]:
    """An address that answers nobody: the queue of its listener is full."""
    with ExitStack() as held:
        listener = held.enter_context(socket.socket())
        listener.bind((LOOPBACK, 0))
        listener.listen(0)
        for _ in range(4):
            visitor = held.enter_context(socket.socket())
            visitor.setblocking(False)
            with suppress(BlockingIOError):
                visitor.connect(listener.getsockname())
        yield listener.getsockname()


def stands_at(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int]) -> None:
    """Let a name have these addresses."""
    kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
    answer = [(*kind, address) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)


def test_the_address_that_answers_is_found_behind_one_that_does_not(
    silent: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server((LOOPBACK, 0)) as good:
        stands_at(monkeypatch, silent, good.getsockname())
        with connect(NAME, 25, bounds()) as made:
            assert made.getpeername() == good.getsockname()


def test_many_silent_addresses_take_no_longer_than_one(
    silent: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    stands_at(monkeypatch, *[silent] * 50)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        connect(NAME, 25, bounds())
    assert time.monotonic() - began < LONG


def test_a_port_where_nobody_listens_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((LOOPBACK, 0)) as there:
        nowhere = there.getsockname()
    stands_at(monkeypatch, nowhere)
    with pytest.raises(ConnectionRefusedError):
        connect(NAME, 25, bounds(seconds=600))


@pytest.mark.parametrize("is_told_to_stop", [True, False])
def test_a_resolver_that_is_silent_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, is_told_to_stop: bool
) -> None:
    over, stopped = threading.Event(), threading.Event()

    def wait(*_: Any, **__: Any) -> list[Any]:
        over.wait(600)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    if is_told_to_stop:
        stopped.set()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        connect(NAME, 25, bounds(stopped, seconds=600 if is_told_to_stop else 2))
    over.set()
    assert time.monotonic() - began < LONG


def test_a_name_that_nobody_has_is_said_as_the_resolver_says_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(socket.gaierror):
        connect(NAME, 25, bounds())
