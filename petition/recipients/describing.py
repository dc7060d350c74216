"""What is noted of a recipient, in the words in which it is loaded."""

from typing import Any

from petition.recipients.models import Mailroom, Recipient


def values_of(recipient: Recipient) -> dict[str, Any]:
    """Return the values of the entry from which this recipient could be loaded.

    Those who held the office before are not among them, nor whether letters came back.
    """
    present = [holder for holder in recipient.holders if holder.until is None]
    values = {
        "slug": recipient.slug,
        "jurisdiction": recipient.jurisdiction,
        "office": dict(recipient.office),
        "holder": present[-1].name if present else None,
        "holder_since": present[-1].since if present else None,
        "email": recipient.email,
        "languages": list(recipient.languages),
        "areas": sorted(area.prefix for area in recipient.areas) or None,
        **(_values_of_mailroom(recipient.mailroom) if recipient.mailroom else {}),
    }
    return {name: value for name, value in values.items() if value is not None}


def _values_of_mailroom(mailroom: Mailroom) -> dict[str, Any]:
    return {
        "country": mailroom.country,
        "form_url": mailroom.form_url,
        "address": mailroom.address,
        "channels": list(mailroom.channels),
        "salutation": dict(mailroom.salutation),
        "close": dict(mailroom.close),
        "paper": mailroom.paper.value,
        "zone": mailroom.zone_name,
        "days": list(mailroom.days),
        "hours": f"{mailroom.hours_from}-{mailroom.hours_until}",
        "hourly_cap": mailroom.hourly_cap,
        "constituents_only": mailroom.constituents_only,
        "verified_on": mailroom.verified_on,
        "verified_source": mailroom.verified_source,
    }
