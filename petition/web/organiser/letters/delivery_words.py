"""Why a letter came back, in the words of this door."""

from flask_babel import gettext as _

from petition.letters.bounces.delivery_status import blames_our_server


def why_it_came_back(status: str | None) -> str:
    """Return a sentence for an enhanced status code (RFC 3463; its registry is at iana.org)."""
    if status is None:
        return _("The server gave no reason that we understand.")
    return _("%(reason)s (%(code)s)", reason=_reason(status), code=status)


def _reason(status: str) -> str:
    subject, _dot, detail = status[2:].partition(".")
    if blames_our_server(status):
        return _("Refused by policy: look at our own server, it may stand on a block list")
    if (subject, detail) == ("1", "2"):
        return _("No such mail domain")
    if subject == "2" and detail == "1":
        return _("The mailbox is closed")
    reasons = {
        "1": _("No such mailbox"),
        "2": _("The mailbox is full or takes no more"),
        "3": _("The office’s mail system does not take it"),
        "4": _("The office’s server was not reached in time"),
        "5": _("The two servers did not understand each other"),
        "6": _("The office’s server does not take such content"),
    }
    return reasons.get(subject, _("The server did not say more"))
