"""The ground under every test: no network, two databases, a client that reads its pages."""

import math
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import hypothesis
import pytest

from config import Config
from tests.grounds import network, postgres
from tests.grounds.client import HOST, ReadingClient

if TYPE_CHECKING:
    from flask import Flask

pytest_plugins = (
    "tests.grounds.browsing",
    "tests.grounds.databases",
    "tests.grounds.mail",
    "tests.grounds.imap",
    "tests.grounds.servers",
    "tests.grounds.replays",
    "tests.grounds.choosing",
    "tests.grounds.budget",
)

hypothesis.settings.register_profile(
    "tests",
    deadline=None,  # two cores, shared with a browser and two databases
    max_examples=50,
    print_blob=True,
    suppress_health_check=[
        hypothesis.HealthCheck.function_scoped_fixture,
        hypothesis.HealthCheck.too_slow,
    ],
)
hypothesis.settings.load_profile("tests")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let others ask for pictures."""
    parser.addoption("--screenshots", metavar="DIR", help="where browser tests leave screenshots")


def pytest_configure(config: pytest.Config) -> None:
    """Name the run, so that its workers find one PostgreSQL."""
    if not hasattr(config, "workerinput"):
        config.option.testrunuid = config.option.testrunuid or uuid.uuid4().hex[:12]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what the workers shared."""
    if not hasattr(config, "workerinput"):
        postgres.remove(config.option.testrunuid)


@pytest.fixture(scope="session")
def run_name(request: pytest.FixtureRequest) -> str:
    """A name that the workers of this run share, and no other run has."""
    given = getattr(request.config, "workerinput", None)
    return cast(str, given["testrunuid"] if given else request.config.option.testrunuid)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Nothing but this machine can be reached."""
    with pytest.MonkeyPatch.context() as patch:
        network.guard(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def transactions() -> None:
    """What locks or writes has a transaction."""
    from tests.grounds.transactions import guard

    guard()


@pytest.fixture(scope="session", autouse=True)
def clock_of_this_host() -> Iterator[None]:
    """Tests travel in time, and the database stays where it is: its clock is not asked."""
    from petition.core import clock

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "ASK_SECONDS", math.inf)
        yield


@pytest.fixture
def config(instance: Path, database: str) -> Config:
    """The settings of an install under test; change them with `dataclasses.replace`."""
    defaults = Config.from_environment({})
    return replace(defaults, instance=instance, database_url=database, public_url=f"http://{HOST}")


@pytest.fixture(scope="session")
def built_apps() -> dict[tuple[bool, int], "Flask"]:
    """The applications of this worker by what decides how they are built."""
    return {}


@pytest.fixture
def app(config: Config, built_apps: dict[tuple[bool, int], "Flask"]) -> "Flask":
    """The product, on a clean database, once for each kind; built once, with its pages compiled."""
    from petition import web
    from petition.opening import open_instance

    shape = (config.on_loopback, config.proxies)
    if shape not in built_apps:
        built_apps[shape] = new_app(config)
    else:
        open_instance(config)
        web.use(built_apps[shape], config)
        begin_its_log()
    return built_apps[shape]


@pytest.fixture
def fresh_app(config: Config) -> "Flask":
    """The product, built for this test alone, which may add to it."""
    return new_app(config)


def new_app(config: Config) -> "Flask":
    """Build the product, with clients that read its pages."""
    from petition.app import create_app

    application = create_app(config)
    application.testing = True
    application.test_client_class = ReadingClient
    begin_its_log()
    return application


def begin_its_log() -> None:
    """Begin the log of who did what, as an install does when it is migrated."""
    from petition.audit.noting import begin_log
    from petition.core.clock import now
    from petition.core.storage.database import transaction

    with transaction():
        begin_log(now())


@pytest.fixture
def client(app: "Flask") -> ReadingClient:
    """A visitor whose every page is read."""
    return cast(ReadingClient, app.test_client())
