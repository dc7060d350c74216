"""Reads a file from standard input; writes what it is, and the file made anew, to standard output.

Run as a script by `cleaning.py` beside it, so that the application is not loaded. The first line
that it writes is JSON: what is wrong with the file, or what it is; behind it the file, then the
smaller picture.
"""

import json
import os
import resource
import sys
from contextlib import suppress

from petition.core.process import close_to_others
from petition.core.uploads.faults import Fault, Unclean
from petition.core.uploads.papers import rewritten
from petition.core.uploads.pictures import redrawn
from petition.core.uploads.sniffing import Brought, kind_of

MOST_MEMORY = 1 << 30
"""In octets, of addresses."""
MOST_SECONDS = 20
BEHIND_THE_PAGES = 10
"""How much it steps back where pages want the processor too."""
Answer = tuple[dict[str, object], bytes, bytes]


def answer(octets: bytes) -> Answer:
    """Return what is said of a file, the file made anew and, of a picture, a smaller one."""
    try:
        return _made_anew(octets)
    except Unclean as refused:
        return {"fault": refused.fault}, b"", b""
    except MemoryError:
        return {"fault": Fault.TOO_MUCH_WORK}, b"", b""
    except Exception:
        return {"fault": Fault.BROKEN}, b"", b""


def _made_anew(octets: bytes) -> Answer:
    said: dict[str, object] = dict.fromkeys(("fault", "width", "height", "pages"))
    if kind_of(octets) is Brought.PDF:
        paper = rewritten(octets)
        said |= {"media_type": "application/pdf", "pages": paper.pages, "size": len(paper.content)}
        return said, paper.content, b""
    picture = redrawn(octets)
    said |= {"media_type": "image/jpeg", "width": picture.width, "height": picture.height}
    return {**said, "size": len(picture.content)}, picture.content, picture.preview


def main() -> int:
    """Do it within limits of time and memory."""
    close_to_others()
    os.nice(BEHIND_THE_PAGES)
    for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        with suppress(ValueError, OSError):  # not every system has each limit
            resource.setrlimit(kind, (most, most))
    said, content, preview = answer(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + content + preview)
    return 0


if __name__ == "__main__":
    sys.exit(main())
