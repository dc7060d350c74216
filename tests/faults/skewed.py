"""Run a program on a host whose clock is off: `-m tests.faults.skewed 60 petition.working`.

The clock is that of this process alone; the database keeps its own.
"""

import runpy
import sys
from datetime import UTC, datetime, timedelta

import time_machine


def run(seconds: float, command: list[str]) -> None:
    """Run what one would type after `python -m` with a clock that is so many seconds ahead."""
    there = datetime.now(UTC) + timedelta(seconds=seconds)
    with time_machine.travel(there, tick=True):
        sys.argv = command
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    run(float(sys.argv[1]), sys.argv[2:])
