"""Short texts that content has in several languages."""

from petition.web.site.languages import present_language


def in_language(texts: dict[str, str]) -> str:
    """Return a text in the reader's language, else in English, else in any."""
    return texts.get(present_language()) or texts.get("en") or next(iter(texts.values()), "")
