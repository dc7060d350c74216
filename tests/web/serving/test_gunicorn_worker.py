"""Nobody holds the web server: neither who writes or reads slowly, nor a request that is stuck."""

import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import RemoteDisconnected
from pathlib import Path
from threading import Thread

import pytest

from petition.web.serving.lines import MOST_BODY
from petition.web.site.program import LARGEST_REQUEST
from tests.faults.visitors import wait_until
from tests.grounds.slow_visitors import AT_ONCE, dripping, slowest
from tests.web.serving.odd_application import LARGE, VERY_LARGE
from tests.web.serving.odd_server import LIMIT, Odd, served, wait_until_it_answers


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    """The odd application under the limits that the product has."""
    with served(
        tmp_path_factory.mktemp("odd"), "petition.web.serving.gunicorn_worker.PatientWorker"
    ) as one:
        yield one


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    """The odd application under limits of a second or two."""
    with served(
        tmp_path_factory.mktemp("hasty"), "tests.web.serving.odd_application.HastyWorker"
    ) as one:
        yield one


def read_all(line: socket.socket) -> bytes:
    """Return what comes until the other side ends."""
    found = bytearray()
    while piece := line.recv(65_536):
        found += piece
    return bytes(found)


def who_answers(line: socket.socket) -> bytes:
    """Return what the first answer says, which stays on its connection."""
    found = b""
    while not found.partition(b"\r\n\r\n")[2]:
        found += line.recv(65_536)
    return found.partition(b"\r\n\r\n")[2]


@pytest.mark.fault
def test_readers_who_take_nothing_keep_nobody_waiting_and_lose_nothing(odd: Odd) -> None:
    with ExitStack() as stack:
        readers = [stack.enter_context(odd.line()) for _ in range(16)]
        for reader in readers:
            reader.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        assert slowest(odd.port, "/", 20) < AT_ONCE
        answers = [read_all(reader).partition(b"\r\n\r\n")[2] for reader in readers]

    assert {len(answer) for answer in answers} == {LARGE}


def test_a_large_file_reaches_a_slow_reader_whole(odd: Odd) -> None:
    received = 0
    with odd.line() as reader:
        reader.sendall(b"GET /very-large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        started = time.monotonic()
        while piece := reader.recv(1024 * 1024):
            received += len(piece)
            time.sleep(0.1)

    assert received > VERY_LARGE
    assert time.monotonic() - started > float(LIMIT), "the download was no longer than a stuck one"


def test_a_reader_who_takes_nothing_of_a_very_large_file_is_cut_off(odd: Odd) -> None:
    with odd.line() as reader:
        reader.sendall(b"GET /very-large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(3)  # twice as long as this server lets a reader take nothing

        assert len(read_all_or_lose(reader)) < VERY_LARGE


@pytest.mark.fault
def test_readers_of_a_file_that_is_in_memory_hold_no_thread_however_large_it_is(odd: Odd) -> None:
    with ExitStack() as stack:
        for _ in range(4):
            reader = stack.enter_context(odd.line())
            reader.sendall(b"GET /whole HTTP/1.1\r\nHost: x\r\n\r\n")

        assert slowest(odd.port, "/", 20) < AT_ONCE


def test_a_file_that_is_in_memory_reaches_a_slow_reader_whole(odd: Odd) -> None:
    with odd.line() as reader:
        reader.sendall(b"GET /whole HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = read_all(reader)

    assert len(answer.partition(b"\r\n\r\n")[2]) == VERY_LARGE


def read_all_or_lose(line: socket.socket) -> bytes:
    found = bytearray()
    try:
        while piece := line.recv(65_536):
            found += piece
    except ConnectionResetError:
        pass
    return bytes(found)


def test_what_is_past_its_time_leaves_memory_though_nobody_asks_for_it_again(odd: Odd) -> None:
    assert odd.ask("/echo", b"a name") == b"a name"

    wait_until(lambda: odd.ask("/kept") == b"0", "it stays in memory for ever")


def test_a_form_that_comes_slowly_is_taken(odd: Odd) -> None:
    with odd.line() as line:
        for piece in (b"POST /echo HT", b"TP/1.1\r\nHost: x\r\nContent-Le", b"ngth: 6\r\n"):
            line.sendall(piece)
            time.sleep(0.1)
        for piece in (b"Connection: close\r\n\r\n", b"abc", b"d", b"ef"):
            line.sendall(piece)
            time.sleep(0.1)

        assert read_all(line).endswith(b"\r\n\r\nabcdef")


@pytest.mark.fault
def test_whoever_has_waited_longest_makes_room_for_the_next(tmp_path: Path) -> None:
    few = {"GUNICORN_CMD_ARGS": "--worker-connections 8"}
    with served(tmp_path, "petition.web.serving.gunicorn_worker.PatientWorker", **few) as odd:
        with ExitStack() as stack:
            for number in range(60):
                line = stack.enter_context(odd.line())
                if number % 2:
                    line.sendall(b"G")
                if number % 10 == 0:
                    assert odd.ask("/") != b""
        assert odd.ask("/") != b""
        assert odd.lines_of_log() == []


@pytest.mark.parametrize(
    "begins",
    [b"G", b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"],
    ids=["in its head", "in its body"],
)
def test_dripping_does_not_lengthen_the_time_of_a_request(begins: bytes, hasty: Odd) -> None:
    started = time.monotonic()
    with hasty.line() as line:
        line.sendall(begins)
        with dripping([line]):
            answer = read_all(line)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - started < 10


def test_who_says_nothing_is_let_go(hasty: Odd) -> None:
    with hasty.line() as line:
        assert read_all(line) == b""


def test_connections_that_come_at_once_and_stay_fall_to_every_process(tmp_path: Path) -> None:
    two = {"PETITION_WEB_PROCESSES": "2"}
    shares: list[Counter[bytes]] = []
    with served(tmp_path, "petition.web.serving.gunicorn_worker.PatientWorker", **two) as odd:
        while len({odd.ask("/") for _ in range(20)}) < 2:
            pass  # the second process is still starting
        for _burst in range(20):
            with ExitStack() as stack:
                lines = [stack.enter_context(odd.line()) for _ in range(8)]
                for line in lines:
                    line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                shares.append(Counter(who_answers(line) for line in lines))

    assert sum(len(share) == 2 for share in shares) >= 12


def test_one_connection_carries_many_requests_even_sent_at_once(odd: Odd) -> None:
    first, second = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"POST /echo HTTP/1.1\r\nHost: x\r\n"
    with odd.line() as line:
        line.sendall(first + second + b"Content-Length: 3\r\nConnection: close\r\n\r\nabc")
        answers = read_all(line)

    assert answers.count(b"HTTP/1.1 200 OK") == 2
    assert answers.endswith(b"\r\n\r\nabc")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 40_000, b"431"),
        (b"POST /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", b"400"),
        (b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n", b"200"),
        (b"GET / HTTP/1.1 \x00\r\n\r\n", b"400"),
    ],
    ids=["length left open", "long head", "two lengths", "negative", "too long", "no request"],
)
def test_a_request_that_is_not_as_it_should_be_ends_its_connection(
    request_bytes: bytes, status: bytes, odd: Odd
) -> None:
    with odd.line() as line:
        line.sendall(request_bytes)
        answer = read_all(line)

    assert answer.startswith(b"HTTP/1.1 " + status)
    assert answer.count(b"\r\nConnection: close\r\n") == answer.count(b"\r\n\r\n") == 1


@pytest.mark.parametrize("expectation", [b"Expect: 100-continue", b"expect:100-Continue "])
def test_who_asks_before_sending_a_body_is_told_to_go_on_once(expectation: bytes, odd: Odd) -> None:
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n"
    with odd.line() as line:
        line.sendall(head + expectation + b"\r\n\r\n")
        assert line.recv(1024) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"abc")

        assert read_all(line).endswith(b"abc")


@pytest.mark.fault
def test_a_request_that_is_stuck_ends_its_process_and_another_begins(tmp_path: Path) -> None:
    with served(tmp_path, "petition.web.serving.gunicorn_worker.PatientWorker") as odd:
        before = odd.ask("/")
        assert odd.ask("/steps") == b"." * 30  # longer, but it gets on
        assert odd.ask("/") == before

        with odd.line() as line:
            line.sendall(b"GET /stuck?secret HTTP/1.1\r\nHost: x\r\n\r\n")
            assert read_all_or_lose(line) == b""
        assert wait_until_it_answers(odd) != before

        (said,) = odd.lines_of_log()
    line_of_log = json.loads(said)
    assert line_of_log["event"] == "a request is stuck; its process ends"
    assert any(place.startswith("gunicorn_worker.py:") for place in line_of_log["at"])
    assert "secret" not in said


@pytest.mark.fault
def test_who_comes_while_the_server_ends_is_answered_or_refused(tmp_path: Path) -> None:
    ended: Counter[str] = Counter()

    def ask_until_refused(odd: Odd) -> None:
        while "refused" not in (fate := fate_of_a_request(odd)):
            ended[fate] += 1
        ended[fate] += 1

    with served(tmp_path, "petition.web.serving.gunicorn_worker.PatientWorker") as odd:
        visitors = [Thread(target=ask_until_refused, args=(odd,)) for _ in range(5)]
        for visitor in visitors:
            visitor.start()
        odd.process.terminate()
        for visitor in visitors:
            visitor.join()

    assert ended["refused"] == 5
    assert ended["reset"] <= 1  # of five who were all reset: the kernel's queue is closed at last


def fate_of_a_request(odd: Odd) -> str:
    try:
        odd.ask("/")
    except ConnectionRefusedError:
        return "refused"
    except (ConnectionResetError, RemoteDisconnected):
        return "reset"
    return "answered"


def test_the_largest_request_that_pages_take_is_collected() -> None:
    assert LARGEST_REQUEST <= MOST_BODY
