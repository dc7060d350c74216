"""How much there is of a file, in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from petition.deliveries.files.models import DeliveryFile
from petition.web.site.formats import number


def size_words(file: DeliveryFile) -> str:
    """Return what a file is and how large, such as "PDF, 2 pages, 130 KB"."""
    size = _("%(kilobytes)s KB", kilobytes=number(-(-file.size // 1000)))
    if file.pages is None:
        return _("Picture, %(size)s", size=size)
    pages = ngettext("%(count)s page", "%(count)s pages", file.pages, count=number(file.pages))
    return _("PDF, %(pages)s, %(size)s", pages=pages, size=size)
