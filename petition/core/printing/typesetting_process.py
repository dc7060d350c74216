"""The press: reads one order from standard input, writes the finished file to standard output.

Run as a script by `typesetting.py` beside it, so that the application is not loaded. The order
names the template, its root, the folders with fonts, the data (JSON, as text) and the format.
"""

import ctypes
import json
import os
import sys
from typing import Any

import typst

PR_SET_DUMPABLE = 4
"""From Linux' <sys/prctl.h>."""
BEHIND_THE_PAGES = 10
"""How much it steps back where pages want the processor too."""


def press(order: dict[str, Any]) -> bytes:
    """Return the file that was ordered. Raises typst.TypstError."""
    compiler = typst.Compiler(
        root=order["root"], font_paths=order["fonts"], ignore_system_fonts=True
    )
    made = compiler.compile(
        order["template"], sys_inputs={"data": order["data"]}, **order["output"]
    )
    if not isinstance(made, bytes):
        raise TypeError("a picture has one page")
    return made


def leave_no_core() -> None:
    """Keep what is set, perhaps a letter, out of core dumps: a new program may make one again.

    As `petition.core.process` does for the application, of which this must know nothing.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def main() -> int:
    """Carry out the order; say on standard error why not."""
    leave_no_core()
    os.nice(BEHIND_THE_PAGES)
    order = json.loads(sys.stdin.buffer.read())
    try:
        made = press(order)
    except typst.TypstError as fault:
        print(fault.diagnostic, file=sys.stderr)  # noqa: T201 - read by the parent
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
