"""What a process remembers has a ceiling, and what is newest stays."""

from concurrent.futures import ThreadPoolExecutor

from petition.core.memory import Memory, Recent


def test_the_oldest_goes_and_what_was_put_in_again_is_new() -> None:
    memory: Memory[str, int] = Memory(3)
    for key in "abc":
        memory.put(key, 1)
    memory.put("a", 2)
    memory.put("d", 1)

    assert [memory.get(key) for key in "abcd"] == [2, None, 1, 1]
    assert len(memory) == 3


def test_what_is_made_where_nothing_is_has_the_same_ceiling() -> None:
    memory: Memory[int, object] = Memory(3)
    first = memory.at(1, object)
    assert memory.at(1, object) is first
    for key in range(10):
        memory.at(key, object)

    assert len(memory) == 3
    memory.drop(9)
    memory.drop(9)
    assert memory.get(9) is None
    memory.clear()
    assert len(memory) == 0


def test_threads_share_it() -> None:
    memory: Memory[int, int] = Memory(50)

    def work(number: int) -> None:
        for step in range(500):
            memory.put((number * step) % 83, step)
            memory.at(step % 71, int)
            memory.drop(step % 7)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert len(memory) <= 50


def test_what_was_read_is_given_again_until_its_time_is_over() -> None:
    lasting: Recent[str, object] = Recent(3, 60.0)
    first = lasting.at("a", object)
    assert lasting.at("a", object) is first
    lasting.clear()
    assert lasting.at("a", object) is not first

    over: Recent[str, object] = Recent(3, 0.0)
    assert over.at("a", object) is not over.at("a", object)


def test_that_there_is_nothing_is_not_remembered() -> None:
    recent: Recent[int, int | None] = Recent(3, 60.0)
    assert recent.at(1, lambda: None) is None
    assert recent.at(1, lambda: 5) == 5
    for made_up in range(10, 20):
        recent.at(made_up, lambda: None)

    assert recent.at(1, lambda: 6) == 5
