"""Sets of numbers, as an export keeps which signatures it held."""

import zlib

from hypothesis import given
from hypothesis import strategies as st

from petition.exports.numbers import BYTES, CHUNK, MOST_OPEN, Numbers, chunks_of

NUMBERS = st.sets(
    st.integers(0, 3 * CHUNK) | st.sampled_from([0, CHUNK - 1, CHUNK, 5 * CHUNK, 2**40])
)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_they_are_sets(first: set[int], second: set[int], left: set[int]) -> None:
    numbers = Numbers.of(first)
    numbers.discard(sorted(left))
    numbers.take_in(Numbers.of(second))
    asked = first | second | left | {1, CHUNK + 1}
    expected = (first - left) | second

    assert numbers.among(asked) == expected
    assert Numbers(numbers.packed()).among(asked) == expected
    assert numbers.packed().keys() == chunks_of(expected)


def test_a_number_is_one_bit_from_the_lowest_on() -> None:
    [(chunk, bits)] = Numbers.of([CHUNK, CHUNK + 9]).packed().items()

    assert chunk == 1
    assert zlib.decompress(bits) == bytes([1, 2]).ljust(BYTES, b"\0")


def test_numbers_come_in_batches_and_what_comes_later_is_added() -> None:
    numbers = Numbers()
    for start in (1, 1_001, CHUNK - 500, CHUNK + 500):
        numbers.add(range(start, start + 1_000))
    numbers.add([7, CHUNK * 2, CHUNK * 2 + 3])
    numbers.add([])

    asked = range(0, CHUNK * 3, 1)
    found = numbers.among(asked)
    assert len(found) == 4_002
    assert {1, 2_000, CHUNK - 500, CHUNK + 499, CHUNK + 1_499, CHUNK * 2} <= found
    assert not {0, 2_001, CHUNK - 501, CHUNK + 1_500, CHUNK * 2 + 1} & found


def test_batches_may_go_through_all_chunks_again_and_again_more_than_are_open() -> None:
    numbers, chunks = Numbers(), range(MOST_OPEN + 3)
    for nth in range(3):
        numbers.add([chunk * CHUNK + nth for chunk in chunks])
    numbers.discard([CHUNK + 1])

    asked = {chunk * CHUNK + nth for chunk in chunks for nth in range(4)}
    assert len(numbers.among(asked)) == 3 * len(chunks) - 1
    assert Numbers(numbers.packed()).among(asked) == numbers.among(asked)


def test_many_in_a_row_take_little_room_and_any_take_a_bit_at_most() -> None:
    in_a_row = Numbers.of(range(CHUNK))
    alternating = Numbers.of(number for number in range(CHUNK) if hash((number, 1)) & 16)

    assert sum(map(len, in_a_row.packed().values())) < 100
    assert sum(map(len, alternating.packed().values())) < BYTES + 100
