"""Languages of the interface, and their translations for text that leaves outside a page."""

from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations, Translations

LANGUAGES = ("en",)
DEFAULT_LANGUAGE = "en"
CATALOGUES = Path(__file__).parent.parent / "translations"


@lru_cache
def translations(language: str) -> NullTranslations:
    """Return the message catalogue of `language`; English speaks for itself."""
    return Translations.load(CATALOGUES, [language])


@lru_cache
def text_direction(language: str) -> str:
    """Return "ltr" or "rtl" for a language code."""
    return Locale.parse(language.replace("-", "_")).text_direction


@lru_cache
def writing_locale(language: str) -> Locale:
    """Return whose manner of dates and numbers a language follows; English is the world's."""
    return Locale("en", "001") if language == "en" else Locale.parse(language.replace("-", "_"))


@lru_cache
def countries(language: str) -> dict[str, str]:
    """Return ISO 3166-1 alpha-2 codes with their names in `language` (from the CLDR)."""
    not_countries = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    names = Locale.parse(language.replace("-", "_")).territories
    return {
        code: name
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in not_countries
    }
