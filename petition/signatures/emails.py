"""The mails about a signature."""

from petition.core.tokens import LINK_LIFETIME
from petition.links.models import LinkPurpose
from petition.outbox.messages import MailToWrite

KINDS = {LinkPurpose.CONFIRM: "confirm_signature", LinkPurpose.MANAGE: "manage_signature"}
"""The mail that carries a link, by what the link is for."""
HOURS = int(LINK_LIFETIME.total_seconds() // 3600)


def confirm_signature(
    *, to: str, language: str, petition_title: str, site_name: str, confirm_url: str
) -> MailToWrite:
    """Return the mail with the link to the page whose button confirms."""
    return MailToWrite(
        kind=KINDS[LinkPurpose.CONFIRM],
        to=to,
        language=language,
        link_name="confirm_url",
        link=confirm_url,
        context={"petition_title": petition_title, "site_name": site_name, "hours": HOURS},
    )


def manage_signature(
    *, to: str, language: str, petition_title: str, site_name: str, manage_url: str
) -> MailToWrite:
    """Return the mail with a link to see, change or withdraw a signature that counts."""
    return MailToWrite(
        kind=KINDS[LinkPurpose.MANAGE],
        to=to,
        language=language,
        link_name="manage_url",
        link=manage_url,
        context={"petition_title": petition_title, "site_name": site_name, "hours": HOURS},
    )
