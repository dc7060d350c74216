"""A file of a delivery as an answer: what the public sees is kept for a while, nothing else is."""

from flask import Response, abort, request

from petition.core.log import log
from petition.core.memory import Memory
from petition.deliveries.files.contents import content_of, preview_of
from petition.deliveries.files.models import DeliveryFile
from petition.jobs.files import FileGone

PUBLIC = "public, max-age=60"
"""Short: what is hidden or removed is to be gone from every cache soon."""
FRESH_SECONDS = 60.0
MOST_OCTETS = 16 * 1024 * 1024
_shown: Memory[tuple[str, bool], bytes] = Memory(FRESH_SECONDS, MOST_OCTETS, weigh=len)
"""What the public may see, by its sum and whether it is the smaller picture."""


def file_answer(file: DeliveryFile, *, small: bool = False, public: bool = False) -> Response:
    """Return a file, or the smaller one of a picture; 404 where it does not open.

    A picture is shown and a paper saved. Cached only where it is `public`.
    """
    if small and not file.is_picture:
        abort(404)
    answer = Response(mimetype=file.media_type)
    how = "inline" if file.is_picture else "attachment"
    ending = "jpg" if file.is_picture else "pdf"
    name = f"delivery-{file.delivery_id}-{file.number}.{ending}"
    answer.headers.set("Content-Disposition", how, filename=name)
    if public:
        answer.headers["Cache-Control"] = PUBLIC
    name_of_this = f"{file.sha256[:32]}{'-small' if small else ''}"
    answer.set_etag(name_of_this)
    if not request.if_none_match.contains(name_of_this):
        answer.data = _opened(file, small=small, public=public)
    answer.make_conditional(request)
    return answer


def _opened(file: DeliveryFile, *, small: bool, public: bool) -> bytes:
    try:
        if not public:
            return _read(file, small=small)
        return _shown.at((file.sha256, small), lambda: _read(file, small=small))
    except FileGone:
        fields = {"delivery": file.delivery_id, "file": file.number}
        log.error("a file of a delivery does not open", extra={"fields": fields})
        abort(404)


def _read(file: DeliveryFile, *, small: bool) -> bytes:
    return preview_of(file) if small else content_of(file)
