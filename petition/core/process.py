"""A process: closed to others, and ended when the one that started it is no more."""

import ctypes
import os
import resource
import signal
import sys
from threading import Thread

PR_SET_DUMPABLE = 4
PR_SET_NAME = 15
"""Both from Linux' <sys/prctl.h>."""
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
"""Both from glibc's <malloc.h>."""
LARGE = 1 << 21
"""Bytes."""
LONGEST_NAME = 15


def close_to_others() -> None:
    """Let nobody else read the files that this process makes, nor its memory in a core dump.

    A limit of 0 keeps the kernel from writing one; a program that is handed the dump in its place
    gets none from a process that is not dumpable.
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def keep_memory_together() -> None:
    """Let all threads take memory from one place, and give back at once what is large.

    For a process with many threads that mostly wait: glibc gives each of them a place of its own,
    which keeps what the thread once had. Other libraries know no such call.
    """
    if call := getattr(ctypes.CDLL(None), "mallopt", None):
        call(M_ARENA_MAX, 1)
        call(M_MMAP_THRESHOLD, LARGE)


def give_name(name: str) -> None:
    """Be called this in the machine's list of processes; letters after the fifteenth are cut off.

    For who is forked: its command line is its parent's.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode()[:LONGEST_NAME], 0, 0, 0)


def end_with_parent(lifeline: int = 0) -> None:
    """Send SIGTERM to this process once `lifeline`, a descriptor, ends: standard input by default.

    Whoever starts it holds the other end, which the kernel closes however that process dies.
    """

    def wait() -> None:
        while os.read(lifeline, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=wait, name="lifeline", daemon=True).start()
