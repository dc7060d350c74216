"""Run a command of the product on a host whose clock is off: `-m tests.faults.skewed 60 worker`.

The clock is that of this process alone; the database keeps its own.
"""

import sys
from datetime import UTC, datetime, timedelta

import time_machine
from flask.cli import main


def run(seconds: float, command: list[str]) -> None:
    """Run a command with a clock that is so many seconds ahead."""
    there = datetime.now(UTC) + timedelta(seconds=seconds)
    with time_machine.travel(there, tick=True):
        sys.argv = ["flask", "--app", "petition", *command]
        main()


if __name__ == "__main__":
    run(float(sys.argv[1]), sys.argv[2:])
