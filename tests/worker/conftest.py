"""Workers; one for letters, on a day on which the offices of Europe work."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from config import Config
from petition.worker.loops import Worker
from tests.factories import NOON, load_sample
from tests.grounds.mail import SmtpServer


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Friday the twentieth of November at noon, when the offices of Europe work."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def worker(config: Config, smtp_server: SmtpServer) -> Worker:
    """A worker with a mail server that behaves."""
    return Worker(replace(config, mail_server=smtp_server.url, mail_timeout=2, mail_retry=1))


@pytest.fixture
def letter_worker(
    config: Config, smtp_server: SmtpServer, noon: time_machine.Traveller
) -> Iterator[Worker]:
    """A worker with a mail server that behaves, and the sample campaign."""
    load_sample(NOON - timedelta(days=10))
    made = Worker(replace(config, mail_server=smtp_server.url, mail_timeout=2, mail_retry=1))
    made.beat()
    yield made
    made.letter_post.transport.close()
