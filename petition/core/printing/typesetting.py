"""Typeset PDFs and pictures from the Typst templates in `templates/pdf/`.

A template gets its data as JSON and sets it as text: data is never markup, so nothing that somebody
wrote can run. Each file is made in a child process of its own that cannot hold up or bring down
this one, with the fonts of our packages and no others, and without a network. Data and file pass
through pipes, so that whatever dies leaves nothing of them behind. For pages two are made at a
time; whoever wants another meanwhile is told to come again.
"""

import json
import os
import re
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_ibm_plex_sans_arabic
import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import manimgx_fonts
import noto_cjk_sans_otc

from petition.core.errors import DomainError
from petition.core.log import log
from petition.core.printing.presses import Presses, PressesAtWork

TEMPLATES = Path(__file__).parents[3] / "templates" / "pdf"
PRESS = Path(__file__).parent / "typesetting_process.py"
LONGEST_SECONDS = 20.0
LONGEST_SECONDS_OF_A_PART = 300.0
"""Nobody waits for it at a page, and all else on the machine goes before it."""
PARTS_AT_ONCE = 2
"""Of one file: so that nothing idles while one of them begins or what it made is taken."""
PIXELS_PER_POINT = 72

_presses = Presses()
_place = re.compile(r"[\w./-]+\.typ:\d+:\d+")


class TypesettingFailed(DomainError):
    """A file could not be made; the log says where in the template, and no word of the data."""


class TypesettingBusy(TypesettingFailed):
    """Other files are being made; in some seconds there is time for this one."""


def typeset_pdf(template: str, data: Mapping[str, Any], *, asked_as: bytes | None = None) -> bytes:
    """Return a PDF of `template` with this data; for some moments `typeset_lately` knows it.

    Raises TypesettingBusy and TypesettingFailed.
    """
    return _typeset(template, data, {"format": "pdf"}, asked_as)


def typeset_parts(template: str, parts: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield the parts of a long PDF in their order, each as `typeset_part` returns it.

    Those that follow are set meanwhile, and no more data is asked for than they need. Raises
    TypesettingFailed.
    """
    coming = deque[Future[bytes]]()
    presses = ThreadPoolExecutor(PARTS_AT_ONCE, "press")
    try:
        for data in parts:
            coming.append(presses.submit(typeset_part, template, data))
            if len(coming) > PARTS_AT_ONCE:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
    finally:
        presses.shutdown(cancel_futures=True)


def typeset_part(template: str, data: Mapping[str, Any]) -> bytes:
    """Return a part of a long PDF, without tags: it waits for no press, and is not kept.

    For workers. Raises TypesettingFailed.
    """
    order = _order(template, data, {"format": "pdf", "pdf_tags": False})
    return _press(template, order, LONGEST_SECONDS_OF_A_PART)


def typeset_apart(template: str, data: Mapping[str, Any]) -> bytes:
    """Return a short PDF: it waits for no press, and is not kept.

    For workers, who make a file of several. Raises TypesettingFailed.
    """
    return _press(template, _order(template, data, {"format": "pdf"}), LONGEST_SECONDS_OF_A_PART)


def typeset_lately(asked_as: bytes) -> bytes | None:
    """Return the file that was asked for as this in the last moments, if there is one."""
    return _presses.made_lately(asked_as)


def typeset_png(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the only page of `template` as a PNG, one pixel to a point.

    Raises TypesettingBusy and TypesettingFailed.
    """
    return _typeset(template, data, {"format": "png", "ppi": PIXELS_PER_POINT})


@lru_cache
def font_folders() -> tuple[str, ...]:
    """Return where the fonts of our packages are."""
    return (
        str(fontpkg_ibm_plex_sans_arabic.ROOT / "files"),
        str(fontpkg_noto_sans.ROOT / "files"),
        str(fontpkg_noto_sans_arabic.ROOT / "files"),
        str(Path(str(noto_cjk_sans_otc.FONT_PATH)).parent),
        str(Path(str(manimgx_fonts.__file__)).parent),
    )


def _typeset(
    template: str,
    data: Mapping[str, Any],
    output: Mapping[str, Any],
    asked_as: bytes | None = None,
) -> bytes:
    order = _order(template, data, output)
    try:
        return _presses.made(
            order, lambda: _press(template, order, LONGEST_SECONDS), asked_as=asked_as
        )
    except PressesAtWork:
        raise TypesettingBusy("Other files are being made at the moment.") from None


def _order(template: str, data: Mapping[str, Any], output: Mapping[str, Any]) -> bytes:
    order = {
        "template": str(TEMPLATES / template),
        "root": str(TEMPLATES),
        "fonts": font_folders(),
        "data": json.dumps(data, ensure_ascii=False),
        "output": output,
    }
    return json.dumps(order).encode()


def _press(template: str, order: bytes, longest: float) -> bytes:
    try:
        done = _run(order, longest)
    except subprocess.TimeoutExpired:
        raise _failure(template, "timeout") from None
    if done.returncode:
        raise _failure(template, f"exit {done.returncode}", done.stderr)
    return done.stdout


def _run(order: bytes, longest: float) -> subprocess.CompletedProcess[bytes]:
    """Run the press, which gets no setting of ours: the environment holds passwords."""
    return subprocess.run(
        [sys.executable, "-P", str(PRESS)],
        input=order,
        capture_output=True,
        timeout=longest,
        cwd=TEMPLATES,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
    )


def _failure(template: str, cause: str, said: bytes = b"") -> TypesettingFailed:
    """Log where it failed; what was said may quote the data, so only its places are kept."""
    places = _place.findall(said.decode("utf-8", "replace"))
    log.error("typesetting failed", extra={"fields": {"cause": cause, "at": [template, *places]}})
    return TypesettingFailed("This file cannot be made at the moment.")
