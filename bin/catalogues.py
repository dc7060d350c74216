"""The messages that the product speaks, found in its code and templates, and their catalogues."""

from collections.abc import Iterator
from io import SEEK_END, BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from petition.core.i18n import LANGUAGES, catalogue_file

ROOT = Path(__file__).resolve().parent.parent
ENGLISH_ONLY = (
    "petition/cli",
    "petition/web/development",
    "petition/web/organiser",
    "templates/components/desk",
    "templates/development",
    "templates/layouts/organiser.html",
    "templates/organiser",
)
"""What only organisers and whoever runs the install see."""

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "lazy": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
REMARK = "Translators:"
"""Begins a comment beside a message that is meant for whoever translates it."""

READERS: dict[str, tuple[str, dict[str, str]]] = {
    ".py": ("python", {}),
    ".html": ("jinja2.ext:babel_extract", {"trimmed": "true", "silent": "false"}),
    ".txt": ("jinja2.ext:babel_extract", {"trimmed": "true", "silent": "false"}),
}


def main() -> None:
    """Bring every catalogue in line with the code, and say what is still to be translated."""
    template = spoken()
    for language in LANGUAGES:
        catalogue = brought_up_to(template, known(language), language)
        file = catalogue_file(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(as_bytes(catalogue, language))
        missing = [m for m in catalogue if m.id and not is_translated(m)]
        if language != "en":
            print(f"{language}: {len(catalogue)} messages, {len(missing)} to be translated")


def sources() -> Iterator[Path]:
    """Yield every file whose words are translated."""
    for folder in (ROOT / "petition", ROOT / "templates"):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in READERS and not f"{name}/".startswith(tuple(english_only())):
                yield path


def english_only() -> Iterator[str]:
    """Yield the beginnings of the paths that are not translated, each with a slash at its end."""
    return (f"{path}/" for path in ENGLISH_ONLY)


def spoken() -> Catalog:
    """Return every message in the code and the templates, without translations."""
    catalogue = Catalog()
    for path in sources():
        method, options = READERS[path.suffix]
        found = extract_from_file(
            method, path, KEYWORDS, [REMARK], options, strip_comment_tags=True
        )
        for _line, message, remarks, context in found:
            catalogue.add(message, None, auto_comments=remarks, context=context)
    return catalogue


def known(language: str) -> Catalog:
    """Return the catalogue of a language as it is."""
    file = catalogue_file(language)
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def brought_up_to(template: Catalog, old: Catalog, language: str) -> Catalog:
    """Return the messages of `template` with the translations that `old` has for the very same."""
    catalogue = Catalog(locale=language)
    for message in template:
        if message.id:
            before = old.get(message.id, message.context)
            catalogue.add(
                message.id,
                before.string if before and before.id == message.id else None,
                auto_comments=message.auto_comments,
                user_comments=before.user_comments if before else (),
                flags=before.flags - {"python-format"} if before else (),
                context=message.context,
            )
    return catalogue


def is_translated(message: Message) -> bool:
    """Whether a message has all its words and nobody doubts them."""
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(strings) and not message.fuzzy


def as_bytes(catalogue: Catalog, language: str) -> bytes:
    """Return a catalogue as a file in which only changed messages show as changes."""
    headers = (
        f"Language: {language}",
        "Content-Type: text/plain; charset=utf-8",
        f"Plural-Forms: {catalogue.plural_forms}",
    )
    lines = "".join(f'"{header}\\n"\n' for header in headers)
    file = BytesIO(f'msgid ""\nmsgstr ""\n{lines}\n'.encode())
    file.seek(0, SEEK_END)
    write_po(file, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    return file.getvalue()


if __name__ == "__main__":
    main()
