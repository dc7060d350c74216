"""Files that cost work to make, kept for a while: a burst of readers costs one rendering."""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from flask import Response, request

from petition.core.log import log
from petition.core.memory import Memory
from petition.core.printing.glyphs import without_glyph
from petition.core.printing.typesetting import TypesettingBusy, TypesettingFailed

FRESH_SECONDS = 300.0
FAULT_SECONDS = 30.0
WAITING_SECONDS = 2.0
MOST_WAITING = 2
"""How many may wait for files that others have asked for; each holds a thread."""
MOST_FILES = 200
MOST_NAMED = 20
BROWSER_CACHE = f"public, max-age={FRESH_SECONDS:.0f}, stale-while-revalidate=3600"

Contents = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """One file, what it was made from, and until when it is good."""

    until: float
    contents: Contents
    file: bytes | None
    """None where it could not be made: a burst is not to try again and again."""


_files: Memory[tuple[str, ...], Kept] = Memory(None, MOST_FILES)
_waiting = BoundedSemaphore(MOST_WAITING)


def kept_file(
    key: tuple[str, ...], contents: Callable[[], Contents], make: Callable[[Contents], bytes]
) -> bytes:
    """Return the file at `key`, at most five minutes old. Raises TypesettingFailed.

    Where many ask at once for a file that is not there, one makes it, two wait, and the others are
    told to come again; while it is renewed, they get the old one. A file whose contents are still
    the same when its time is over is kept on.
    """
    kept = _fresh(key) or _made_by_one(key, contents, make)
    if kept.file is None:
        raise TypesettingFailed("This file cannot be made at the moment.")
    return kept.file


def _made_by_one(
    key: tuple[str, ...], contents: Callable[[], Contents], make: Callable[[Contents], bytes]
) -> Kept:
    with _files.turn(key, 0) as is_ours:
        if is_ours:
            return _fresh(key) or _renewed(key, contents(), make)
    before = _files.get(key)
    if before and before.file:
        return before
    with _place_to_wait(), _files.turn(key, WAITING_SECONDS) as is_ours:
        if not is_ours:
            raise TypesettingBusy("Others have waited for this file, and it is not there yet.")
        return _fresh(key) or _renewed(key, contents(), make)


@contextmanager
def _place_to_wait() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise TypesettingBusy("Others wait for files already.")
    try:
        yield
    finally:
        _waiting.release()


def file_answer(file: bytes, mimetype: str, *, name: str = "") -> Response:
    """Return a file that anyone may keep and show, on pages of other sites too."""
    response = Response(file, mimetype=mimetype)
    response.headers["Cache-Control"] = BROWSER_CACHE
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if name:
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.set_etag(hashlib.sha256(file).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _fresh(key: tuple[str, ...]) -> Kept | None:
    kept = _files.get(key)
    return kept if kept and time.monotonic() < kept.until else None


def _made(key: tuple[str, ...], contents: Contents, make: Callable[[Contents], bytes]) -> bytes:
    """Make a file; say which of its characters, all public, no font can show."""
    if boxes := without_glyph(contents):
        fields = {
            "file": key[0],
            "lang": key[1:2],
            "characters": [f"U+{ord(one):04X}" for one in boxes[:MOST_NAMED]],
        }
        log.warning("a file has characters that no font shows", extra={"fields": fields})
    return make(contents)


def _renewed(key: tuple[str, ...], contents: Contents, make: Callable[[Contents], bytes]) -> Kept:
    before, file = _files.get(key), None
    if before and before.contents == contents:
        file = before.file
    try:
        file = file or _made(key, contents, make)
    except TypesettingBusy:
        if before and before.file:
            return before
        raise
    except TypesettingFailed:
        file = before.file if before else None  # an older one is better than none
    kept = Kept(time.monotonic() + (FRESH_SECONDS if file else FAULT_SECONDS), contents, file)
    _files.put(key, kept)
    return kept
