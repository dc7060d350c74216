"""Form fields that several doors share, and the rules of what may be typed in them."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from typing import Any, ClassVar

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Field, Form, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from petition.core.i18n import countries, sort_key
from petition.core.unseen import is_unseen
from petition.web.forms.bounded_form import BoundedForm, BoundedText, has_too_many_marks
from petition.web.site.languages import present_language

NEAR = ("US", "CA", "GB")
EU = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()  # noqa: SIM905 - shorter to read
)
Validator = Callable[[Form, Field], None]


def tidy(text: str | None) -> str:
    """Return the text composed (NFC), with one kind of line break and no space around it.

    A text with too many marks on one letter, which is refused, stays as it was typed: to compose
    it would take long. In ASCII there is nothing to compose.
    """
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if lines.isascii() or has_too_many_marks(lines):
        return lines
    return unicodedata.normalize("NFC", lines).strip()


def answered(message: Callable[[], str]) -> Validator:
    """Require an answer; `message` is called in the language of the request."""

    def check(_form: Form, field: Field) -> None:
        if not field.data:
            raise StopValidation(message())

    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


def at_most(length: int) -> Validator:
    """Refuse more than `length` characters."""

    def check(_form: Form, field: Field) -> None:
        if field.data and len(field.data) > length:
            raise StopValidation(
                _(
                    "Use at most %(most)s characters; this has %(given)s",
                    most=length,
                    given=len(field.data),
                )
            )

    check.field_flags = {"maxlength": length}  # type: ignore[attr-defined]
    return check


def visible(text: str | None) -> str:
    """Return the text without characters that cannot be seen or that turn the text around them."""
    if not text or text.isprintable():  # nearly always, and a hundred times as fast to see
        return text or ""
    return "".join(c for c in text if c == "\n" or not is_unseen(c))


def plain_text(*, lines: bool = False) -> Validator:
    """Take out what cannot be seen, and ask the person to look at what is left."""

    def check(_form: Form, field: Field) -> None:
        seen = visible(field.data)
        if not lines:
            seen = " ".join(seen.split("\n"))
        if seen != (field.data or ""):
            field.data = seen
            raise StopValidation(
                _("We took out characters that cannot be seen. Please look at it once more")
            )

    return check


def name_like(_form: Form, field: Field) -> None:
    """Refuse a name without any letter."""
    if not any(unicodedata.category(character)[0] == "L" for character in field.data or ""):
        raise StopValidation(_("Enter your name in letters"))


class PublicForm(BoundedForm):
    """A form of a public page."""

    _built: ClassVar[dict[tuple[str, str], Field]]

    class Meta:
        """No session and so no session's token; every message is our own, in our catalogues."""

        csrf = False

        def get_translations(self, _form: Form) -> None:
            """Return no catalogue of WTForms' own."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Return a field of a new form: a copy of the one that was built for the first.

            To build one anew takes ten times as long, and makes the same. So what a field has
            from its class, such as its label, may be put in another's place but never changed.
            """
            key = options["prefix"], options["name"]
            built = form._built.get(key)
            if built is None:
                built = form._built[key] = unbound_field.bind(form=None, _meta=self, **options)
            field: Field = object.__new__(type(built))
            vars(field).update(vars(built), _form=form, meta=self)
            return field

    def __init_subclass__(cls) -> None:
        """Let every class build fields of its own."""
        cls._built = {}


class EmailField(BoundedText, StringField):
    """An e-mail address; its data is the normalised address."""

    data: str | None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(filters=[tidy], **kwargs)

    def __call__(self, **kwargs: Any) -> Any:
        """Render as an input of type email."""
        return super().__call__(type="email", **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Check the syntax. A domain is not looked up: that would tell its owner of the visit."""
        if validation_stopped or not self.data:
            return
        try:
            checked = validate_email(
                self.data, check_deliverability=False, allow_smtputf8=False, strict=True
            )
        except EmailNotValidError:
            raise ValidationError(
                _("Enter an e-mail address in full, like name@example.org")
            ) from None
        self.data = checked.ascii_email or checked.normalized


class CountryField(SelectField):
    """A country: the campaign's own jurisdictions first, then all from A to Z."""

    data: str | None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[], validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse a code that is no country's."""
        if self.data and self.data not in countries("en"):
            self.data = ""
            raise StopValidation(_("Choose a country from the list"))

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the code."""
        if valuelist:
            self.data = valuelist[0]

    def __call__(self, **kwargs: Any) -> Markup:
        """Render the list, with the country in it that was chosen."""
        options = country_options(present_language())
        return with_options(super().__call__(**kwargs), options, self.data or "")


def with_options(empty: Markup, options: Markup, data: str | None) -> Markup:
    """Return a list that was rendered without options with these, the one with `data` chosen.

    Where it is None, none is.
    """
    end = Markup("</select>")
    return empty.removesuffix(end) + with_chosen(options, data) + end


def with_chosen(options: Markup, data: str | None) -> Markup:
    """Return options with the one of them chosen that has `data`, or as they are."""
    chosen = Markup('<option value="{}">').format(data)
    return options.replace(chosen, chosen.replace(" value", " selected value", 1), 1)


@lru_cache
def country_options(language: str) -> Markup:
    """Return what stands in the list, made once: it is half the work of a page."""
    option = Markup('<option value="{}">{}</option>')
    groups = []
    for group, choices in groupby(country_choices(language), key=lambda choice: choice.optgroup):
        of_group = Markup("").join(option.format(one.value, one.label) for one in choices)
        named = Markup('<optgroup label="{}">{}</optgroup>').format(group, of_group)
        groups.append(named if group else of_group)
    return Markup("").join(groups)


def country_choices(language: str) -> list[SelectChoice]:
    """Return the choices in `language`, grouped."""
    names = countries(language)
    by_name = sorted(names, key=lambda code: sort_key(names[code], language))
    first = [
        SelectChoice(code, names[code], optgroup=_("United States, Canada, United Kingdom"))
        for code in NEAR
    ]
    union = [
        SelectChoice(code, names[code], optgroup=_("European Union"))
        for code in by_name
        if code in EU
    ]
    others = [
        SelectChoice(code, names[code], optgroup=_("Everywhere else"))
        for code in by_name
        if code not in NEAR and code not in EU
    ]
    return [SelectChoice("", _("Choose your country")), *first, *union, *others]


class TextField(BoundedText, StringField):
    """One line of text, tidied."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(filters=[tidy], **kwargs)


class LongTextField(BoundedText, TextAreaField):
    """Several lines of text, tidied."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(filters=[tidy], **kwargs)
