"""Values as files have them, read into a draft: what cannot be read is a problem, the rest is read.

Only what a value *is* belongs here; what it may say are rules, which the draft has of its own.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from petition.core.drafts.kinds import is_in_these_times
from petition.core.drafts.problems import Place, Problem, in_a_sentence
from petition.core.drafts.shapes import Markdown, NamedFile, Shape, parts_of
from petition.core.files.plain_file import FileRefused

Draft = TypeVar("Draft")
LARGEST_NUMBER = 10**9 - 1
MOST_UNKNOWN = 50
"""Keys of one table that are named as unknown: to find the likely one for each takes a while."""
EXPECTED = {
    str: "a text in quotation marks",
    bool: "true or false, without quotation marks",
    int: "a whole number, without quotation marks",
    date: "a day like 2026-11-20, without quotation marks",
    datetime: "a moment like 2026-11-20T18:00:00, without quotation marks",
    Markdown: "the name of the file beside this one in which the text stands",
    NamedFile: "the name of a file beside this one",
}
_kinds: tuple[tuple[type, str], ...] = (
    *((bool, "true or false"), (int, "a number"), (float, "a number"), (str, "a text")),
    *((datetime, "a moment"), (date, "a day"), (list, "a list"), (dict, "a table")),
)
_stand_ins: Mapping[Any, Any] = {
    str: "",
    Markdown: "",
    bool: False,
    int: 1,
    tuple: (),
    Mapping: {},
    date: date(1970, 1, 1),
    datetime: datetime(1970, 1, 1, tzinfo=UTC),
    NamedFile: NamedFile("", b""),
}


class Beside(Protocol):
    """The files beside the one that is read."""

    def text(self, name: str) -> str:
        """Return the text of a file. Raises FileRefused."""

    def octets(self, name: str) -> bytes:
        """Return the octets of a file. Raises FileRefused."""


class NoFiles:
    """Where no file stands beside."""

    def text(self, name: str) -> str:
        """Raise FileRefused."""
        raise FileRefused(f"{name} is missing.")

    def octets(self, name: str) -> bytes:
        """Raise FileRefused."""
        raise FileRefused(f"{name} is missing.")


class Binding:
    """The reading of one draft."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside
        self._own_keys: set[str] = set()
        self.problems: list[Problem] = []
        self.files: dict[Place, str] = {}
        """In which file a text stands."""

    def read(self, draft: type[Draft], values: Mapping[str, Any]) -> Draft:
        """Return the draft; what could not be read in it has a value that means nothing."""
        self._own_keys = {part.key for part in parts_of(draft)}
        return self._draft(draft, values, ())

    def _draft(self, draft: type[Draft], values: Mapping[str, Any], at: Place) -> Draft:
        parts = parts_of(draft)
        found: dict[str, Any] = {}
        for part in parts:
            if part.key in values:
                place = (*at, part.key)
                found[part.name] = self._value(part.shape, values[part.key], place, part.key)
            elif part.is_needed:
                self._note((*at, part.key), f"“{part.key}” is missing.")
                found[part.name] = _stand_in(part.shape)
            else:
                found[part.name] = part.usual()
        known = [part.key for part in parts]
        for key in islice((key for key in values if key not in known), MOST_UNKNOWN):
            self._note((*at, key), self._unknown(key, known, at))
        return draft(**found)

    def _unknown(self, key: str, known: list[str], at: Place) -> str:
        if at and key in self._own_keys:
            return f"“{key}” belongs further up, above the first heading in brackets."
        near = get_close_matches(key.lower(), known, n=1)
        if near:
            return f"there is no key “{key}”; did you mean “{near[0]}”?"
        return f"there is no key “{key}”; there can be {', '.join(known)}."

    def _value(self, shape: Shape, value: Any, place: Place, name: str) -> Any:
        if shape.is_draft and isinstance(value, dict):
            return self._draft(shape.kind, value, place)
        if shape.kind is tuple and shape.inner and isinstance(value, list):
            return tuple(
                self._value(shape.inner, one, (*place, number), name)
                for number, one in enumerate(value)
            )
        if shape.kind is Mapping and shape.inner and isinstance(value, dict):
            return {
                key: self._value(shape.inner, one, (*place, key), f"{name}.{key}")
                for key, one in value.items()
            }
        if isinstance(value, str) and shape.kind in {Markdown, NamedFile}:
            return self._file(shape.kind, value, place, name)
        if (
            isinstance(value, str)
            and isinstance(shape.kind, type)
            and issubclass(shape.kind, StrEnum)
        ):
            return self._choice(shape.kind, value, place, name)
        if _is_plain(shape.kind, value):
            return self._storable(value, place, name)
        return self._wrong(shape, value, place, name)

    def _storable(self, value: Any, place: Place, name: str) -> Any:
        """Return a plain value, unless no database or calendar takes it."""
        wrong = None
        if isinstance(value, str) and "\0" in value:
            wrong = "has a character that cannot be printed"
        elif isinstance(value, date):
            wrong = is_in_these_times(value)
        elif isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            wrong = "has too many digits; write a number of at most nine"
        if wrong is None:
            return value
        self._note(place, in_a_sentence(name, wrong))
        return _stand_ins[type(value)]

    def _choice(self, kind: type[StrEnum], word: str, place: Place, name: str) -> StrEnum:
        if word in set(kind):
            return kind(word)
        self._note(place, f"“{name}” is “{word}”; it can be {', '.join(kind)}.")
        return next(iter(kind))

    def _file(self, kind: Any, file: str, place: Place, name: str) -> Any:
        self.files[place] = file
        is_text = kind is Markdown
        cause = f"“{name}” has to be {EXPECTED[kind]}; it is “{file[:60]}”."
        try:
            if file and Path(file).name == file and "\n" not in file:
                if is_text:
                    return self._beside.text(file)
                return NamedFile(file, self._beside.octets(file))
        except FileRefused as refused:
            is_name = "." in file and not (is_text and " " in file)
            cause = str(refused) if is_name else cause
        self._note(place, cause)
        del self.files[place]
        return _stand_in(Shape(kind))

    def _wrong(self, shape: Shape, value: Any, place: Place, name: str) -> Any:
        key = str(place[-1])
        if shape.is_draft and place[:1] == ("text",) and key in self._own_keys:
            cause = f"“{key}” belongs further up, above the first heading in brackets."
        elif shape.is_draft and key in {part.key for part in parts_of(shape.kind)}:
            cause = f"“{key}” needs a language: head its table [{place[0]}.en]."
        elif isinstance(value, dict) and shape.kind is tuple:
            cause = f"“{name}” is one table; write two brackets: [[{name}]]."
        else:
            said = next(
                (word for kind, word in _kinds if isinstance(value, kind)), "something else"
            )
            cause = f"“{name}” is {said}; write {_expected(shape, name)}."
        self._note(place, cause)
        return _stand_in(shape)

    def _note(self, place: Place, cause: str) -> None:
        self.problems.append(Problem(place, cause))


def _is_plain(kind: Any, value: Any) -> bool:
    """Whether a value is just of this kind: true is no number, and a moment is no day."""
    return kind in {str, bool, int, date, datetime} and type(value) is kind


def _expected(shape: Shape, name: str) -> str:
    if shape.is_draft:
        return f"a table, headed [{name}]"
    if shape.kind is tuple and shape.inner:
        if shape.inner.is_draft:
            return f"tables, each headed [[{name}]]"
        return 'a list of texts in brackets, like ["one", "two"]'
    if shape.kind is Mapping and shape.inner:
        if shape.inner.is_draft:
            return f"a table for each language, headed [{name}.en]"
        return f'a text for each language, like {name}.en = "…"'
    if isinstance(shape.kind, type) and issubclass(shape.kind, StrEnum):
        return f"one of {', '.join(shape.kind)}, in quotation marks"
    return EXPECTED[shape.kind]


def _stand_in(shape: Shape) -> Any:
    """Return a value that means nothing, in place of one that could not be read."""
    if shape.is_draft:
        return shape.kind(
            **{
                part.name: _stand_in(part.shape) if part.is_needed else part.usual()
                for part in parts_of(shape.kind)
            }
        )
    if shape.kind in _stand_ins:
        return _stand_ins[shape.kind]
    return next(iter(shape.kind))
