"""The question from which sources the signers of a file came, as one types it."""

from typing import Any

from flask_babel import lazy_gettext as lazy
from wtforms.validators import ValidationError

from petition.exports.choice import MOST_SOURCES, Choice, ChoiceRefused, checked
from petition.signatures.sources import LONGEST_SOURCE
from petition.web.forms.fields import at_most
from petition.web.organiser.signatures.public_keys_field import SecretFreeLineField


class SourcesField(SecretFreeLineField):
    """Names of sources, with a space or comma between them."""

    def __init__(self, **kwargs: Any) -> None:
        longest = MOST_SOURCES * (LONGEST_SOURCE + 1)
        label = lazy("Only who came from these sources")
        super().__init__(label=label, validators=[at_most(longest)], **kwargs)

    @property
    def sources(self) -> tuple[str, ...]:
        """What was typed; a source has no capitals."""
        return tuple((self.data or "").lower().replace(",", " ").split())

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse what is no source, and too many."""
        if validation_stopped:
            return
        try:
            checked(Choice(sources=self.sources))
        except ChoiceRefused as refused:
            raise ValidationError(str(refused).removesuffix(".")) from None
