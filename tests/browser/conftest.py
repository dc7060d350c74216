"""The sample campaign at work, served from this process, and where screenshots go."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.grounds.databases import Databases
from tests.grounds.install import Install, installed, served


@pytest.fixture(scope="module")
def install(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    """The sample campaign at work."""
    folder = tmp_path_factory.mktemp("browser") / "install"
    with installed(databases, folder) as made, served(made):
        yield made


@pytest.fixture(scope="session")
def gallery(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: `--screenshots`, or a folder of this run."""
    given = request.config.getoption("--screenshots")
    folder = Path(given) if given else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
