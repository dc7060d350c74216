"""The mails about a letter, to its writer."""

from petition.core.tokens import LINK_LIFETIME
from petition.outbox.messages import MailToWrite

HOURS = int(LINK_LIFETIME.total_seconds() // 3600)


def confirm_letter(
    *, to: str, language: str, office: str, site_name: str, confirm_url: str
) -> MailToWrite:
    """Return the mail with the link to the page whose button sends the letter."""
    link = ("confirm_url", confirm_url)
    return _order("confirm_letter", to, language, office, site_name, link)


def letter_written(
    *, to: str, language: str, office: str, site_name: str, manage_url: str
) -> MailToWrite:
    """Return the mail with a link to a letter that was confirmed before."""
    link = ("manage_url", manage_url)
    return _order("letter_written", to, language, office, site_name, link)


def letter_answered(
    *, to: str, language: str, office: str, site_name: str, manage_url: str
) -> MailToWrite:
    """Return the one mail that asks whether the office has answered."""
    link = ("manage_url", manage_url)
    return _order("letter_answered", to, language, office, site_name, link)


def _order(
    kind: str, to: str, language: str, office: str, site_name: str, link: tuple[str, str]
) -> MailToWrite:
    name, address = link
    return MailToWrite(
        kind=kind,
        to=to,
        language=language,
        link_name=name,
        link=address,
        context={"office": office, "site_name": site_name, "hours": HOURS},
    )
