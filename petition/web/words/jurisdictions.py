"""The four jurisdictions in the reader's language, and how each stands, in words."""

from babel import Locale
from flask_babel import gettext as _

from petition.gaps.models import GapStatus
from petition.recipients.jurisdictions import Jurisdiction
from petition.web.site.languages import present_language


def jurisdiction_name(jurisdiction: str) -> str:
    """Return its name in the reader's language (from the CLDR)."""
    names = Locale.parse(present_language()).territories
    return str(names.get(jurisdiction, jurisdiction))


def jurisdiction_short(jurisdiction: Jurisdiction) -> str:
    """Return a short name for the head of a narrow column."""
    return {
        Jurisdiction.US: _("US"),
        Jurisdiction.CA: _("Canada"),
        Jurisdiction.GB: _("UK"),
        Jurisdiction.EU: _("EU"),
    }[jurisdiction]


def status_words(status: GapStatus) -> str:
    """Return a status in words."""
    return {
        GapStatus.GAP: _("Gap"),
        GapStatus.PARTIAL: _("Partial"),
        GapStatus.ACTED: _("Acted"),
        GapStatus.DOES_NOT_APPLY: _("Does not apply"),
    }[status]
