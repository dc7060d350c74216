"""Forms that bound every value before anything is done with it: cut first, worked on after.

A stranger decides how long a value is and what is in it, and several kinds of work (composing
accents, parsing an address, hashing) cost more than its length. So what a field is given is one
text, not much longer than the field takes, whatever was posted under its name.
"""

from typing import Any
from unicodedata import combining

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import StopValidation

TIMES = 4
"""So many times what a field takes is kept and shown again to be shortened; no more."""
MOST_VALUES = "most_values"
"""Where a field has it, it takes so many values; else one."""
OTHERWISE = 256
"""What is taken where a field says no length: a choice, a token, a new password."""
MOST_MARKS = 30
"""Accents on one letter, as in stream-safe text (UAX #15, section 13): no language needs more.

Putting marks in order costs the square of their number in Python before the mending of
python/cpython#149079, and holds up every thread.
"""
FOLLOWING_LETTERS = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")
"""Letters by their class whose decomposition begins with a mark, so that they join a run."""


class BoundedForm(FlaskForm):
    """A form of its fields alone: no JSON and no file gets into it, nor more values than fit."""

    class Meta:
        """Where the values come from."""

        def wrap_formdata(self, form: Any, formdata: Any) -> "Posted | None":
            """Return as many values of each field as it takes, cut just above what is kept."""
            if formdata is not None and not isinstance(formdata, MultiDict):
                formdata = request.form if form.is_submitted() else None  # FlaskForm's default
            if not formdata:
                return None
            return Posted(
                (field.name, [value[: longest_kept(field) + 1] for value in values])
                for field in form
                if (values := formdata.getlist(field.name)[: getattr(field, MOST_VALUES, 1)])
            )


class Posted(dict[str, list[str]]):
    """What of a post belongs to a form, as WTForms reads it."""

    def getlist(self, name: str) -> list[str]:
        """Return the values of a field."""
        return self[name]


class BoundedText(Field):
    """What somebody types: too long or too many accents is an error, told before any work."""

    data: str | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the text, or its beginning where it is far too long. Raises ValueError."""
        super().process_formdata(valuelist)
        longest = longest_kept(self)
        if self.data and len(self.data) > longest:
            self.data = self.data[:longest]
            raise ValueError(
                _(
                    "Use at most %(most)s characters; this has far more, "
                    "and only the beginning is kept here",
                    most=longest // TIMES,
                )
            )
        if has_too_many_marks(self.data or ""):
            raise ValueError(
                _(
                    "One letter here carries more than %(most)s accents; take some away",
                    most=MOST_MARKS,
                )
            )

    def pre_validate(self, form: Any) -> None:
        """Look no further at a text that was not taken as it is."""
        if self.process_errors:
            raise StopValidation
        super().pre_validate(form)


def longest_kept(field: Field) -> int:
    """Return how many characters of what was posted a field keeps."""
    return TIMES * (field.flags.maxlength or OTHERWISE)


def has_too_many_marks(text: str) -> bool:
    """Whether more than thirty marks follow each other anywhere in a text."""
    if text.isascii():
        return False
    run = 0
    for character in text:
        run = run + 1 if combining(character) or character in FOLLOWING_LETTERS else 0
        if run > MOST_MARKS:
            return True
    return False
