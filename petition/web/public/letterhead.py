"""What mails about a signature need to know of the site."""

from dataclasses import dataclass

from flask import url_for

from petition.web.languages import present_language
from petition.web.settings import settings


@dataclass(frozen=True, slots=True)
class SiteLetterhead:
    """The site's name and the addresses of its pages, in one language."""

    site_name: str
    site_url: str
    language: str

    def confirm_url(self, token: str) -> str:
        """Return the address of the page that confirms."""
        path = url_for("public.confirming.show", lang=self.language, token=token)
        return self.site_url + path

    def manage_url(self, token: str) -> str:
        """Return the address of the page that manages."""
        path = url_for("public.managing.show", lang=self.language, token=token)
        return self.site_url + path


def letterhead() -> SiteLetterhead:
    """Return the letterhead in the language of the page."""
    config = settings()
    return SiteLetterhead(config.site_name, config.url, present_language())
