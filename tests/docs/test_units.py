"""The unit files that we ship: systemd understands them, and what they start serves."""

import shlex
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from tests.faults.visitors import wait_until
from tests.grounds.mail import LOOPBACK, free_port
from tests.grounds.processes import ROOT
from tests.grounds.servers import clean_environment, ready

UNITS = sorted((ROOT / "docs" / "systemd").glob("*.service"))
HOME = "/srv/petition"


def says(unit: Path) -> RawConfigParser:
    """Return what a unit file says."""
    found = RawConfigParser(strict=False)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read_string(unit.read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is laid out as the units expect it, at another place."""
    folder = tmp_path_factory.mktemp("srv") / "petition"
    folder.mkdir()
    for name in ("petition", "templates", "static", "samples", "config.py", ".venv"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "instance").mkdir(mode=0o700)
    shutil.copy(ROOT / "docs" / "systemd" / "petition.env", folder)
    return folder


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_each(unit: Path, home: Path, tmp_path: Path) -> None:
    here = tmp_path / unit.name
    here.write_text(unit.read_text("utf-8").replace(HOME, str(home)), "utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(here)], capture_output=True, text=True, timeout=60
    )

    assert [line for line in checked.stderr.splitlines() if unit.name in line] == []
    assert checked.returncode == 0, checked.stderr


@pytest.mark.slow("starts the product twice over")
def test_what_they_start_serves_and_ends_in_order(home: Path) -> None:
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    environment = {
        **clean_environment(),
        **settings_of(home),
        "PORT": str(port),
        "PETITION_URL": url,
    }
    flask = [sys.executable, "-m", "flask", "--app", "petition"]
    subprocess.run([*flask, "migrate"], cwd=home, env=environment, check=True, capture_output=True)
    started = [
        subprocess.Popen(
            shlex.split(says(unit)["Service"]["ExecStart"].replace(HOME, str(home))),
            cwd=home,
            env=environment,
        )
        for unit in UNITS
    ]
    try:
        wait_until(lambda: ready(url), "the units do not serve")
    finally:
        for process in started:
            process.terminate()
    assert [process.wait(60) for process in started] == [0] * len(started)


def settings_of(home: Path) -> dict[str, str]:
    """Return the settings of the file that the units read."""
    lines = (home / "petition.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
