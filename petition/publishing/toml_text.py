"""A draft written as TOML, with the files beside it: the opposite of reading it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from petition.core.drafts.problems import Place
from petition.core.drafts.shapes import Markdown, NamedFile, Shape, parts_of

_escapes = {ord(mark): f"\\{name}" for mark, name in zip('"\\\b\f\r\t', '"\\bfrt', strict=True)}
_escapes |= {number: f"\\u{number:04x}" for number in (*range(8), 11, *range(14, 32), 127)}


@dataclass(slots=True)
class Written:
    """The text of one TOML file, and the files that it names."""

    text: str = ""
    files: dict[str, bytes] = field(default_factory=dict)


def write_draft(draft: Any, stem: str) -> Written:
    """Return the file of a draft; `stem` begins the names of the texts beside it."""
    written = Written()
    writer = _Writer(stem, written.files)
    written.text = "\n".join(writer.lines(draft, (), "")).strip("\n") + "\n"
    return written


def write_table(key: str, draft: Any) -> str:
    """Return a draft that names no file as one of the tables `[[key]]` of a file."""
    return "\n".join((f"[[{key}]]", *_Writer(key, {}).lines(draft, (), ""))) + "\n"


class _Writer:
    def __init__(self, stem: str, files: dict[str, bytes]) -> None:
        self._stem = stem
        self._files = files

    def lines(self, draft: Any, place: Place, heading: str) -> Iterator[str]:
        """Yield the keys of a draft, and then the tables in it."""
        tables = []
        for part in parts_of(type(draft)):
            value = getattr(draft, part.name)
            if value is None or (not part.is_needed and value == part.usual()):
                continue
            here = (*place, part.key)
            if (part.shape.inner or part.shape).is_draft:
                tables.append((part.shape, value, here, _dotted(heading, part.key)))
            elif isinstance(value, Mapping):
                yield from (f"{part.key}.{key} = {_plain(text)}" for key, text in value.items())
            else:
                yield f"{part.key} = {self._value(part.shape, value, here)}"
        for table in tables:
            yield from self._tables(*table)

    def _tables(self, shape: Shape, value: Any, place: Place, heading: str) -> Iterator[str]:
        if isinstance(value, tuple):
            for number, one in enumerate(value):
                yield from ("", f"[[{heading}]]")
                yield from self.lines(one, (*place, number), heading)
        elif isinstance(value, Mapping):
            for key, one in value.items():
                yield from ("", f"[{heading}.{key}]")
                yield from self.lines(one, (*place, key), f"{heading}.{key}")
        else:
            yield from ("", f"[{heading}]")
            yield from self.lines(value, place, heading)

    def _value(self, shape: Shape, value: Any, place: Place) -> str:
        if shape.kind is NamedFile:
            self._files[value.name] = value.content
            return _plain(value.name)
        if shape.kind is Markdown:
            parts = [str(part) for part in place if part not in {"text", "body"}]
            name = f"{'.'.join([self._stem, *parts])}.md"
            self._files[name] = value.encode()
            return _plain(name)
        if isinstance(value, tuple):
            return f"[{', '.join(map(_plain, value))}]"
        return _plain(value)


def _dotted(heading: str, key: str) -> str:
    return f"{heading}.{key}" if heading else key


def _plain(value: Any) -> str:
    """Return a value as TOML has it; a text of several lines between three quotation marks."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        quoted = "\n".join(line.translate(_escapes) for line in value.split("\n"))
        return f'"""\n{quoted}"""' if "\n" in quoted else f'"{quoted}"'
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds" if value.microsecond else "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)
