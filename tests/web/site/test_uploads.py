"""A request that brings a file is collected whole, a few at a time; any other stays a form."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from petition.web.serving.lines import MOST_BODY, MOST_UPLOADS, Line, Refused
from petition.web.site import uploads
from petition.web.site.uploads import LARGEST_UPLOAD, brings_file

UPLOAD = (
    b"POST /organiser/deliveries/7/steps/2/file HTTP/1.1\r\n"
    b"Cookie: organiser=ours\r\nContent-Length: %d\r\n\r\n"
)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know one cookie."""
    monkeypatch.setattr(uploads, "_is_known", lambda cookies: cookies == "organiser=ours")


@pytest.fixture
def lines() -> Iterator["Lines"]:
    """Connections of visitors, closed at the end."""
    with ExitStack() as stack:
        yield Lines(stack)


class Lines:
    """Visitors, each with the line on which the server listens."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def open(self, head: bytes) -> tuple[socket.socket, Line]:
        """Connect, and send the head of a request."""
        theirs, ours = socket.socketpair()
        line = Line(ours)
        self._stack.callback(theirs.close)
        self._stack.callback(line.close)
        theirs.sendall(head)
        line.take_in()
        return theirs, line


@pytest.mark.parametrize(
    ("head", "brings"),
    [
        (UPLOAD, True),
        (UPLOAD.replace(b"POST", b"GET"), False),
        (UPLOAD.replace(b"/file", b"/empty"), False),
        (UPLOAD.replace(b"/7/", b"/x/"), False),
        (UPLOAD.replace(b"/organiser", b"/en"), False),
        (b" " + UPLOAD, False),
        (b"", False),
    ],
)
def test_one_page_takes_files(head: bytes, brings: bool) -> None:
    assert brings_file(head) is brings


def test_a_file_is_collected_to_its_end(lines: Lines) -> None:
    body = b"x" * (MOST_BODY + 1)
    theirs, line = lines.open(UPLOAD % len(body))
    assert not line.is_whole()
    assert line.brings_file
    for start in range(0, len(body), 50_000):
        theirs.sendall(body[start : start + 50_000])
        line.take_in()
    assert line.is_whole()
    line.begin()
    assert line.recv(len(body) * 2).endswith(body)
    assert not line.brings_file


def test_one_too_large_one_of_a_stranger_and_what_is_no_file_are_answered_without_being_read(
    lines: Lines,
) -> None:
    elsewhere = UPLOAD.replace(b"steps/2/file", b"closed")
    stranger = UPLOAD.replace(b"ours", b"theirs")
    too_large = (LARGEST_UPLOAD + 1, MOST_BODY + 1, MOST_BODY + 1)
    for head, size in zip((UPLOAD, elsewhere, stranger), too_large, strict=True):
        _theirs, line = lines.open(head % size)
        assert line.is_whole()
        assert line.is_too_long


def test_only_a_few_are_collected_at_once_and_each_leaves_its_place(lines: Lines) -> None:
    large = UPLOAD % LARGEST_UPLOAD
    others = [lines.open(large)[1] for _number in range(MOST_UPLOADS)]
    assert {line.is_whole() for line in others} == {False}
    _theirs, late = lines.open(large)
    with pytest.raises(Refused, match="503"):
        late.is_whole()
    assert lines.open(UPLOAD % 0)[1].is_whole()
    others[0].close()
    assert not lines.open(large)[1].is_whole()
