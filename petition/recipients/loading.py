"""Bring recipients in line with what a file says of them: a campaign's folder, or a table."""

import re
from datetime import date
from pathlib import Path

from sqlalchemy import select

from petition.core.folder import Document
from petition.core.storage.database import session
from petition.recipients.jurisdictions import Jurisdiction
from petition.recipients.models import (
    WEEK,
    Area,
    Channel,
    Holder,
    Mailroom,
    Paper,
    Recipient,
)
from petition.recipients.queries import WHOLE, area_code

COUNTRY_OF = {"EU": "BE"}
"""Where the offices of a union of states are."""
USUAL_DAYS = WEEK[:5]
USUAL_HOURS = "9-17"
USUAL_HOURLY_CAP = 60
_hours = re.compile(r"(\d{1,2})-(\d{1,2})")


def load_recipients(file: Path, today: date) -> dict[str, Recipient]:
    """Bring the offices in line with the file; return all there are, by slug.

    Raises CampaignFolderError.
    """
    document = Document.read(file)
    entries = document.tables("recipient")
    document.distinct("recipient", ((entry.slug(),) for entry in entries))
    for entry in entries:
        load_recipient(entry, today)
    return {recipient.slug: recipient for recipient in session.scalars(select(Recipient))}


def load_recipient(entry: Document, today: date) -> Recipient:
    """Bring one recipient in line with its entry. Raises CampaignFolderError."""
    slug = entry.slug()
    recipient = session.scalar(select(Recipient).where(Recipient.slug == slug).options(*WHOLE))
    recipient = recipient or Recipient(slug=slug)
    recipient.jurisdiction = entry.choice("jurisdiction", Jurisdiction)
    recipient.office = entry.by_language("office")
    recipient.email = entry.mailbox("email")
    recipient.languages = [entry.language(code) for code in entry.strings("languages")] or ["en"]
    session.add(recipient)
    session.flush()
    _set_holder(recipient, entry, today)
    _set_mailroom(recipient, entry)
    _set_areas(recipient, entry)
    session.flush()
    return recipient


def _set_mailroom(recipient: Recipient, entry: Document) -> None:
    ways = [entry.one_of(word, Channel, "channels") for word in entry.strings("channels")]
    if not ways:
        recipient.mailroom = None
        return
    if recipient.mailroom is None:
        recipient.mailroom = Mailroom()
    mailroom = recipient.mailroom
    mailroom.channels = [channel.value for channel in dict.fromkeys(ways)]
    mailroom.salutation, mailroom.close = (
        entry.by_language("salutation"),
        entry.by_language("close"),
    )
    mailroom.form_url = entry.address("form_url")
    mailroom.address = (entry.optional_text("address", most=1000) or "").strip() or None
    needs = {
        Channel.EMAIL: ("email", recipient.email),
        Channel.FORM: ("form_url", mailroom.form_url),
        Channel.POST: ("address", mailroom.address),
    }
    for channel in ways:
        key, there = needs.get(channel, ("", "nothing"))
        if there is None:
            raise entry.mistake(f"the channel “{channel}” needs “{key}”.")
    mailroom.constituents_only = entry.get("constituents_only", bool) or False
    mailroom.country = COUNTRY_OF.get(recipient.jurisdiction, recipient.jurisdiction)
    if "country" in entry.values:
        mailroom.country = entry.country("country")
    mailroom.paper = entry.choice_or("paper", Paper, Paper.A4)
    _set_times(mailroom, entry)


def _set_times(mailroom: Mailroom, entry: Document) -> None:
    mailroom.zone_name = entry.zone("zone").key
    mailroom.days = entry.strings("days") or list(USUAL_DAYS)
    if not set(mailroom.days) <= set(WEEK):
        raise entry.mistake(f"“days” can be {', '.join(WEEK)}.")
    hours = entry.get("hours", str) or USUAL_HOURS
    found = _hours.fullmatch(hours)
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    if not first < last <= 24:
        raise entry.mistake(f"“hours” is “{hours}”; write {USUAL_HOURS}.")
    mailroom.hours_from, mailroom.hours_until = first, last
    mailroom.hourly_cap = (
        entry.need("hourly_cap", int) if "hourly_cap" in entry.values else USUAL_HOURLY_CAP
    )
    if mailroom.hourly_cap < 1:
        raise entry.mistake("“hourly_cap” has to be at least 1.")
    mailroom.verified_on = entry.day("verified_on") if "verified_on" in entry.values else None
    mailroom.verified_source = entry.optional_text("verified_source", most=500)
    if (mailroom.verified_on is None) != (mailroom.verified_source is None):
        raise entry.mistake("“verified_on” and “verified_source” go together.")


def _set_holder(recipient: Recipient, entry: Document, today: date) -> None:
    """Note who holds the office. Whoever held it before stays noted, until that day."""
    name = entry.optional_text("holder")
    since: date | None = entry.day("holder_since") if "holder_since" in entry.values else None
    present = [holder for holder in recipient.holders if holder.until is None]
    if present and present[-1].name == name:
        present[-1].since = since or present[-1].since
        return
    for holder in present:
        holder.until = max(since or today, holder.since or since or today)
    session.flush()
    if name is not None:
        recipient.holders.append(Holder(name=name, since=since))


def _set_areas(recipient: Recipient, entry: Document) -> None:
    wanted = set()
    for written in entry.strings("areas"):
        code = area_code(written)
        if len(code) < len("".join(written.replace("-", " ").split())):
            raise entry.mistake(f"“areas”: “{written}” is no beginning of a postcode.")
        wanted.add(code)
    if wanted and recipient.mailroom is None:
        raise entry.mistake("“areas” need “channels”: a representative takes letters.")
    country = recipient.mailroom.country if recipient.mailroom else ""
    recipient.areas = [
        area for area in recipient.areas if area.prefix in wanted and area.country == country
    ]
    known = {area.prefix for area in recipient.areas}
    for prefix in sorted(wanted - known):
        recipient.areas.append(Area(country=country, prefix=prefix))
