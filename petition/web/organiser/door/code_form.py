"""The form that asks for a code, tries it, and says what is wrong with it."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from petition.audit.acts import Act
from petition.audit.noting import note_failure
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.organisers import authenticators
from petition.organisers.models import Organiser
from petition.organisers.throttling import TooManyTries
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import TextField, answered, at_most
from petition.web.organiser.door.attempts import attempt_code

Found = TypeVar("Found")


def code_field() -> TextField:
    """Return the field for a code; each form places it where its page has it."""
    return TextField(
        label=lazy("Code"), validators=[answered(lambda: _("Enter the code")), at_most(40)]
    )


class CodeForm(BoundedForm):
    """A code of the authenticator, or a recovery code."""

    code = code_field()

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
            self.code.errors = (
                _("This code is not right, or it was used already; try the next one"),
            )
            return None, 422
        return found, 200


class FreshCodeForm(CodeForm):
    """What is grave asks for a fresh code: a stolen session alone cannot do it.

    On a trial install whose organiser has put the authenticator off, there is none to ask for.
    """

    def __init__(self, organiser: Organiser, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organiser = organiser
        if not organiser.has_authenticator:
            del self.code

    def done(self, act: Callable[[], Found]) -> tuple[Found | None, int]:
        """Return what `act` made, in one transaction with the code that is used up for it.

        Or nothing, as `tried` does.
        """
        if self.organiser.has_authenticator:
            return self.tried(self.organiser, lambda typed: self._with_code(typed, act))
        if not self.validate_on_submit():
            return None, 422
        with transaction():
            return act(), 200

    def _with_code(self, typed: str, act: Callable[[], Found]) -> Found | None:
        with transaction():
            right = authenticators.use_any_code(self.organiser, typed, now())
            return act() if right else None


def wait_words(error: TooManyTries) -> str:
    """Return how long to wait, in words."""
    return ngettext(
        "Too many tries. Try again in %(num)s second",
        "Too many tries. Try again in %(num)s seconds",
        error.seconds,
    )
