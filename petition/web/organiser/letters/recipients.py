"""The recipients of letters, with what is to be looked at: stale notes, letters that came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.i18n import language_for
from petition.core.storage.database import transaction
from petition.letters.bounces.actions import Returns, returns_of_late
from petition.recipients.models import Channel, Mailroom, Recipient
from petition.recipients.queries import mailroom_for_decision, recipients_of_letters
from petition.web.organiser.door.noting import note
from petition.web.organiser.letters.delivery_words import why_it_came_back
from petition.web.site.formats import iso
from petition.web.site.languages import present_language
from petition.web.words.jurisdictions import jurisdiction_name

blueprint = Blueprint("recipients", __name__, url_prefix="/recipients")


@dataclass(frozen=True, slots=True)
class Cause:
    """Letters that came back of late for one cause."""

    count: int
    last_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """One recipient in the list."""

    slug: str
    office: str
    language: str
    jurisdiction: str
    holder: str | None
    channels: list[str]
    verified_on: date | None
    verified_source: str | None
    is_stale: bool
    suspect_since: datetime | None
    returns: list[Cause]


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List every recipient that takes letters."""
    at = now()
    returns = returns_of_late(at)
    rows = [
        _line(recipient, recipient.mailroom, at.date(), returns)
        for recipient in recipients_of_letters()
        if recipient.mailroom is not None
    ]
    return render_template("organiser/letters/recipients/index.html", recipients=rows)


@blueprint.post("/<slug:slug>/send-again")
def send_again(slug: str) -> ResponseReturnValue:
    """Let letters go again to a recipient from which one came back, now that somebody looked."""
    with transaction():
        mailroom = mailroom_for_decision(slug)
        if mailroom is None:
            abort(404)
        since = mailroom.suspect_since
        looked_at = since is None or request.form.get("since") == iso(since)
        if looked_at:
            mailroom.trust()
            note(Act.RECIPIENT_TRUSTED, recipient=slug)
    if looked_at:
        flash(_("Letters to this recipient are sent again."), "success")
    else:
        flash(_("Another letter has come back since. Please look again."), "error")
    return redirect(url_for(".index", _anchor=f"recipient-{slug}"), 303)


def _line(
    recipient: Recipient, mailroom: Mailroom, today: date, returns: Sequence[Returns]
) -> RecipientLine:
    reader, words = present_language(), _channel_words()
    return RecipientLine(
        slug=recipient.slug,
        office=recipient.office_in(reader),
        language=language_for(reader, recipient.office) or reader,
        jurisdiction=jurisdiction_name(recipient.jurisdiction),
        holder=recipient.holder,
        channels=[words[Channel(channel)] for channel in mailroom.channels],
        verified_on=mailroom.verified_on,
        verified_source=mailroom.verified_source,
        is_stale=mailroom.is_stale(today),
        suspect_since=mailroom.suspect_since,
        returns=[
            Cause(one.count, one.last_at, why_it_came_back(one.status))
            for one in returns
            if one.recipient_id == recipient.id
        ],
    )


def _channel_words() -> dict[Channel, str]:
    return {
        Channel.EMAIL: _("E-mail"),
        Channel.FORM: _("Web form"),
        Channel.POST: _("Post"),
        Channel.REPRESENTATIVE: _("The writer’s own representative"),
    }
