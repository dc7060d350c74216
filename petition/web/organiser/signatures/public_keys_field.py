"""Fields into which a secret key of age may be pasted by mistake: none shows or keeps it."""

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from petition.exports.writing.age_keys import (
    KEY_LENGTH,
    MOST_KEYS,
    KeyFault,
    NoPublicKey,
    TooManyKeys,
    holds_secret_key,
    public_keys,
)
from petition.web.forms.bounded_form import BoundedText
from petition.web.forms.fields import LongTextField, TextField


class SecretFree(BoundedText):
    """What somebody types, in which no secret key may stand."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the text, and nothing of it where a secret key stands in it. Raises ValueError."""
        if any(map(holds_secret_key, valuelist)):
            self.data = ""
            raise ValueError(self.secret_words())
        super().process_formdata(valuelist)

    def secret_words(self) -> str:
        """Return what is said of a secret key."""
        return _(
            "That was a secret key. Keep it secret: it was not stored. Write this anew without it"
        )


class SecretFreeTextField(SecretFree, LongTextField):
    """Several lines of text."""


class SecretFreeLineField(SecretFree, TextField):
    """One line of text."""


class PublicKeysField(SecretFreeTextField):
    """Public keys of age, one a line; `keys` are those that were given, once it is validated."""

    keys: tuple[str, ...] = ()

    def secret_words(self) -> str:
        """Return what is said of a secret key."""
        return _(
            "That was a secret key. Keep it secret: it was not stored. Enter the public "
            "key that belongs to it; it begins with age1"
        )

    def post_validate(self, form: object, validation_stopped: bool) -> None:
        """Read the keys. Raises ValidationError."""
        if validation_stopped:
            return
        try:
            self.keys = public_keys(self.data or "")
        except TooManyKeys:
            raise ValidationError(_("Enter at most %(most)s keys", most=MOST_KEYS)) from None
        except NoPublicKey as found:
            raise ValidationError(_fault_words(found)) from None


def _fault_words(found: NoPublicKey) -> str:
    if found.fault is KeyFault.OTHER_KIND:
        return _(
            "The key on line %(line)s is of a kind that this site cannot encrypt for. Make one "
            "with age-keygen",
            line=found.line,
        )
    if found.fault is KeyFault.NO_KEY:
        return _(
            "Line %(line)s is not a public key of age. One begins with age1 and has "
            "%(length)s characters",
            line=found.line,
            length=KEY_LENGTH,
        )
    if found.length == KEY_LENGTH:
        return _(
            "In the key on line %(line)s a letter is wrong. Copy it anew as a whole",
            line=found.line,
        )
    return _(
        "The key on line %(line)s has %(given)s characters, and should have %(length)s. Copy it "
        "anew as a whole",
        line=found.line,
        given=found.length,
        length=KEY_LENGTH,
    )
