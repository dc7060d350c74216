"""What organisers read of columns."""

from flask import Flask

from petition.exports.own.models import OwnField
from petition.web.organiser.presets.words import field_choices


def test_every_column_has_words_of_its_own(app: Flask) -> None:
    with app.test_request_context():
        none, *choices = field_choices()

    assert none.value == ""
    assert {one.value for one in choices} == set(OwnField)
    assert len({one.label for one in choices}) == len(OwnField)
