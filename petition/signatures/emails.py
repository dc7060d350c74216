"""The mails about a signature."""

from petition.links.models import LinkPurpose
from petition.outbox.messages import MailToWrite

KINDS = {LinkPurpose.CONFIRM: "confirm_signature", LinkPurpose.MANAGE: "manage_signature"}
"""The mail that carries a link, by what the link is for."""


def confirm_signature(
    *, to: str, language: str, petition_title: str, site_name: str, confirm_url: str
) -> MailToWrite:
    """Return the mail with the link to the page whose button confirms."""
    kind, link = KINDS[LinkPurpose.CONFIRM], ("confirm_url", confirm_url)
    names = {"petition_title": petition_title, "site_name": site_name}
    return MailToWrite.with_link(kind, to, language, link, **names)


def manage_signature(
    *, to: str, language: str, petition_title: str, site_name: str, manage_url: str
) -> MailToWrite:
    """Return the mail with a link to see, change or withdraw a signature that counts."""
    kind, link = KINDS[LinkPurpose.MANAGE], ("manage_url", manage_url)
    names = {"petition_title": petition_title, "site_name": site_name}
    return MailToWrite.with_link(kind, to, language, link, **names)
