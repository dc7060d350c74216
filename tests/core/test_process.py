"""A process closes itself to others, and ends when the one that started it is no more."""

import ctypes
import os
import subprocess
import sys

import pytest

from tests.grounds.processes import ROOT

CLOSED = """
import ctypes, os, resource
from petition.core.process import close_to_others
close_to_others()
print(oct(os.umask(0)), resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3))
"""
PRESS = """
import ctypes, runpy
runpy.run_path("petition/core/printing/typesetting_process.py")["leave_no_core"]()
print(ctypes.CDLL(None).prctl(3))
"""
THREADS = """
import ctypes, sys, threading
from petition.core.process import keep_memory_together
keep_memory_together()
libc, together = ctypes.CDLL(None), threading.Barrier(5)
def take():
    libc.malloc(1000)
    together.wait()
for _ in range(4):
    threading.Thread(target=take).start()
together.wait()
stdout = ctypes.c_void_p.in_dll(libc, "stdout")
libc.malloc_info(0, stdout)
libc.fflush(stdout)
"""
WAITS = """
import time
from petition.core.process import end_with_parent
end_with_parent()
time.sleep(60)
"""


def run(code: str, stdin: int | None = None) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, cwd=ROOT, stdin=stdin, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform != "linux", reason="others have no such switch")
def test_a_closed_process_leaves_no_core_and_no_file_for_others() -> None:
    said, _ = run(CLOSED).communicate(timeout=60)

    assert said == "0o77 (0, 0) 0\n"


@pytest.mark.skipif(sys.platform != "linux", reason="others have no such switch")
def test_neither_does_the_press_that_sets_a_letter() -> None:
    said, _ = run(PRESS).communicate(timeout=60)

    assert said == "0\n"


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="others have no such call")
def test_threads_that_keep_their_memory_together_take_it_from_one_place() -> None:
    said, _ = run(THREADS).communicate(timeout=60)

    assert said.count("<heap ") == 1


def test_a_process_ends_when_the_other_end_of_its_lifeline_is_gone() -> None:
    lifeline, held = os.pipe()
    process = run(WAITS, stdin=lifeline)
    os.close(lifeline)
    assert process.poll() is None
    os.close(held)

    assert process.wait(30) < 0
    assert process.stdout is not None
    process.stdout.close()
