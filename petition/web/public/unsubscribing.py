"""Ending news by the link in their mails, by hand or by the reader's mail program (RFC 8058)."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.updates.unsubscribing import gets_news, unsubscribe

blueprint = Blueprint("unsubscribing", __name__)
NAME, VALUE = "List-Unsubscribe", "One-Click"
"""What a mail program posts, as form or in parts; the button of the page posts the same."""


@blueprint.get("/unsubscribe/<token>")
def show(lang: str, token: str) -> ResponseReturnValue:
    """Show the button, or that it was pressed; change nothing: programs open links in mails."""
    return _page(lang, token, is_over=not gets_news(token))


@blueprint.post("/unsubscribe/<token>")
def stop(lang: str, token: str) -> ResponseReturnValue:
    """Take back the permission to be e-mailed; say the same the second time, and to the erased.

    Mail programs follow no redirection, and send no header that says from where they post.
    """
    is_over = not gets_news(token)
    if request.form.get(NAME, "").strip() != VALUE:
        return _page(lang, token, is_over=is_over), 422
    with transaction():
        unsubscribe(token, now())
    return render_template("public/unsubscribing/stop.html")


def _page(lang: str, token: str, *, is_over: bool) -> str:
    return render_template(
        "public/unsubscribing/show.html",
        is_over=is_over,
        form_action=url_for(".stop", lang=lang, token=token),
        hidden=(NAME, VALUE),
    )
