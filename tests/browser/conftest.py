"""The sample campaign at work, served from this process, and where screenshots go."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.grounds.databases import Databases
from tests.grounds.install import Install, installed, served

Shoot = Callable[[Page, str], None]


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


@pytest.fixture(scope="session")
def shoot(request: pytest.FixtureRequest, gallery: Path) -> Shoot:
    """Keep a picture of a whole page where `--screenshots` asks for it: it takes as long as axe."""
    is_asked = request.config.getoption("--screenshots") is not None

    def keep(page: Page, name: str) -> None:
        if is_asked:
            page.screenshot(path=gallery / f"{name}.png", full_page=True)

    return keep
