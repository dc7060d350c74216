"""What a process remembers has a ceiling and an end; one makes it, and the others wait."""

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Event
from time import monotonic

import pytest

from petition.core.memory import Memory, forget_everything, sweep

PATIENCE = 30


class Maker:
    """Makes a number when it is let, and counts how often."""

    def __init__(self) -> None:
        self.begun, self.may_end, self.times = Event(), Event(), 0

    def __call__(self) -> int:
        self.times += 1
        self.begun.set()
        assert self.may_end.wait(PATIENCE)
        return self.times


@pytest.fixture
def crowd() -> Iterator[ThreadPoolExecutor]:
    """Others who ask."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


def test_the_oldest_goes_and_what_was_put_in_again_is_new() -> None:
    memory: Memory[str, int] = Memory(None, 3)
    for key in "abc":
        memory.put(key, 1)
    memory.put("a", 2)
    memory.put("d", 1)

    assert [memory.get(key) for key in "abcd"] == [2, None, 1, 1]
    assert len(memory) == 3


def test_what_is_weighed_has_its_ceiling_by_weight() -> None:
    memory: Memory[str, bytes] = Memory(None, 10, weigh=len)
    for key, size in {"a": 4, "b": 4, "c": 4, "d": 2}.items():
        memory.put(key, b"x" * size)
    assert [memory.get(key) is not None for key in "abcd"] == [False, True, True, True]

    memory.put("b", b"x" * 2)
    memory.put("e", b"x" * 2)
    assert [memory.get(key) is not None for key in "bcde"] == [True, True, True, True]
    memory.put("f", b"x" * 11)
    assert len(memory) == 0
    memory.put("g", b"x" * 10)
    assert len(memory) == 1


def test_threads_share_it() -> None:
    memory: Memory[int, int] = Memory(0.001, 50)

    def work(number: int) -> None:
        for step in range(500):
            memory.put((number * step) % 83, step)
            memory.at(step % 71, int)
            memory.made_by_one(step % 7, int, PATIENCE)
            memory.sweep()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert len(memory) <= 50
    assert memory._turns == {}
    memory.fresh_seconds = 0.0
    memory.sweep()
    assert (len(memory), memory._weight) == (0, 0)


def test_what_was_made_is_given_again_until_its_time_is_over() -> None:
    lasting: Memory[str, object] = Memory(60.0, 3)
    first = lasting.at("a", object)
    assert lasting.at("a", object) is lasting.get("a") is first
    lasting.clear()
    assert lasting.at("a", object) is not first

    over: Memory[str, object] = Memory(0.0, 3)
    assert over.at("a", object) is not over.at("a", object)
    assert over.get("a") is None


def test_it_is_as_old_as_what_it_was_made_of() -> None:
    memory: Memory[str, int] = Memory(60.0, 3)
    moment = monotonic()
    memory.put("a", 1, since=moment - 61)
    memory.put("b", 1, since=moment - 59)

    assert [memory.get(key) for key in "ab"] == [None, 1]


def test_that_there_is_nothing_is_not_remembered() -> None:
    recent: Memory[int, int | None] = Memory(60.0, 3)
    assert recent.at(1, lambda: None) is None
    assert recent.at(1, lambda: 5) == 5
    for made_up in range(10, 20):
        recent.at(made_up, lambda: None)
        recent.made_by_one(made_up, lambda: None, PATIENCE)

    assert recent.at(1, lambda: 6) == 5
    assert len(recent) == 1


def test_what_is_past_its_time_goes_when_anything_is_put_in_and_when_it_is_swept() -> None:
    memory: Memory[str, int] = Memory(60.0, 10)
    moment = monotonic()
    for key, age in {"a": 90, "b": 70, "c": 10}.items():
        memory._kept[key] = (moment - age, 1)
        memory._weight += 1

    memory.sweep()
    assert list(memory._kept) == ["c"]
    memory.fresh_seconds = 5.0
    memory.put("d", 1)
    assert list(memory._kept) == ["d"]
    memory.fresh_seconds = 0.0
    sweep()
    assert list(memory._kept) == []


def test_what_has_no_time_stays() -> None:
    memory: Memory[str, int] = Memory(None, 10)
    memory.put("a", 1, since=0.0)
    memory.put("b", 1)
    sweep()

    assert [memory.get(key) for key in "ab"] == [1, 1]


def test_one_makes_it_and_the_others_wait(crowd: ThreadPoolExecutor) -> None:
    memory: Memory[str, int] = Memory(60.0, 3)
    make = Maker()
    asked = [crowd.submit(memory.made_by_one, "a", make, PATIENCE) for _ in range(8)]
    assert make.begun.wait(PATIENCE)
    assert memory.made_by_one("other", lambda: 7, 0) == 7, "what has another key waits for it"
    make.may_end.set()

    assert {one.result(PATIENCE) for one in asked} == {1}
    assert make.times == 1
    assert memory._turns == {}


def test_who_waits_in_vain_makes_it_alone(crowd: ThreadPoolExecutor) -> None:
    memory: Memory[str, int] = Memory(60.0, 3)
    make = Maker()
    slow = crowd.submit(memory.made_by_one, "a", make, PATIENCE)
    assert make.begun.wait(PATIENCE)
    assert memory.made_by_one("a", lambda: 7, 0.01) == 7
    assert not slow.done()
    make.may_end.set()

    assert slow.result(PATIENCE) == 1
    assert memory._turns == {}


def test_where_one_fails_the_next_one_tries(crowd: ThreadPoolExecutor) -> None:
    memory: Memory[str, int] = Memory(60.0, 3)
    make = Maker()

    def fail() -> int:
        make()
        raise KeyError

    failing = crowd.submit(memory.made_by_one, "a", fail, PATIENCE)
    assert make.begun.wait(PATIENCE)
    others = [crowd.submit(memory.made_by_one, "a", lambda: 7, PATIENCE) for _ in range(5)]
    make.may_end.set()

    assert isinstance(failing.exception(PATIENCE), KeyError)
    assert {one.result(PATIENCE) for one in others} == {7}
    assert memory._turns == {}


def test_everything_is_forgotten_at_once() -> None:
    import_module("petition.app")
    ours = [one for one in gc.get_objects() if type(one) is Memory]
    for memory in ours:
        memory.put("key", b"value")
    assert len(ours) > 8
    assert {len(memory) > 0 for memory in ours} == {True}
    forget_everything()

    assert {len(memory) for memory in ours} == {0}
