"""The sample campaign, and somebody who visits it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from tests.factories import NOON, load_sample
from tests.grounds.client import ReadingClient
from tests.web.public.people import Person


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The twentieth of November at noon, until `clock.shift(hours)` moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person(clock: time_machine.Traveller, client: ReadingClient) -> Person:
    """Somebody who visits the sample campaign while it runs."""
    load_sample(NOON - timedelta(days=10))
    return Person(client)
