"""Reading a campaign's folder of TOML and Markdown: every mistake names its file and its cause."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email

from petition.core.errors import DomainError
from petition.core.i18n import countries
from petition.core.plain_file import LARGEST_TABLE, FileRefused, files_in, read_octets, read_text

Kind = TypeVar("Kind")
Choice = TypeVar("Choice", bound=StrEnum)
Read = TypeVar("Read")
MOST_PARTS = 30
_part = r"""(?:[\w-]++|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*"""
_long_name = re.compile(rf"""(?<![\w'"-])(?:{_part}){{{MOST_PARTS}}}""")
"""A name of many parts with dots between them: reading it costs the square of their number."""


class CampaignFolderError(DomainError):
    """A file of the folder is missing or wrong; the message names the file and the cause."""


@dataclass(frozen=True, slots=True)
class Words:
    """A title, a summary and a text in one language."""

    language: str
    title: str
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Document:
    """A table of a TOML file, the whole file's or one within it."""

    file: Path
    values: dict[str, Any]
    place: str = ""
    """Where in the file, if that helps to find it, such as "row 3"."""

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read a file. Raises CampaignFolderError."""
        try:
            return cls(file, _values(read_text(file, most=LARGEST_TABLE)))
        except ValueError as fault:
            raise CampaignFolderError(f"{file.name}: {fault}") from None
        except FileRefused as refused:
            raise CampaignFolderError(str(refused)) from None

    def mistake(self, cause: str) -> CampaignFolderError:
        """Return the error that names this file and the cause."""
        place = ", ".join(filter(None, [self.file.name, self.place]))
        return CampaignFolderError(f"{place}: {cause}")

    def need(self, key: str, kind: type[Kind]) -> Kind:
        """Return a value that has to be there. Raises CampaignFolderError."""
        value = self.values.get(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.mistake(f"“{key}” is missing or of the wrong kind.")
        return value

    def text(self, key: str, *, most: int = 200) -> str:
        """Return a text of at most `most` characters that has to be there.

        Raises CampaignFolderError.
        """
        found = self.need(key, str)
        if len(found) > most:
            raise self.mistake(f"“{key}” has {len(found)} characters; it may have {most}.")
        return found

    def optional_text(self, key: str, *, most: int = 200) -> str | None:
        """Return a text that may be left out. Raises CampaignFolderError."""
        return self.text(key, most=most) if key in self.values else None

    def distinct(self, key: str, found: Iterable[tuple[object, ...]]) -> None:
        """See that no two tables `[[key]]` are for the same thing. Raises CampaignFolderError."""
        seen: set[tuple[object, ...]] = set()
        for one in found:
            if one in seen:
                raise self.mistake(f"two tables [[{key}]] for {', '.join(map(str, one))}.")
            seen.add(one)

    def own(self, slug: str, theirs: int | None, ours: int) -> None:
        """See that what this slug names belongs to no other campaign. Raises CampaignFolderError.

        It would move over with all that people have done under it.
        """
        if theirs is not None and theirs != ours:
            raise self.mistake(f"“{slug}” is the slug of something in another campaign already.")

    def slug(self) -> str:
        """Return the slug, which stands in addresses. Raises CampaignFolderError."""
        slug = self.need("slug", str)
        if not re.fullmatch("[a-z0-9][a-z0-9-]{0,79}", slug):
            raise self.mistake("“slug” may have small letters a–z, digits and hyphens, at most 80.")
        return slug

    def language(self, code: str) -> str:
        """Return the code of a language that the CLDR knows. Raises CampaignFolderError."""
        try:
            Locale.parse(code.replace("-", "_"))
        except (ValueError, UnknownLocaleError):
            raise self.mistake(f"there is no language “{code}”; write en, fr, zh-Hant …") from None
        return code

    def country(self, key: str) -> str:
        """Return the ISO 3166-1 code of a country. Raises CampaignFolderError."""
        code = self.need(key, str)
        if code not in countries("en"):
            raise self.mistake(f"“{key}”: there is no country “{code}”; write US, GB, FR …")
        return code

    def get(self, key: str, kind: type[Kind]) -> Kind | None:
        """Return a value that may be left out. Raises CampaignFolderError."""
        return self.need(key, kind) if key in self.values else None

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        """Return one of a set of words. Raises CampaignFolderError."""
        return self.one_of(self.need(key, str), choices, key)

    def choice_or(self, key: str, choices: type[Choice], default: Choice) -> Choice:
        """Return one of a set of words that may be left out. Raises CampaignFolderError."""
        return self.choice(key, choices) if key in self.values else default

    def one_of(self, word: str, choices: type[Choice], key: str) -> Choice:
        """Return the choice that a word stands for. Raises CampaignFolderError."""
        try:
            return choices(word)
        except ValueError:
            known = ", ".join(choices)
            raise self.mistake(f"“{key}” is “{word}”; it can be {known}.") from None

    def tables(self, key: str) -> list["Document"]:
        """Return the tables `[[key]]`, none if there is none. Raises CampaignFolderError."""
        found = self.get(key, list) or []
        if not all(isinstance(one, dict) for one in found):
            raise self.mistake(f"“{key}” has to be tables, each headed [[{key}]].")
        return [Document(self.file, one) for one in found]

    def by_language(self, key: str) -> dict[str, str]:
        """Return a short text in each of its languages. Raises CampaignFolderError."""
        found = self.need(key, dict)
        for language in found:
            self.language(language)
        if not found or not all(isinstance(text, str) and text for text in found.values()):
            raise self.mistake(f"“{key}” needs a text for each of its languages.")
        return found

    def strings(self, key: str) -> list[str]:
        """Return a list of texts, empty where it is left out. Raises CampaignFolderError."""
        found = self.get(key, list) or []
        if not all(isinstance(one, str) for one in found):
            raise self.mistake(f"“{key}” has to be a list of texts.")
        return found

    def address(self, key: str) -> str | None:
        """Return a web address that may be left out. Raises CampaignFolderError."""
        found = self.optional_text(key, most=500)
        if found is not None and urlsplit(found).scheme not in {"https", "http"}:
            raise self.mistake(f"“{key}” has to begin with https://.")
        return found

    def mailbox(self, key: str) -> str | None:
        """Return an e-mail address that may be left out, as SMTP takes it.

        Raises CampaignFolderError, also for one with letters before the @ that most servers refuse
        (RFC 6531): its letters would never leave.
        """
        found = self.optional_text(key, most=254)
        if found is None:
            return None
        local = found.rpartition("@")[0]
        unusual = "".join(dict.fromkeys(one for one in local if not one.isascii()))
        if unusual:
            raise self.mistake(
                f"“{key}” has characters before the @ that mail servers do not take: “{unusual}” "
                f"({', '.join(unicodedata.name(one, 'unnamed') for one in unusual)}). Write the "
                "address with the letters a to z."
            )
        try:
            checked = validate_email(
                found, check_deliverability=False, strict=True, allow_smtputf8=False
            )
        except EmailNotValidError:
            raise self.mistake(f"“{key}” is no e-mail address: “{found}”.") from None
        return checked.ascii_email or checked.normalized

    def instant(self, key: str, zone: ZoneInfo | None = None) -> datetime:
        """Return an instant in UTC: one with its offset, or the time on a clock of `zone`.

        Raises CampaignFolderError, also for a time that the clocks of the zone skip.
        """
        found = self.need(key, datetime)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        if zone is None:
            raise self.mistake(f"“{key}” needs an offset, such as 2026-11-17T15:00:00Z.")
        moment = found.replace(tzinfo=zone)
        instant = moment.astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) != found:
            raise self.mistake(f"“{key}”: the clocks of {zone.key} skip {found:%H:%M} on that day.")
        return instant

    def zone(self, key: str) -> ZoneInfo:
        """Return an IANA time zone. Raises CampaignFolderError."""
        name = self.need(key, str)
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: “Europe” is a folder
            raise self.mistake(f"there is no time zone “{name}”.") from None

    def day(self, key: str) -> date:
        """Return a date without a time. Raises CampaignFolderError."""
        found = self.need(key, date)
        if isinstance(found, datetime):
            raise self.mistake(f"“{key}” has to be a date without a time.")
        return found

    def words(self, *, longest_summary: int = 600) -> list[Words]:
        """Return the texts of `[text.<language>]`. Raises CampaignFolderError."""
        return [
            Words(
                language,
                text.text("title"),
                text.text("summary", most=longest_summary),
                text.beside("body"),
            )
            for language, text in self.texts()
        ]

    def texts(self) -> list[tuple[str, "Document"]]:
        """Return the tables `[text.<language>]` with their languages.

        Raises CampaignFolderError.
        """
        found = self.need("text", dict)
        if not found or not all(isinstance(text, dict) for text in found.values()):
            raise self.mistake("“text” needs a table [text.<language>] for each of its languages.")
        return [(self.language(code), Document(self.file, text)) for code, text in found.items()]

    def beside(self, key: str) -> str:
        """Return the text of the file beside this one that `key` names; CampaignFolderError."""
        return self._beside(key, read_text)

    def octets_beside(self, key: str) -> bytes:
        """Return the octets of the file that `key` names. Raises CampaignFolderError."""
        return self._beside(key, read_octets)

    def _beside(self, key: str, read: Callable[[Path], Read]) -> Read:
        name = self.need(key, str)
        if Path(name).name != name:
            raise self.mistake(f"{name} is missing.")
        try:
            return read(self.file.parent / name)
        except FileRefused as refused:
            raise self.mistake(str(refused)) from None


def read_each(folder: Path, read: Callable[[Document], Read]) -> list[Read]:
    """Read every TOML file of a folder in the order of their names; none where it is missing.

    Raises CampaignFolderError, also for two files that are about the same thing.
    """
    try:
        documents = [Document.read(file) for file in files_in(folder, "*.toml")]
    except FileRefused as refused:
        raise CampaignFolderError(str(refused)) from None
    first: dict[str, Document] = {}
    for document in documents:
        slug = document.slug()
        if slug in first:
            raise document.mistake(f"“{slug}” is the slug of {first[slug].file.name} already.")
        first[slug] = document
    return [read(document) for document in documents]


def _values(text: str) -> dict[str, Any]:
    """Return what a TOML text says. Raises ValueError."""
    if _long_name.search(text):
        raise ValueError(f"a name has more than {MOST_PARTS} parts.")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("lists within lists, too deep to be read.") from None
