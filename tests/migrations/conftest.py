"""An install of migration 0023 with ten thousand signatures and letters, brought up to date."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import time_machine
from alembic import command
from sqlalchemy import select

from petition.audit.noting import begin_log
from petition.cli.migrate import bring_up_to_date
from petition.core.keyring import sealing
from petition.core.keyring.installed import tie_to_keys
from petition.core.keyring.keys import KeyFile
from petition.core.storage import database as core_database
from petition.core.storage.database import rows_of, session, transaction
from petition.core.storage.migrating import alembic_config
from petition.holds.models import Hold
from petition.letters.desk.numbers import Numbers, numbers_by_letter_campaign
from petition.safekeeping.tallies import take_in
from petition.signatures.tally import counts
from tests.grounds.databases import KINDS, Databases
from tests.migrations.before import NOON, Before
from tests.migrations.campaign_before import BEGAN, put_campaign
from tests.migrations.comparing import Snapshot
from tests.migrations.letters_before import put_letters
from tests.migrations.signatures_before import put_signatures

OF_BEFORE = "0023"


@dataclass
class Upgraded:
    """An install that came from migration 0023, and what stood in it on the way."""

    url: str
    keys: KeyFile
    before: Snapshot = field(init=False)
    after: Snapshot = field(init=False)
    back: Snapshot = field(init=False)
    """After the migrations were undone."""
    again: Snapshot = field(init=False)
    """Once they were applied again."""
    numbers: dict[int, Numbers] = field(init=False)
    """How its letters stood then."""
    counts: dict[int, int] = field(init=False)
    """How many signatures of each petition counted, once the tally had taken all in."""
    holds: Counter[tuple[Any, ...]] = field(init=False)
    """What its holds said, but for their own numbers."""

    @property
    def folder(self) -> Path:
        """Its instance folder."""
        return self.keys.path.parent

    def open(self) -> None:
        """Use it in this process."""
        sealing.configure(self.keys)
        core_database.configure(self.url)


def _taken() -> Snapshot:
    session.remove()
    with core_database.engine().connect() as connection:
        return Snapshot.of(connection)


def _fill() -> None:
    command.upgrade(alembic_config(), OF_BEFORE)
    with transaction() as writing:
        old = Before(writing.connection())
        put_campaign(old)
        put_signatures(old)
        put_letters(old)
        tie_to_keys()
        begin_log(BEGAN)


def _go_up_and_down(install: Upgraded) -> None:
    install.before = _taken()
    bring_up_to_date()
    install.after = _taken()
    columns = [column for column in rows_of(Hold).c if column.name != "id"]
    install.holds = Counter(map(tuple, session.execute(select(*columns)).all()))
    install.numbers = numbers_by_letter_campaign()
    session.remove()
    command.downgrade(alembic_config(), OF_BEFORE)
    install.back = _taken()
    bring_up_to_date()
    install.again = _taken()
    with transaction():
        take_in()
    install.counts = counts([1, 2])
    session.remove()


@pytest.fixture(scope="package", params=KINDS)
def upgraded(
    request: pytest.FixtureRequest,
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Upgraded:
    """The install; its tests take from it what no other one asks for."""
    keys = KeyFile(tmp_path_factory.mktemp("upgraded") / "keys.json")
    keys.create_if_missing()
    install = Upgraded(databases.empty(request.param, keys.path.parent), keys)
    install.open()
    with time_machine.travel(NOON, tick=False):
        _fill()
        _go_up_and_down(install)
    core_database.dispose()
    return install


@pytest.fixture
def instance(upgraded: Upgraded) -> Path:
    """Its instance folder, with its keys in use."""
    sealing.configure(upgraded.keys)
    return upgraded.folder


@pytest.fixture
def database(upgraded: Upgraded) -> Iterator[str]:
    """Its database, in use."""
    upgraded.open()
    yield upgraded.url
    core_database.dispose()


@pytest.fixture
def noon(database: str) -> Iterator[time_machine.Traveller]:
    """The hour in which it was upgraded."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
