"""The way into production, as docs/production.md tells it."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.grounds.processes import ROOT
from tests.grounds.servers import clean_environment

PAGE = (ROOT / "docs" / "production.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.slow("sets up an install, command by command")
def test_its_commands_run_as_they_stand_in_a_fresh_clone(tmp_path: Path) -> None:
    clone = tmp_path / "petition"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    (clone / ".venv").symlink_to(ROOT / ".venv")  # what the first command would make

    ran = subprocess.run(
        ["sh"],
        input="set -eu\n" + "".join(BLOCKS),
        cwd=clone,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    assert "/organiser/join/" in ran.stdout
    assert (clone / "petition.env").stat().st_mode & 0o777 == 0o600
    assert (clone / "petition.backup").stat().st_mode & 0o777 == 0o600


def test_every_file_that_it_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)

    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
