"""The fields of a form are its own, though they are built once for all forms of a class."""

from typing import Any

import pytest
from flask import Flask
from wtforms import RadioField, StringField
from wtforms.fields import Label, SelectChoice

from petition.web.forms.fields import PublicForm, TextField, answered

pytestmark = pytest.mark.any_database


class Asks(PublicForm):
    """Asks for a name and for one of some things."""

    name = TextField(validators=[answered(lambda: "Enter a name")])
    chosen = RadioField(choices=[], validate_choice=False)


class AsksMore(Asks):
    """Asks for the name in other words, and for more."""

    name = StringField(label="Your name")
    place = StringField()


def typed(app: Flask, form: type[PublicForm], **values: str) -> Any:
    """Return the form as somebody has sent it."""
    with app.test_request_context("/", method="POST", data=values):
        sent = form()
        sent.validate()
        return sent


def test_what_one_person_types_and_is_told_stands_in_no_other_form(app: Flask) -> None:
    first = typed(app, Asks, name="", chosen="a")
    second = typed(app, Asks, name="Nadia")

    assert first.name.errors == ["Enter a name"]
    assert (second.name.data, second.name.errors) == ("Nadia", [])
    assert (first.name.data, first.chosen.data, second.chosen.data) == ("", "a", None)


def test_what_one_form_asks_is_asked_in_no_other(app: Flask) -> None:
    first = typed(app, Asks)
    first.chosen.choices = [SelectChoice("a", "A thing")]
    first.chosen.label = Label(first.chosen.id, "Which of them")
    second = typed(app, Asks)

    assert [option.label.text for option in first.chosen] == ["A thing"]
    assert (list(second.chosen), second.chosen.label.text) == ([], "Chosen")


def test_a_form_that_asks_more_leaves_the_one_that_it_is_made_of_as_it_was(app: Flask) -> None:
    more, less = typed(app, AsksMore), typed(app, Asks)

    assert [(field.name, field.label.text, field.type) for field in more] == [
        ("chosen", "Chosen", "RadioField"),
        ("name", "Your name", "StringField"),
        ("place", "Place", "StringField"),
    ]
    assert [(field.name, field.label.text) for field in less] == [
        ("name", "Name"),
        ("chosen", "Chosen"),
    ]


def test_two_of_a_form_on_a_page_keep_their_prefixes(app: Flask) -> None:
    with app.test_request_context("/"):
        names = [Asks(formdata=None, prefix=prefix).name.name for prefix in ("a", "b", "a")]

    assert names == ["a-name", "b-name", "a-name"]
