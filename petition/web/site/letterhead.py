"""What mails about a signature or a letter need to know of the site."""

from petition.links.letterhead import Letterhead
from petition.web.site.languages import present_language
from petition.web.site.settings import settings


def letterhead(language: str | None = None) -> Letterhead:
    """Return the letterhead in this language, or in that of the page."""
    config = settings()
    return Letterhead(config.site_name, config.url, language or present_language())
