"""The page behind the link of a mail. Opening it changes nothing; its button confirms."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.core.database import transaction
from petition.signatures import actions
from petition.signatures.links import expiry
from petition.web.public.signed_petition import noted, page_of

blueprint = Blueprint("confirming", __name__)


@blueprint.get("/confirm/<token>")
def show(lang: str, token: str) -> ResponseReturnValue:
    """Show what would be confirmed."""
    signature = actions.to_be_confirmed(token, now())
    return render_template(
        "public/confirming/show.html",
        petition=page_of(signature),
        details=noted(signature),
        expires_at=expiry(token),
        form_action=url_for(".confirm", lang=lang, token=token),
    )


@blueprint.post("/confirm/<token>")
def confirm(lang: str, token: str) -> ResponseReturnValue:
    """Make the signature count."""
    with transaction():
        manage_token = actions.confirm(token, now())
    return redirect(url_for("public.managing.receipt", lang=lang, token=manage_token), 303)
