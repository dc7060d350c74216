"""A file is made once, two are made at a time, and nobody waits for long."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from petition.core.memory import sweep
from petition.core.printing import presses
from petition.core.printing.presses import Presses, PressesAtWork

PATIENCE = 30


class Press:
    """Makes a file when it is let, and counts how often."""

    def __init__(self) -> None:
        self.begun, self.may_end, self.times = Event(), Event(), 0

    def __call__(self) -> bytes:
        self.times += 1
        self.begun.set()
        assert self.may_end.wait(PATIENCE)
        return b"file"


def test_two_are_made_at_a_time_and_the_third_comes_again() -> None:
    room, first, second, third = Presses(), Press(), Press(), Press()
    third.may_end.set()
    with ThreadPoolExecutor(2) as crowd:
        made = [crowd.submit(room.made, b"1", first), crowd.submit(room.made, b"2", second)]
        assert first.begun.wait(PATIENCE)
        assert second.begun.wait(PATIENCE)
        with pytest.raises(PressesAtWork):
            room.made(b"3", third)
        first.may_end.set()
        second.may_end.set()
        assert [one.result(PATIENCE) for one in made] == [b"file", b"file"]

    assert room.made(b"3", third) == b"file"


def test_the_same_file_is_made_once_for_those_who_ask_meanwhile_and_soon_after() -> None:
    room, press = Presses(), Press()
    with ThreadPoolExecutor(12) as crowd:
        readers = [crowd.submit(room.made, b"1", press) for _ in range(12)]
        assert press.begun.wait(PATIENCE)
        told = [one for one in readers if isinstance(fault_of(one), PressesAtWork)]
        press.may_end.set()

    assert len(told) == 12 - 1 - presses.MOST_JOINING
    assert {one.result() for one in readers if one not in told} == {b"file"}
    assert room.made(b"1", press) == b"file"
    assert press.times == 1


def fault_of(reader: Future[bytes]) -> BaseException | None:
    """Return why a reader was sent away; None for one who waits."""
    try:
        return reader.exception(1)
    except TimeoutError:
        return None


def test_what_fails_is_told_and_tried_again() -> None:
    room, press = Presses(), Press()
    press.may_end.set()

    def fail() -> bytes:
        raise KeyError

    with pytest.raises(KeyError):
        room.made(b"1", fail)
    assert room.made(b"1", press) == b"file"


def test_what_is_kept_is_bounded_in_size_and_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presses, "MOST_KEPT", 10)
    room, press = Presses(), Press()
    press.may_end.set()

    for order in (b"1", b"2", b"3", b"1"):  # of the first three, two fit
        room.made(order, press)
    assert press.times == 4
    room._kept.fresh_seconds = 0.0
    sweep()
    assert len(room._kept) == 0
