"""What mails about a signature or a letter need to know of the site."""

from dataclasses import dataclass
from functools import lru_cache

from flask import url_for

from config import Config
from petition.web.site.languages import present_language
from petition.web.site.settings import settings

LAST_PART = "token"


@dataclass(frozen=True, slots=True)
class SiteLetterhead:
    """The site's name and the addresses of its pages, in one language."""

    site_name: str
    confirm_page: str
    manage_page: str
    confirm_letter_page: str
    manage_letter_page: str

    def confirm_url(self, token: str) -> str:
        """Return the address of the page that confirms."""
        return self.confirm_page + token

    def manage_url(self, token: str) -> str:
        """Return the address of the page that manages."""
        return self.manage_page + token

    def confirm_letter_url(self, token: str) -> str:
        """Return the address of the page that confirms a letter."""
        return self.confirm_letter_page + token

    def manage_letter_url(self, token: str) -> str:
        """Return the address of the page about a letter that was confirmed."""
        return self.manage_letter_page + token


def letterhead(language: str | None = None) -> SiteLetterhead:
    """Return the letterhead in this language, or in that of the page."""
    return _letterhead(settings(), language or present_language())


@lru_cache
def _letterhead(config: Config, language: str) -> SiteLetterhead:
    def page(endpoint: str) -> str:
        path = url_for(endpoint, lang=language, token=LAST_PART)
        return config.url + path.removesuffix(LAST_PART)

    return SiteLetterhead(
        config.site_name,
        page("public.petitions.confirming.show"),
        page("public.petitions.managing.show"),
        page("public.letters.confirming.show"),
        page("public.letters.managing.show"),
    )
