"""The field for public keys of age, which never shows a secret key that was put into it."""

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from petition.exports.writing.encryption import (
    MOST_KEYS,
    NoPublicKey,
    TooManyKeys,
    holds_secret_key,
    public_keys,
)
from petition.web.forms.fields import LongTextField


class PublicKeysField(LongTextField):
    """Public keys of age, one a line; `keys` are those that were given, once it is validated."""

    keys: tuple[str, ...] = ()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the text, and nothing of it where a secret key stands in it. Raises ValueError."""
        if any(map(holds_secret_key, valuelist)):
            self.data = ""
            raise ValueError(
                _(
                    "That was a secret key. Keep it secret: it was not stored. Enter the public "
                    "key that belongs to it; it begins with age1"
                )
            )
        super().process_formdata(valuelist)

    def post_validate(self, form: object, validation_stopped: bool) -> None:
        """Read the keys. Raises ValidationError."""
        if validation_stopped:
            return
        try:
            self.keys = public_keys(self.data or "")
        except TooManyKeys:
            raise ValidationError(_("Enter at most %(most)s keys", most=MOST_KEYS)) from None
        except NoPublicKey as fault:
            raise ValidationError(
                _(
                    "Line %(line)s is not a public key of age. One begins with age1 and has "
                    "62 characters",
                    line=fault.line,
                )
            ) from None
