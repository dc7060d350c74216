"""What is wrong with a draft: all of it at once, each with the field that it is about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from petition.core.drafts.shapes import Shape, parts_of

Place = tuple[str | int, ...]
"""Where in a draft: ("text", "en", "title") or ("standing", 2, "status")."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a draft from being published."""

    field: Place
    cause: str
    """A sentence for whoever wrote it, which says how to put it right."""
    others: tuple[Place, ...] = ()
    """Further fields that the rule looked at: where one cannot be read, the rule cannot tell."""

    def within(self, *place: str | int) -> "Problem":
        """Return the problem as that of a draft which holds this one."""
        return Problem(
            (*place, *self.field), self.cause, tuple((*place, *one) for one in self.others)
        )


def within(problems: Iterable[Problem], *place: str | int) -> Iterator[Problem]:
    """Yield the problems of a draft as those of the draft that holds it."""
    return (problem.within(*place) for problem in problems)


def in_fields(draft: Any) -> Iterator[Problem]:
    """Yield what is wrong with each field for itself, by the rules in its annotation."""
    yield from _in(Shape(type(draft)), draft, (), "")


def _in(shape: Shape, value: Any, place: Place, name: str) -> Iterator[Problem]:
    if value is None:
        return
    wrong = next(filter(None, (rule(value) for rule in shape.rules)), None)
    if wrong:
        yield Problem(place, in_a_sentence(name, wrong))
    elif shape.is_draft:
        yield from _in_parts(shape, value, place)
    else:
        yield from _in_each(shape, value, place, name)


def _in_parts(shape: Shape, value: Any, place: Place) -> Iterator[Problem]:
    for part in parts_of(shape.kind):
        held = getattr(value, part.name)
        if part.is_needed or held or not isinstance(held, Mapping):
            yield from _in(part.shape, held, (*place, part.key), part.key)


def _in_each(shape: Shape, value: Any, place: Place, name: str) -> Iterator[Problem]:
    if isinstance(value, tuple) and shape.inner:
        for number, one in enumerate(value):
            yield from _in(shape.inner, one, (*place, number), name)
    elif isinstance(value, Mapping) and shape.inner and shape.keys:
        for key, one in value.items():
            yield from _in(shape.keys, key, (*place, key), name)
            yield from _in(shape.inner, one, (*place, key), f"{name}.{key}")


def in_a_sentence(name: str, wrong: str) -> str:
    """Return what a rule says, as a sentence about the field of this name."""
    return f"“{name}”{'' if wrong.startswith(':') else ' '}{wrong}."


def twice(key: str, found: Iterable[tuple[object, ...]]) -> Iterator[Problem]:
    """Yield a problem for each table `[[key]]` that is for the same thing as one before it."""
    seen: set[tuple[object, ...]] = set()
    for number, one in enumerate(found):
        if one in seen:
            yield Problem((key, number), f"two tables [[{key}]] for {', '.join(map(str, one))}.")
        seen.add(one)


def without_followers(read: list[Problem], ruled: Iterable[Problem]) -> list[Problem]:
    """Return all problems; of the rules' only those about what could be read."""
    unread = [problem.field for problem in read]

    def is_about_the_unread(problem: Problem) -> bool:
        return any(_overlap(one, bad) for one in (problem.field, *problem.others) for bad in unread)

    return [*read, *(one for one in ruled if not is_about_the_unread(one))]


def _overlap(one: Place, other: Place) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
