"""Languages of the interface, and their translations for text that leaves outside a page."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Protocol, TypeVar

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from markupsafe import Markup

LANGUAGES = ("en", "fr", "es", "ar", "ru")
DEFAULT_LANGUAGE = "en"
CATALOGUES = Path(__file__).parent.parent / "translations"
OWN_LETTERS = {"es": "ñ", "ru": "й"}
"""Letters with marks that have their own place in the alphabet of a language."""
COMMAS = {"ar": "، "}
"""What stands between the parts of a list, where it is not the Latin comma."""


class InLanguage(Protocol):
    """Something written in one language."""

    @property
    def language(self) -> str:
        """Its language's code."""


Text = TypeVar("Text", bound=InLanguage)
Written = TypeVar("Written")
Text_co = TypeVar("Text_co", bound=InLanguage, covariant=True)


class HoldsTexts(Protocol[Text_co]):
    """Something that has a text in each of some languages."""

    @property
    def texts(self) -> Sequence[Text_co]:
        """Its texts, at least one."""


class Translated:
    """What is written in one language or in several."""

    def text_in(self: HoldsTexts[Text], language: str) -> Text:
        """Return the text that somebody who reads `language` gets."""
        return text_for(language, self.texts)


def language_for(reader: str, written: Mapping[str, object]) -> str | None:
    """Return in which of the languages in which something is written somebody gets it.

    In the one that they read, else in English, else in the first; None where nothing is written.
    """
    tried = (reader, DEFAULT_LANGUAGE, *written)
    return next((language for language in tried if written.get(language)), None)


def written_for(reader: str, written: Mapping[str, Written]) -> Written | None:
    """Return what somebody who reads `reader` gets of what is written by language."""
    language = language_for(reader, written)
    return written[language] if language else None


def words_for(reader: str, words: Mapping[str, str]) -> str:
    """Return the words that somebody who reads `reader` gets; empty where there are none."""
    return written_for(reader, words) or ""


def text_for(reader: str, texts: Sequence[Text]) -> Text:
    """Return the text that somebody who reads `reader` gets."""
    return written_for(reader, {text.language: text for text in texts}) or texts[0]


def catalogue_file(language: str) -> Path:
    """Return where the messages of `language` are kept, as translators edit them."""
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


@lru_cache
def translations(language: str) -> NullTranslations:
    """Return the messages of `language`, compiled here; a language without any speaks English."""
    if language not in LANGUAGES:
        return NullTranslations()
    compiled = BytesIO()
    with catalogue_file(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def language_name(language: str, reader: str) -> str:
    """Return what a language is called by somebody who reads `reader`."""
    own = Locale.parse(reader).languages
    return own.get(language) or own.get(language.partition("-")[0]) or language


@lru_cache
def own_name(language: str) -> str:
    """Return what a language calls itself, as it begins a line."""
    name = language_name(language, language)
    return name[:1].upper() + name[1:]


def sort_key(name: str, language: str) -> str:
    """Return what puts `name` into its place among others in `language`."""
    own = OWN_LETTERS.get(language, "")
    return "".join(
        f"{_plain(letter)}\uffff" if letter in own else _plain(letter)
        for letter in unicodedata.normalize("NFC", name.casefold())
    )


def _plain(letter: str) -> str:
    decomposed = unicodedata.normalize("NFD", letter)
    return "".join(part for part in decomposed if not unicodedata.combining(part))


def listed(parts: Iterable[str | None], language: str) -> str:
    """Return the parts that there are, with the comma of `language` between them.

    Where one of them is markup, so is the answer.
    """
    given, comma = [part for part in parts if part], COMMAS.get(language, ", ")
    if any(isinstance(part, Markup) for part in given):
        return Markup(comma).join(given)  # noqa: S704 - one of the commas above
    return comma.join(given)


@lru_cache
def text_direction(language: str) -> str:
    """Return "ltr" or "rtl" for a language code."""
    return Locale.parse(language.replace("-", "_")).text_direction


def isolated(words: str, language: str, within: str) -> str:
    """Return words that run the other way than those around them, kept apart from these.

    For plain text, which knows no marks of its own: U+2068 and U+2069 of Unicode's UAX 9.
    """
    if not language or text_direction(language) == text_direction(within):
        return words
    return f"\u2068{words}\u2069"


def direction_of(text: str) -> str:
    """Return "rtl" where the first letter is of a script that runs so."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    first = next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L")
    return "ltr" if first == "L" else "rtl"


@lru_cache
def writing_locale(language: str) -> Locale:
    """Return whose manner of dates and numbers a language follows; English is the world's."""
    return Locale("en", "001") if language == "en" else Locale.parse(language.replace("-", "_"))


def date_in_words(day: date, locale: Locale) -> str:
    """Return a date with the name of its month.

    French writes the first of a month as an ordinal (Lexique des règles typographiques en usage à
    l'Imprimerie nationale), which the CLDR's patterns cannot say.
    """
    said = str(format_date(day, "long", locale=locale))
    return f"1er{said[1:]}" if locale.language == "fr" and day.day == 1 else said


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
