"""The page behind the link of a mail. Opening it changes nothing; its button confirms."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.links.models import LinkPurpose
from petition.signatures import actions, removals
from petition.signatures.links import SIGNATURE_LINKS
from petition.web.keeping.slots import TOKEN, page_behind_link
from petition.web.public.petitions.signed_petition import noted, page_of, shown_details
from petition.web.site.languages import page_in_each_language

blueprint = Blueprint("confirming", __name__)


@blueprint.get("/confirm/<token>")
def show(lang: str, token: str) -> ResponseReturnValue:
    """Show what would be confirmed, or, some minutes after it was, the way to the receipt."""
    found = actions.to_be_confirmed(token, now())
    if found.is_used:
        return render_template(
            "public/petitions/confirming/again.html",
            title=_("Your signature is confirmed"),
            way_on=_("Show my receipt"),
            form_action=url_for(".confirm", lang=lang, token=token),
        )
    return page_behind_link(
        token,
        "public/petitions/confirming/show.html",
        {"details": shown_details(noted(found.thing))},
        petition=page_of(found.thing),
        expires_at=found.expires_at,
        form_action=url_for(".confirm", lang=lang, token=TOKEN),
        decline_action=url_for(".decline", lang=lang, token=TOKEN),
    )


@blueprint.post("/confirm/<token>")
def confirm(lang: str, token: str) -> ResponseReturnValue:
    """Make the signature count."""
    with transaction():
        manage_token = actions.confirm(token, now())
    return redirect(
        url_for("public.petitions.managing.receipt", lang=lang, token=manage_token), 303
    )


@blueprint.get("/confirm/<token>/decline")
def back(lang: str, token: str) -> ResponseReturnValue:
    """Lead whoever opens the address of the second button to the page with the buttons."""
    return redirect(url_for(".show", lang=lang, token=token), 303)


@blueprint.post("/confirm/<token>/decline")
def decline(lang: str, token: str) -> ResponseReturnValue:
    """Erase what somebody noted under an address that is not theirs, or thought better of."""
    at = now()
    with transaction():
        signature = SIGNATURE_LINKS.open(token, LinkPurpose.CONFIRM, at, to_change=True)
        petition = page_of(signature)
        erased = removals.decline(signature, token, at)
    return render_template(
        "public/petitions/confirming/declined.html",
        petition=petition,
        erased=erased,
        languages=page_in_each_language("public.month.campaign.show"),
    )
