"""The form with which a supporter signs, in the order in which it is asked."""

from collections.abc import Mapping
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields import Label, SelectChoice
from wtforms.validators import Optional, Regexp, ValidationError

from petition.petitions.asks import Ask
from petition.signatures.models import Visibility
from petition.signatures.signers import Signer
from petition.web.forms.fields import (
    LongTextField,
    PublicForm,
    TextField,
    answered,
    at_most,
    plain_text,
    visible,
    with_chosen,
)
from petition.web.forms.form_token import FormToken, issue, require
from petition.web.forms.person import country_field, email_field, name_field
from petition.web.forms.shown_form import shown_form
from petition.web.keeping.slots import filled_parts, slot
from petition.web.site.languages import present_language

POSTCODE_LENGTH = 12
REASON_LENGTH = 500
MAIL_ANSWERS = {"yes", "no"}
SIGN_ACTION = "#sign"
"""The form goes to the very address of its page, query and all: there a source may be named."""


def visibility_choices() -> list[SelectChoice]:
    """Return the ways in which a name may appear, the private one first."""
    return [
        SelectChoice(Visibility.PRIVATE, _("Not publicly")),
        SelectChoice(Visibility.FIRST_NAME, _("First name and country")),
        SelectChoice(Visibility.FULL_NAME, _("Full name and country")),
    ]


class SignForm(PublicForm):
    """What we ask of a supporter, and no more."""

    name = name_field()
    email = email_field()
    country = country_field()
    postcode = TextField(
        label=lazy("Postcode"),
        validators=[
            answered(lambda: _("Enter your postcode")),
            at_most(POSTCODE_LENGTH),
            Regexp(r"^[A-Za-z0-9 -]+$", message=lazy("Use letters, digits, spaces and hyphens")),
        ],
    )
    visibility = RadioField(
        label=lazy("How your name appears"),
        default=Visibility.PRIVATE,
        validators=[answered(lambda: _("Choose how your name appears"))],
        validate_choice=False,
    )
    organiser_mail = RadioField(
        validators=[answered(lambda: _("Choose yes or no for e-mail"))],
        validate_choice=False,
    )
    reason = LongTextField(
        label=lazy("Why you sign"),
        validators=[Optional(), plain_text(lines=True), at_most(REASON_LENGTH)],
    )
    website = StringField(label=lazy("Leave this empty"), filters=[visible])
    token = HiddenField()

    ask: Ask
    read_token: FormToken | None = None

    @classmethod
    def for_ask(cls, ask: Ask, **kwargs: Any) -> Self:
        """Return the form as this petition asks it."""
        form = cls(**kwargs)
        form.ask = ask
        if not ask.routes_by_area:
            del form.postcode
        return form

    @classmethod
    def shown_blank(cls, ask: Ask) -> Mapping[str, str]:
        """Return the same of a form that nobody has filled in yet, with a token of this moment."""

        def shown() -> dict[str, str]:
            form = cls.for_ask(ask, formdata=None)
            form.token.data = slot("token")
            return form.rendered()

        token = issue(ask.petition_id, ask.text_id)
        return filled_parts(("sign", present_language(), ask), shown, {"token": token})

    def shown(self) -> Mapping[str, str]:
        """Return what of a page with this form on it one person has typed, by its `PLACES`.

        Whoever has chosen and is told the same sees the same, but for what stands in the slots and
        for the country, of which there are too many.
        """
        chosen = self._chosen()
        told = tuple((field.short_name, *map(str, field.errors)) for field in self if field.errors)

        def shown() -> dict[str, str]:
            form = self.for_ask(self.ask, formdata=None)
            for field in form:
                field.data, field.errors = slot(field.short_name), self[field.short_name].errors
            form.visibility.data, form.organiser_mail.data = chosen
            return form.rendered()

        key = ("answered", present_language(), self.ask, chosen, told)
        typed = {field.short_name: field.data for field in self}
        parts = filled_parts(key, shown, typed, is_answer=True)
        return parts | {"form": with_chosen(parts["form"], self.country.data or "")}

    def _chosen(self) -> tuple[str | None, str | None]:
        """Return which of the answers are chosen that the form offers."""
        visibility, mail = self.visibility.data, self.organiser_mail.data
        return (
            visibility if visibility in set(Visibility) else None,
            mail if mail in MAIL_ANSWERS else None,
        )

    def rendered(self) -> dict[str, str]:
        """Return the same as it is rendered."""
        self.offer_choices()
        return shown_form("sign_form", self, SIGN_ACTION)

    def offer_choices(self) -> None:
        """Put words to the questions; only a page that asks them needs it."""
        self.visibility.choices = visibility_choices()
        self.organiser_mail.label = Label(self.organiser_mail.id, self.ask.mail_question)
        self.organiser_mail.choices = [
            SelectChoice("yes", _("Yes")),
            SelectChoice("no", _("No")),
        ]

    def validate_visibility(self, field: RadioField) -> None:
        """Refuse what is not one of the ways."""
        if field.data not in set(Visibility):
            raise ValidationError(_("Choose how your name appears"))

    def validate_organiser_mail(self, field: RadioField) -> None:
        """Refuse what is neither yes nor no."""
        if field.data not in MAIL_ANSWERS:
            raise ValidationError(_("Choose yes or no for e-mail"))

    def validate_token(self, field: HiddenField) -> None:
        """Refuse a form that was open for more than a day, without losing what was typed."""
        self.read_token = require(field.data, self.ask.petition_id)

    def to_signer(self) -> Signer:
        """Return what was given, once it is valid."""
        postcode = self.postcode.data if self.ask.routes_by_area else None
        return Signer(
            name=str(self.name.data),
            email=str(self.email.data),
            country=str(self.country.data),
            language=present_language(),
            visibility=Visibility(self.visibility.data),
            mail_allowed=self.organiser_mail.data == "yes",
            postcode=postcode or None,
            reason=self.reason.data or None,
        )
