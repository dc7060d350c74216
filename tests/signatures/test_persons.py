"""How a name is cut to its first: never to more than its owner chose."""

import pytest

from petition.signatures.persons import first_name


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Nadia Sample", "Nadia"),
        ("Nadia de la Sample", "Nadia"),
        ("王小明", ""),
        ("Nadia", ""),
        ("Sample, Nadia", ""),
    ],
)
def test_the_first_name_is_shown_and_nothing_of_a_name_that_cannot_be_told_apart(
    name: str, first: str
) -> None:
    assert first_name(name) == first
