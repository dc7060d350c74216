"""Which page of a list the address asks for."""

from flask import request

from petition.core.storage.paging import Between, Cursor


def asked_page() -> Between:
    """Return the page that `older` or `newer` asks for; a place that is none is the start."""
    return Between(
        Cursor.read(request.args.get("older")),
        Cursor.read(request.args.get("newer")),
    )
