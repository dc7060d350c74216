"""A file that somebody brings, made anew in a child process that it cannot leave.

What reads pictures and PDFs is written for speed and has had holes. So a stranger's file is opened
by a process of its own, with a limit to its time and memory, none of our settings and no keys.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore

from petition.core.log import log
from petition.core.uploads.faults import Fault, Unclean

PROCESS = Path(__file__).parent / "cleaning_process.py"
AT_ONCE = 2
WAITING_SECONDS = 5.0
LONGEST_SECONDS = 40.0

_places = BoundedSemaphore(AT_ONCE)


class MediaType(StrEnum):
    """What comes out."""

    JPEG = "image/jpeg"
    PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Clean:
    """A file made anew."""

    media_type: MediaType
    content: bytes
    preview: bytes
    """Of a picture, a smaller one; empty of a PDF."""
    width: int | None
    height: int | None
    """Of a picture, in pixels."""
    pages: int | None
    """Of a PDF."""


def clean(octets: bytes) -> Clean:
    """Return a PDF, or a JPEG of what was a JPEG or PNG, made anew.

    `octets` is no longer than the caller bears. Raises Unclean.
    """
    if not _places.acquire(timeout=WAITING_SECONDS):
        raise Unclean(Fault.BUSY)
    try:
        done = _run(octets)
    except subprocess.TimeoutExpired:
        raise Unclean(Fault.TOO_MUCH_WORK) from None
    finally:
        _places.release()
    if done.returncode:
        fields = {"exit": done.returncode}
        log.warning("a file that was brought could not be looked at", extra={"fields": fields})
        raise Unclean(Fault.TOO_MUCH_WORK)
    head, _, rest = done.stdout.partition(b"\n")
    said = json.loads(head)
    if said["fault"] is not None:
        raise Unclean(Fault(said["fault"]))
    size = said["size"]
    numbers = said["width"], said["height"], said["pages"]
    return Clean(MediaType(said["media_type"]), rest[:size], rest[size:], *numbers)


def _run(octets: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run the child, which gets no setting of ours: the environment holds passwords."""
    return subprocess.run(
        [sys.executable, "-P", str(PROCESS)],
        input=octets,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=LONGEST_SECONDS,
        cwd="/",
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
    )
