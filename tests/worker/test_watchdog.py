"""A worker whose loop stands still ends, says where it stood, and leaves alone one that gets on."""

import json
import os
import subprocess
import sys

from tests.grounds.processes import ROOT

GETS_ON_AND_STOPS = """
import time
from petition.worker.watchdog import Watchdog
from petition.core.log import start_logging

start_logging("INFO")
watchdog = Watchdog(stuck_seconds=1.0)
watchdog.start()
with watchdog.at_work():
    pass
time.sleep(2)
with watchdog.at_work():
    for _ in range(20):
        time.sleep(0.1)
        watchdog.moved()
    print("got on", flush=True)
    time.sleep(600)
"""


def test_a_loop_that_stands_still_ends_its_process_and_one_that_gets_on_does_not() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GETS_ON_AND_STOPS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.stdout == "got on\n"
    assert done.returncode == os.EX_SOFTWARE
    (line,) = done.stderr.splitlines()
    assert json.loads(line)["event"] == "a loop is stuck; the worker ends"
    assert json.loads(line)["at"] != []
