"""Publishing recipients: an office outlives its holder, and keeps its row."""

from datetime import date

from petition.core.storage.database import session
from petition.core.storage.merging import set_changed
from petition.recipients.drafts import RecipientDraft, draft_of, hours_in, settled
from petition.recipients.models import Area, Holder, Mailroom, Recipient
from petition.recipients.queries import recipient_by_slug


def publish(draft: RecipientDraft, today: date, campaign_id: int | None = None) -> Recipient:
    """Bring a recipient in line with its draft, which has passed its checks.

    One that belongs to none is this campaign's from now on; one that came in a table, none's.
    """
    recipient = recipient_by_slug(draft.slug)
    said = settled(draft, draft_of(recipient) if recipient else None)
    if recipient is None:
        recipient = Recipient(slug=said.slug)
        session.add(recipient)
    if recipient.campaign_id is None:
        recipient.campaign_id = campaign_id
    values = {
        "jurisdiction": said.jurisdiction.value,
        "office": dict(said.office),
        "email": said.email,
        "languages": list(said.languages),
    }
    set_changed(recipient, values)
    session.flush()
    _set_holder(recipient, said, today)
    _set_mailroom(recipient, said)
    _set_areas(recipient, said)
    session.flush()
    return recipient


def _set_holder(recipient: Recipient, said: RecipientDraft, today: date) -> None:
    """Note who holds the office. Whoever held it before stays noted, until that day."""
    present = [holder for holder in recipient.holders if holder.until is None]
    if present and present[-1].name == said.holder:
        set_changed(present[-1], {"since": said.holder_since})
        return
    for holder in present:
        holder.until = max(said.holder_since or today, holder.since or said.holder_since or today)
    session.flush()
    if said.holder is not None:
        recipient.holders.append(Holder(name=said.holder, since=said.holder_since))


def _set_mailroom(recipient: Recipient, said: RecipientDraft) -> None:
    if not said.channels:
        recipient.mailroom = None
        return
    if recipient.mailroom is None:
        recipient.mailroom = Mailroom()
    first, last = hours_in(said.hours or "")
    values = {
        "channels": [channel.value for channel in said.channels],
        "salutation": dict(said.salutation),
        "close": dict(said.close),
        "form_url": said.form_url,
        "address": said.address,
        "country": said.country,
        "paper": said.paper,
        "constituents_only": said.constituents_only,
        "zone_name": said.zone,
        "days": list(said.days),
        "hours_from": first,
        "hours_until": last,
        "hourly_cap": said.hourly_cap,
        "verified_on": said.verified_on,
        "verified_source": said.verified_source,
    }
    set_changed(recipient.mailroom, values)


def _set_areas(recipient: Recipient, said: RecipientDraft) -> None:
    country = said.country or ""
    recipient.areas = [
        area for area in recipient.areas if area.prefix in said.areas and area.country == country
    ]
    known = {area.prefix for area in recipient.areas}
    for prefix in said.areas:
        if prefix not in known:
            recipient.areas.append(Area(country=country, prefix=prefix))
