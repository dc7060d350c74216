"""A question that takes several answers: as many as fit, and none that is not allowed."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.fields import SelectChoice

from petition.web.forms.fields import PublicForm
from petition.web.forms.several_field import SeveralField


class ColourForm(PublicForm):
    """What somebody likes."""

    colours = SeveralField(label="Colours")


def answered(app: Flask, *values: str) -> SeveralField:
    """Return the field as it was answered, and looked at."""
    with app.test_request_context():
        form = ColourForm(formdata=MultiDict([("colours", value) for value in values]))
        form.colours.allowed = {"red", "blue", "grey"}
        form.colours.choices = [SelectChoice("red", "Red"), SelectChoice("blue", "Blue")]
        form.validate()
        return form.colours


@pytest.mark.any_database
@pytest.mark.parametrize("values", [(), ("red",), ("blue", "red"), ("grey",)])
def test_none_or_several_may_be_answered_also_what_is_not_offered(
    app: Flask, values: tuple[str, ...]
) -> None:
    field = answered(app, *values)

    assert (field.answers, list(field.errors)) == ([*values], [])
    boxes = {str(option.data) for option in field if option.checked}
    assert boxes == set(values) - {"grey"}


def test_what_is_not_allowed_is_told(app: Flask) -> None:
    assert list(answered(app, "red", "green").errors) == ["Choose from the list"]
    assert list(answered(app, "r" * 100_000).errors) == ["Choose from the list"]


def test_no_more_values_are_looked_at_than_it_takes(app: Flask) -> None:
    assert len(answered(app, *(["red"] * 100_000)).answers) == SeveralField.most_values
