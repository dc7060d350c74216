"""Handing over a file that a job has made, from any byte on."""

from collections.abc import Iterator

from flask import Response, abort, request

from petition.core.log import log
from petition.core.storage.database import session as records
from petition.jobs import files
from petition.jobs.models import MadeFile


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
