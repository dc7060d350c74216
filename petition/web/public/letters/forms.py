"""The forms of the five pages on which a letter is written."""

from collections.abc import Mapping
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import Optional, Regexp

from petition.letters.campaigns.models import LetterText
from petition.letters.letter.written import REASONS_AT_MOST, Sentence, Writer
from petition.web.forms.fields import (
    LongTextField,
    PublicForm,
    TextField,
    answered,
    at_most,
    plain_text,
    visible,
)
from petition.web.forms.form_token import FormToken, issue, require
from petition.web.forms.person import country_field, email_field, name_field
from petition.web.forms.shown_form import shown_form
from petition.web.keeping.slots import filled_parts, slot
from petition.web.site.languages import present_language

POSTCODE_LENGTH = 12
ADDRESS_LENGTH = 400
SENTENCE_LENGTH = 300
SUBJECT_LENGTH = 150
BODY_LENGTH = 6000
REASON = "reason_"


class DraftForm(PublicForm):
    """A page of a draft."""

    sheet = HiddenField()
    """Its mark, which whoever knows the draft's link alone does not have."""


class YouForm(DraftForm):
    """Who writes."""

    name = name_field()
    email = email_field()
    country = country_field()
    postcode = TextField(
        label=lazy("Postcode"),
        validators=[
            Optional(),
            plain_text(),
            at_most(POSTCODE_LENGTH),
            Regexp(r"^[A-Za-z0-9 -]+$", message=lazy("Use letters, digits, spaces and hyphens")),
        ],
    )
    website = StringField(label=lazy("Leave this empty"), filters=[visible])

    token = HiddenField()

    scope: str = ""
    """Whose token it is to carry; none where its link says enough."""
    read_token: FormToken | None = None

    @classmethod
    def to_begin(cls, letter_campaign_id: int, **kwargs: Any) -> Self:
        """Return the form of the first page, which anybody may post to."""
        form = cls(**kwargs)
        form.scope = scope_of(letter_campaign_id)
        return form

    @classmethod
    def shown_blank(cls, letter_campaign_id: int, text_id: int, action: str) -> Mapping[str, str]:
        """Return that form as nobody has filled it in, by its `PLACES`, with a token of now."""

        def shown() -> dict[str, str]:
            form = cls.to_begin(letter_campaign_id, formdata=None)
            form.token.data = slot("token")
            return shown_form("you_form", form, action)

        token = issue(scope_of(letter_campaign_id), text_id)
        return filled_parts(("you", present_language(), action), shown, {"token": token})

    def validate_token(self, field: HiddenField) -> None:
        """Refuse a form that was open for more than a day, without losing what was typed."""
        if self.scope:
            self.read_token = require(field.data, self.scope)

    def to_writer(self, address: str = "") -> Writer:
        """Return who writes, once the form is valid; the address is asked elsewhere."""
        return Writer(
            name=str(self.name.data),
            email=str(self.email.data),
            country=str(self.country.data),
            postcode=self.postcode.data or "",
            address=address,
        )


def scope_of(letter_campaign_id: int) -> str:
    """Return what the token of a letter's first page is bound to."""
    return f"letter:{letter_campaign_id}"


class AskForm(DraftForm):
    """To whom the letter goes."""

    recipient = RadioField(
        label=lazy("To whom you write"),
        coerce=int,
        validators=[answered(lambda: _("Choose to whom you write"))],
        validate_choice=False,
    )
    address = LongTextField(
        label=lazy("Your full address"),
        validators=[Optional(), plain_text(lines=True), at_most(ADDRESS_LENGTH)],
    )

    def takes(self, offices: dict[int, bool]) -> bool:
        """Whether the choice is one of these, and comes with an address where it needs one.

        `offices` says for each whether it answers its constituents alone.
        """
        if self.recipient.data not in offices:
            self.recipient.errors = [_("Choose to whom you write")]
            return False
        if offices[self.recipient.data] and not self.address.data:
            self.address.errors = [
                _("Enter your full address: this office answers only the people of its own area")
            ]
            return False
        return True


class ReasonsForm(DraftForm):
    """Up to three reasons, with one sentence of one's own each; a field for each of the text's."""

    @classmethod
    def for_text(cls, text: LetterText, **kwargs: Any) -> Self:
        """Return the form with the reasons that this text offers."""
        fields = {
            f"{REASON}{place}": LongTextField(
                label=reason["label"],
                validators=[Optional(), plain_text(lines=True), at_most(SENTENCE_LENGTH)],
            )
            for place, reason in enumerate(text.reasons)
        }
        return type("ReasonsOfText", (cls,), fields)(**kwargs)  # type: ignore[no-any-return]

    @property
    def reasons(self) -> list[LongTextField]:
        """The fields, in the order of the text's reasons."""
        return [field for field in self if field.short_name.startswith(REASON)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse more than three reasons."""
        valid = bool(super().validate(extra_validators))
        if len(self.to_sentences()) > REASONS_AT_MOST:
            self.form_errors.append(
                _("Choose at most %(most)s reasons: a short letter is read", most=REASONS_AT_MOST)
            )
            return False
        return valid

    def show(self, sentences: tuple[Sentence, ...]) -> None:
        """Put what was said before into the fields."""
        said = {sentence.reason: sentence.words for sentence in sentences}
        for place, field in enumerate(self.reasons):
            field.data = said.get(place, "")

    def to_sentences(self) -> tuple[Sentence, ...]:
        """Return the reasons about which something was said."""
        typed = [" ".join((field.data or "").split()) for field in self.reasons]
        return tuple(Sentence(place, words) for place, words in enumerate(typed) if words)


class EditForm(DraftForm):
    """The letter itself."""

    subject = TextField(
        label=lazy("Subject"),
        validators=[
            answered(lambda: _("Enter a subject")),
            plain_text(),
            at_most(SUBJECT_LENGTH),
        ],
    )
    body = LongTextField(
        label=lazy("Your letter"),
        validators=[
            answered(lambda: _("Write your letter")),
            plain_text(lines=True),
            at_most(BODY_LENGTH),
        ],
    )


class SendForm(DraftForm):
    """The last page: we send it by e-mail."""

    reply_allowed = BooleanField(label=lazy("They may see my e-mail address and answer to it"))
