"""A form of receipt, on one page, for the office to sign."""

from datetime import date, datetime
from typing import Any

from petition.deliveries.pack.packing import Counted, Pieces
from petition.deliveries.pack.writing.about import About, short_paper
from petition.deliveries.pack.writing.cover import grouped


def receipt(about: About, counted: Counted, cut_off: datetime, day: date) -> Pieces:
    """Return the form."""
    return short_paper("receipt.typ", receipt_data(about, counted, cut_off, day))


def receipt_data(about: About, counted: Counted, cut_off: datetime, day: date) -> dict[str, Any]:
    """Return what the template sets."""
    _ = about.speech.gettext
    return {
        "paper": about.paper,
        "lang": about.language,
        "dir": about.direction,
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "sender": about.organisation,
        "heading": _("Receipt"),
        "words": _("We have received a delivery pack with what is named here."),
        "rows": [
            {"label": _("Petition"), "title": about.title},
            {"label": _("From"), "value": about.organisation},
            {"label": _("To"), "value": f"{about.office} · {about.country}"},
            {"label": _("Signatures"), "value": about.count(counted.totals.signatures)},
            {"label": _("Confirmed up to"), "value": f"{about.until(cut_off)} (UTC)"},
            {"label": _("Root"), "mono": grouped(counted.tree.root)},
            {"label": _("Signed under the key"), "mono": [about.key.shown_id]},
        ],
        "fields": [
            [_("Place"), _("Date")],
            [_("Name"), _("Office or capacity")],
            [_("Signature or stamp"), _("Your reference, if you have one")],
        ],
        "note": _(
            "To sign it says that the pack arrived: not that it was checked, and not that "
            "anybody agrees. Please return it to %(contact)s."
        )
        % {"contact": about.contact},
    }
