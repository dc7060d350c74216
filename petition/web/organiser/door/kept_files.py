"""Handing over a file that a job has made: with a fresh code, and from any byte on."""

from collections.abc import Callable, Iterator
from datetime import datetime

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.core.log import log
from petition.core.storage.database import session as records
from petition.jobs import files
from petition.jobs.models import MadeFile
from petition.web.organiser.door import session as here
from petition.web.organiser.door.code_form import FreshCodeForm

Let = Callable[[int, bytes, datetime], None]
"""Lets an organiser of this number take a file away, in the session of this hash."""


def let_with_code(let: Let, page: Callable[[FreshCodeForm], str], file: str) -> ResponseReturnValue:
    """Take a fresh code and lead to the address of the file, or show the page with its error."""
    who = here.present()
    owner, token = who.organiser.id, who.session.token_hash
    form = FreshCodeForm(who.organiser)

    def act() -> bool:
        let(owner, token, now())
        return True

    done, status = form.done(act)
    return redirect(file, 303) if done else (page(form), status)


def sent(kept: MadeFile, media_type: str, name: str) -> Response:
    """Return a kept file to be saved under this name, or the part of it that was asked for."""
    asked = request.range if request.if_range.etag in (None, kept.sha256) else None
    part = asked.range_for_length(kept.size) if asked else None
    if asked and part is None:
        abort(416)
    start, stop = part or (0, kept.size)
    answer = Response(_bytes_of(kept, start, stop), 206 if part else 200, mimetype=media_type)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.content_length = stop - start
    answer.set_etag(str(kept.sha256))
    if part:
        answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{kept.size}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _bytes_of(kept: MadeFile, start: int, stop: int) -> Iterator[bytes]:
    left = stop - start
    try:
        for piece in files.read(kept, start):
            records.remove()  # however slowly it is read, nothing waits for it
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return
    except files.FileGone:  # in the middle of it: the connection ends before its announced length
        log.error("a file could not be read to its end", extra={"fields": {"job": kept.job_id}})
        raise
    finally:
        records.remove()  # an answer outlives the request that would do it
