"""A question that takes several answers: boxes to tick, each with its label."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget


class SeveralField(SelectMultipleField):
    """Any of a list, or none; what is in no list is named in our own words."""

    most_values = 300
    """More than there are countries."""
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    data: list[str] | None

    def __init__(self, choices: Sequence[SelectChoice] = (), **kwargs: Any) -> None:
        super().__init__(choices=list(choices), validate_choice=False, **kwargs)
        self.allowed: Collection[str] = {one.value for one in choices}
        """What may be answered, more than is offered perhaps."""

    @property
    def answers(self) -> list[str]:
        """What was answered, in the order in which it came."""
        return list(self.data or ())

    def pre_validate(self, form: Any) -> None:
        """Refuse what may not be answered."""
        if set(self.answers).difference(self.allowed):
            raise ValidationError(_("Choose from the list"))
