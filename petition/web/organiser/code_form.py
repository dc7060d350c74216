"""The form that asks for a code, tries it, and says what is wrong with it."""

from collections.abc import Callable
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from petition.audit.acts import Act
from petition.audit.noting import note_failure
from petition.core.clock import now
from petition.core.database import transaction
from petition.organisers.models import Organiser
from petition.organisers.throttling import TooManyTries
from petition.web.bounded_form import BoundedForm
from petition.web.fields import TextField, answered, at_most
from petition.web.organiser.attempts import attempt_code

Found = TypeVar("Found")


class CodeForm(BoundedForm):
    """A code of the authenticator, or a recovery code."""

    code = TextField(
        label=lazy("Code"),
        validators=[answered(lambda: _("Enter the code")), at_most(40)],
    )

    def tried(
        self, organiser: Organiser, step: Callable[[str], Found | None]
    ) -> tuple[Found | None, int]:
        """Return what `step` made of the code that was typed.

        Or nothing, the error noted, and the status of the page that shows the form.
        """
        if not self.validate_on_submit():
            return None, 422 if self.errors else 200
        try:
            found = attempt_code(organiser.email_tag, lambda: step(str(self.code.data)))
        except TooManyTries as error:
            self.form_errors.append(wait_words(error))
            return None, 429
        if found is None:
            with transaction():
                note_failure(Act.CODE_REFUSED, organiser.id, now())
            self.code.errors = (_("This code is not right, or it was used already"),)
            return None, 422
        return found, 200


def wait_words(error: TooManyTries) -> str:
    """Return how long to wait, in words."""
    return ngettext(
        "Too many tries. Try again in %(num)s second",
        "Too many tries. Try again in %(num)s seconds",
        error.seconds,
    )
