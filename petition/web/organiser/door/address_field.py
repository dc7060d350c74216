"""A field for an address of the web, which may be typed without its https://."""

from typing import Any

from flask_babel import gettext as _
from wtforms import Field, Form, URLField
from wtforms.validators import ValidationError

from petition.core.web_addresses import completed, is_web_address
from petition.web.forms.fields import at_most


def _of_the_web(_form: Form, field: Field) -> None:
    if field.data and not is_web_address(field.data):
        raise ValidationError(_("Enter a web address in full, like https://example.org/answer"))


def address_field(label: Any, about: Any = "") -> URLField:
    """Return a field for an address that may be missing."""
    return URLField(
        label=label,
        description=about,
        validators=[at_most(500), _of_the_web],
        filters=[lambda text: completed((text or "").strip())],
        render_kw={"dir": "ltr"},
    )
