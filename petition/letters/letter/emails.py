"""The mails about a letter, to its writer."""

from petition.outbox.messages import MailToWrite


def confirm_letter(
    *, to: str, language: str, office: str, site_name: str, confirm_url: str
) -> MailToWrite:
    """Return the mail with the link to the page whose button sends the letter."""
    link = ("confirm_url", confirm_url)
    return MailToWrite.with_link(
        "confirm_letter", to, language, link, office=office, site_name=site_name
    )


def letter_written(
    *, to: str, language: str, office: str, site_name: str, manage_url: str
) -> MailToWrite:
    """Return the mail with a link to a letter that was confirmed before."""
    link = ("manage_url", manage_url)
    return MailToWrite.with_link(
        "letter_written", to, language, link, office=office, site_name=site_name
    )


def letter_answered(
    *, to: str, language: str, office: str, site_name: str, manage_url: str
) -> MailToWrite:
    """Return the one mail that asks whether the office has answered."""
    link = ("manage_url", manage_url)
    return MailToWrite.with_link(
        "letter_answered", to, language, link, office=office, site_name=site_name
    )
