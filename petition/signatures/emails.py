"""The mails about a signature."""

from petition.core.tokens import LINK_LIFETIME
from petition.outbox.messages import Message, compose

HOURS = int(LINK_LIFETIME.total_seconds() // 3600)


def confirm_signature(
    *, to: str, language: str, petition_title: str, site_name: str, confirm_url: str
) -> Message:
    """Return the mail with the link to the page whose button confirms."""
    return compose(
        "confirm_signature",
        to=to,
        language=language,
        petition_title=petition_title,
        site_name=site_name,
        link_name="confirm_url",
        link=confirm_url,
        hours=HOURS,
    )


def manage_signature(
    *, to: str, language: str, petition_title: str, site_name: str, manage_url: str
) -> Message:
    """Return the mail with a link to see, change or withdraw a signature that counts."""
    return compose(
        "manage_signature",
        to=to,
        language=language,
        petition_title=petition_title,
        site_name=site_name,
        link_name="manage_url",
        link=manage_url,
        hours=HOURS,
    )
