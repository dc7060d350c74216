"""The product with no page kept: each is rendered for everyone who asks."""

from flask import Flask

from petition.core.memory import Memory
from petition.web.keeping import pages, parts
from petition.web.serving import server


def application() -> Flask:
    """Return the product's own application."""
    pages._pages = Memory(0.0, pages.MOST_PAGES)
    pages._answers = Memory(0.0, pages.MOST_PAGES)
    parts._rendered = Memory(None, 0)
    return server.application()
