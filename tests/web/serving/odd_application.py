"""A small application with odd pages, served by our web server with little patience."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from petition.core.memory import Memory
from petition.web.serving import lines
from petition.web.serving.gunicorn_worker import PatientWorker

StartResponse = Callable[[str, list[tuple[str, str]]], Any]

LARGE = 2 * 1024 * 1024
VERY_LARGE = 24 * 1024 * 1024
PIECE = b"x" * 65_536
KEPT: Memory[str, str] = Memory(0.1, 10)


class HastyWorker(PatientWorker):
    """The web server's worker, with a test's patience."""

    head_seconds = 1.0
    body_seconds = 1.5


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer at `/echo`, `/large`, `/very-large`, `/whole`, `/steps`, `/stuck` and `/kept`.

    Everywhere else say which process it is. A post is remembered for a moment.
    """
    lines.STALLED_SECONDS = 1.5
    path = environ["PATH_INFO"]
    if path == "/stuck":
        time.sleep(3600)
    pieces = _pieces(path, environ)
    start_response("200 OK", [("Content-Length", str(pieces[0]))])
    return pieces[1]


def _pieces(path: str, environ: dict[str, Any]) -> tuple[int, Iterable[bytes]]:
    if path == "/echo":
        body = environ["wsgi.input"].read()
        KEPT.put("echo", body.decode())
        return len(body), [body]
    if path in {"/large", "/very-large"}:
        length = LARGE if path == "/large" else VERY_LARGE
        return length, (PIECE for _ in range(length // len(PIECE)))
    if path == "/whole":
        return VERY_LARGE, [b"x" * VERY_LARGE]
    if path == "/kept":
        return 1, [str(len(KEPT)).encode()]
    if path == "/steps":
        return 30, _steps()
    name = str(os.getpid()).encode()
    return len(name), [name]


def _steps() -> Iterator[bytes]:
    """Take longer than a request may be stuck, and get on all the time."""
    for _ in range(30):
        time.sleep(0.1)
        yield b"."
