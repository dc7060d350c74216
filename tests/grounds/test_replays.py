"""What fault tests roll can be rolled again, and a failed one says how."""

import os
import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FAILING = """
import random
import pytest

pytest_plugins = ("tests.grounds.replays",)

@pytest.mark.fault
def test_luck(dice: random.Random) -> None:
    raise AssertionError(f"rolled {dice.random()}")
"""


def run(file: Path, *options: str) -> str:
    """Run a file of tests in a pytest of its own; return what it printed."""
    quiet = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, f"--rootdir={file.parent}"]
    found = subprocess.run(
        [*command, str(file), *options], capture_output=True, text=True, env=quiet
    )
    return found.stdout


def line_with(words: str, printed: str) -> str:
    """Return the first line that has these words."""
    return next(line for line in printed.splitlines() if words in line)


def test_a_failed_fault_test_prints_the_command_that_makes_it_fail_again_as_it_did(
    tmp_path: Path,
) -> None:
    file = tmp_path / "conftest.py"
    file.write_text(FAILING, "utf-8")
    first = run(file, "--faults=3")
    command = line_with(".venv/bin/python -m pytest", first)
    assert command.split()[3].endswith("::test_luck")
    assert "--faults=3" in command

    again = run(file, *command.split()[4:])
    assert line_with("AssertionError: rolled", again) == line_with("AssertionError: rolled", first)


def test_two_seeds_roll_differently(tmp_path: Path) -> None:
    file = tmp_path / "conftest.py"
    file.write_text(FAILING, "utf-8")
    rolled = {line_with("Error: rolled", run(file, f"--seed={seed}")) for seed in (1, 2)}
    assert len(rolled) == 2


def test_dice_are_the_same_wherever_a_test_runs(dice: random.Random, seed: int) -> None:
    assert dice.random() == random.Random(seed).random()
