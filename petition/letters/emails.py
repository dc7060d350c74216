"""The mails about a letter, to its writer."""

from petition.core.tokens import LINK_LIFETIME
from petition.outbox.messages import MailOrder

HOURS = int(LINK_LIFETIME.total_seconds() // 3600)


def confirm_letter(
    *, to: str, language: str, office: str, site_name: str, confirm_url: str
) -> MailOrder:
    """Return the mail with the link to the page whose button sends the letter."""
    return MailOrder(
        kind="confirm_letter",
        to=to,
        language=language,
        link_name="confirm_url",
        link=confirm_url,
        context={"office": office, "site_name": site_name, "hours": HOURS},
    )


def letter_written(
    *, to: str, language: str, office: str, site_name: str, manage_url: str
) -> MailOrder:
    """Return the mail with a link to a letter that was confirmed before."""
    return MailOrder(
        kind="letter_written",
        to=to,
        language=language,
        link_name="manage_url",
        link=manage_url,
        context={"office": office, "site_name": site_name, "hours": HOURS},
    )


def letter_answered(
    *, to: str, language: str, office: str, site_name: str, manage_url: str
) -> MailOrder:
    """Return the one mail that asks whether the office has answered."""
    return MailOrder(
        kind="letter_answered",
        to=to,
        language=language,
        link_name="manage_url",
        link=manage_url,
        context={"office": office, "site_name": site_name, "hours": HOURS},
    )
