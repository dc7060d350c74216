"""The form that asks for a code, and how long to wait when there were too many tries."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext
from flask_wtf import FlaskForm

from petition.organisers.throttling import TooManyTries
from petition.web.fields import TextField, answered, at_most


class CodeForm(FlaskForm):
    """A code of the authenticator, or a recovery code."""

    code = TextField(
        label=lazy("Code"),
        validators=[answered(lambda: _("Enter the code")), at_most(40)],
    )


def wait_words(error: TooManyTries) -> str:
    """Return how long to wait, in words."""
    return ngettext(
        "Too many tries. Try again in %(num)s second",
        "Too many tries. Try again in %(num)s seconds",
        error.seconds,
    )
