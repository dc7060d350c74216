"""The Flask application, without what none of our pages needs."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request

LARGEST_REQUEST = 128 * 1024
"""In octets. The longest honest form is a letter: 6,000 characters and a
subject of 150, each at most twelve octets as a form sends them (four of UTF-8, three for each of
those), which makes 73,800. What is half as long again still comes back to be shortened. The door
lets an organiser who is known send more, to a page that takes a file (`uploads.py`).
"""


class Asked(Request):
    """A request within our bounds, the same for all: Flask would look them up for each of them."""

    max_content_length = LARGEST_REQUEST
    max_form_memory_size = LARGEST_REQUEST
    max_form_parts = 100

    def _get_file_stream(self, *_about: Any, **_more: Any) -> IO[bytes]:
        """Keep what is sent as a file in memory: on a disk it would lie there in the clear."""
        return BytesIO()


class Program(Flask):
    """An application all of whose views and hooks are plain functions."""

    request_class = Asked

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: to look anew whether it waits is work for each of ten, each time."""
        return func
