"""Counts of the hour have a ceiling, however many networks and domains are made up."""

from collections import Counter

import pytest

from petition.web.forms import rates
from petition.web.forms.rates import ProcessRates


def test_no_network_and_no_domain_stands_in_the_memory() -> None:
    counted = ProcessRates()
    assert [counted.count("network", "192.0.2.0/24") for _ in range(2)] == [1, 2]
    assert counted.count("domain", "192.0.2.0/24") == 1

    assert "192.0.2" not in repr(vars(counted))


def test_made_up_values_do_not_fill_the_memory_and_those_that_came_often_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rates, "MOST_COUNTED", 1_000)
    monkeypatch.setattr(rates, "STILL_COUNTED", 100)
    counted = ProcessRates()
    for _ in range(60):
        counted.count("domain", "busy.example")
    for number in range(5_000):
        counted.count("domain", f"made-up-{number}.example")
        assert len(counted._counts) <= 1_000

    assert counted.count("domain", "busy.example") == 61
    assert isinstance(counted._counts, Counter)
