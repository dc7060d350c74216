"""Pages that differ only in what is one person's: rendered once, filled in for each.

A page is rendered with slots in place of these values and kept; each answer puts its own, escaped,
into the slots. So nothing that somebody typed is ever kept, nor the secret of a link.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping

from flask import render_template, request
from markupsafe import Markup, escape

from petition.core.memory import Memory
from petition.web.keeping.pages import FRESH_SECONDS, WAITING_SECONDS
from petition.web.site.languages import page_in_each_language, present_language

_secret = secrets.token_hex(8)  # what somebody types can never look like a slot
MOST_SHAPES = 500
MOST_ANSWERS = 100
LONGEST_SECONDS = 60.0
Shape = list[str]
"""A text cut at its slots: every other piece is a slot's name."""

_pages: Memory[tuple[str, ...], Shape] = Memory(FRESH_SECONDS, MOST_SHAPES)
_shapes: Memory[Hashable, Mapping[str, Shape]] = Memory(LONGEST_SECONDS, MOST_SHAPES)
_answers: Memory[Hashable, Mapping[str, Shape]] = Memory(LONGEST_SECONDS, MOST_ANSWERS)
_slot = re.compile(rf"{_secret}-(\w+);")


def slot(name: str) -> str:
    """Return what stands in the page where the value called `name` goes."""
    return f"{_secret}-{name};"


TOKEN = slot("token")
"""What stands where the secret of a mailed link goes."""


def slots(*names: str) -> dict[str, str]:
    """Return a slot for each value."""
    return {name: slot(name) for name in names}


def filled_page(
    key: tuple[str, ...], render: Callable[[], str], values: Mapping[str, str | None]
) -> str:
    """Return the page at `key` with `values` in its slots. A value lands in no other's slot.

    It is rendered at most once a second; who asks meanwhile waits for it. What is markup already,
    such as a form with what was typed in it, is taken as it is.
    """
    shape = _pages.made_by_one(key, lambda: _slot.split(render()), WAITING_SECONDS)
    return _filled(shape, values)


def filled_parts(
    key: Hashable,
    render: Callable[[], Mapping[str, str]],
    values: Mapping[str, str | None],
    *,
    is_answer: bool = False,
) -> dict[str, Markup]:
    """Return parts of a page, by their names, with `values` in their slots.

    They are rendered once a minute for each `key`, so it has to hold all that they show. Nobody
    waits for another's rendering: done twice it does no harm. What answers to something typed is
    kept apart, for there is no end of answers: they drive out none but each other.
    """

    def cut() -> Mapping[str, Shape]:
        return {name: _slot.split(part) for name, part in render().items()}

    shapes = (_answers if is_answer else _shapes).at(key, cut)
    return {name: Markup(_filled(shape, values)) for name, shape in shapes.items()}  # noqa: S704


def page_behind_link(
    token: str, template: str, personal: Mapping[str, str], **contents: Hashable
) -> str:
    """Return the page behind a mailed link, rendered once for all who see the same `contents`.

    What is one person's stands in `personal` alone, and the token in no address: `TOKEN` does.
    """

    def render() -> Mapping[str, str]:
        here = page_in_each_language(request.endpoint, token=TOKEN)
        shown = render_template(template, languages=here, **slots(*personal), **contents)
        return {"page": shown}

    key = (template, present_language(), *contents.items())
    return filled_parts(key, render, {**personal, "token": token})["page"]


def filled(text: str, values: Mapping[str, str | None]) -> str:
    """Return a text with `values` in its slots, escaped where they are no markup."""
    return _filled(_slot.split(text), values)


def _filled(shape: Shape, values: Mapping[str, str | None]) -> str:
    names = shape[1::2]
    given = {name: values[name] for name in set(names)}
    said = {name: str(escape(value)) if value else "" for name, value in given.items()}
    pieces = shape.copy()
    pieces[1::2] = [said[name] for name in names]
    return "".join(pieces)
