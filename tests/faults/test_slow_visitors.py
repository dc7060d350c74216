"""Whoever sends byte by byte, or nothing at all, or asks for much, keeps nobody else waiting."""

import socket
from collections import Counter
from contextlib import ExitStack
from threading import Event, Thread

import pytest
from bs4 import BeautifulSoup

from tests.faults.visitors import Answer, Visitor, path_of, wait_until
from tests.grounds.client import filled_in
from tests.grounds.mail import LOOPBACK
from tests.grounds.servers import Server
from tests.grounds.slow_visitors import AT_ONCE, dripping, slowest

FORM = b"POST /en/petitions/none HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n"


@pytest.mark.fault
def test_slow_visitors_keep_nobody_waiting(live_server: Server) -> None:
    with ExitStack() as stack:

        def line(*begins: bytes) -> socket.socket:
            made = socket.create_connection((LOOPBACK, live_server.port))
            stack.enter_context(made)
            for begin in begins:
                made.sendall(begin)
            return made

        with_one_byte = [line(b"G") for _ in range(16)]
        with_half_a_form = [line(FORM, b"x") for _ in range(16)]
        silent = [line() for _ in range(64)]
        with dripping(with_half_a_form):
            assert slowest(live_server.port, "/healthz", 30) < AT_ONCE
        assert len(with_one_byte) + len(silent) == 80


@pytest.mark.fault
def test_readers_of_a_letter_on_paper_keep_nobody_waiting(live_server: Server) -> None:
    paper = paper_of_a_draft(Visitor(live_server))
    stopped, statuses = Event(), Counter[int]()

    def read() -> None:
        while not stopped.is_set():
            statuses[Visitor(live_server).status_of(paper)] += 1

    def look(took: list[float]) -> bool:
        took.append(slowest(live_server.port, "/healthz", 1))
        return False

    readers = [Thread(target=read) for _ in range(12)]
    for reader in readers:
        reader.start()
    took = [0.0]
    try:
        wait_until(lambda: statuses[200] > 24 or look(took), "nobody gets the paper")
    finally:
        stopped.set()
        for reader in readers:
            reader.join()
    assert max(took) < AT_ONCE
    assert statuses.keys() <= {200, 503}


def paper_of_a_draft(visitor: Visitor) -> str:
    """Begin a letter, address it, and return the path of its paper."""
    path = "/en/letters/letter-on-human-trafficking"
    typed = {"name": "Nadia Sample", "email": "nadia@example.org", "country": "GB"}
    ask = path_of(sent(visitor, path, typed))
    choice = BeautifulSoup(visitor.ask("GET", ask).body, "html.parser").select_one(
        "[name=recipient]"
    )
    assert choice is not None
    reasons = path_of(sent(visitor, ask, {"recipient": str(choice["value"])}))
    return reasons.rpartition("/")[0] + "/letter.pdf"


def sent(visitor: Visitor, path: str, typed: dict[str, str]) -> Answer:
    """Fill in the form of a page."""
    form = BeautifulSoup(visitor.ask("GET", path).body, "html.parser").select_one(
        "main form[method=post]"
    )
    assert form is not None
    given = {name: str(value) for name, value in filled_in(form, typed).items()}
    return visitor.ask("POST", path, given)
