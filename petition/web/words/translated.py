"""Short texts that content has in several languages."""

from petition.core.i18n import words_for
from petition.web.site.languages import present_language


def in_language(texts: dict[str, str]) -> str:
    """Return what the page's reader gets of a text; empty where there is none."""
    return words_for(present_language(), texts)
