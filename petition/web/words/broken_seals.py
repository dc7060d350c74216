"""What stands on a page where something of a person cannot be opened."""

from flask_babel import gettext as _


def does_not_open() -> tuple[str, str]:
    """Return what stands in the place of what we hold and cannot open, as (label, value)."""
    return _("Your name, address and words"), _("We cannot open them now; you can erase them")
