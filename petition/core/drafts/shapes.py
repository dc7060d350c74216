"""What the fields of a draft hold, read from its annotations.

A draft is a frozen dataclass. Whoever reads it (from a file, a form), checks it or writes it walks
over its shape, so that a new field is one line.
"""

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import Annotated, Any, NewType, Union, get_args, get_origin, get_type_hints

Rule = Callable[[Any], str | None]
"""Returns what is wrong with a value, in words that follow the name of its key; None if nothing."""
Markdown = NewType("Markdown", str)
"""A text that is kept in a file of its own."""


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that readers can download, under its name."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand in one place of a draft."""

    kind: Any
    """A class: of a plain value, a draft, `tuple` or `Mapping`."""
    rules: tuple[Rule, ...] = ()
    inner: "Shape | None" = None
    """What a tuple or a mapping holds."""
    keys: "Shape | None" = None

    @property
    def is_draft(self) -> bool:
        """Whether a draft stands here, with fields of its own."""
        return is_dataclass(self.kind) and self.kind is not NamedFile


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a draft."""

    name: str
    key: str
    """What it is called in files."""
    shape: Shape
    declared: Field[Any]

    @property
    def is_needed(self) -> bool:
        """Whether it has to be given."""
        return self.declared.default is MISSING and self.declared.default_factory is MISSING

    def usual(self) -> Any:
        """Return what it is where it is not given."""
        if self.declared.default_factory is not MISSING:
            return self.declared.default_factory()
        return self.declared.default


def listed(key: str) -> Any:
    """Return a field for tables that are each headed `[[key]]`; there may be none."""
    return field(default=(), metadata={"key": key})


def called(key: str) -> Any:
    """Return a field that files call otherwise."""
    return field(metadata={"key": key})


def unset() -> Any:
    """Return a field for texts by language that may be left out."""
    return field(default_factory=dict)


def parts_of(draft: type) -> tuple[Part, ...]:
    """Return the fields of a draft in their order."""
    return _parts_of(draft)


@lru_cache
def _parts_of(draft: Any) -> tuple[Part, ...]:
    hints = get_type_hints(draft, include_extras=True)
    return tuple(
        Part(one.name, one.metadata.get("key", one.name), shape_of(hints[one.name]), one)
        for one in fields(draft)
    )


def shape_of(hint: Any) -> Shape:
    """Return what an annotation means."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        inner = shape_of(arguments[0])
        return Shape(inner.kind, (*inner.rules, *arguments[1:]), inner.inner, inner.keys)
    if origin in {Union, types.UnionType}:
        [given] = [one for one in arguments if one is not types.NoneType]
        return shape_of(given)
    if origin is tuple:
        return Shape(tuple, inner=shape_of(arguments[0]))
    if origin is Mapping:
        return Shape(Mapping, inner=shape_of(arguments[1]), keys=shape_of(arguments[0]))
    return Shape(hint)


def keys_of(draft: type) -> Iterator[str]:
    """Yield every key of a draft and of the drafts in it."""
    for part in parts_of(draft):
        yield part.key
        inner = part.shape.inner or part.shape
        if inner.is_draft:
            yield from keys_of(inner.kind)
