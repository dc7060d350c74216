"""What the pages about one signature show of it and of the text it stands under."""

from dataclasses import dataclass
from datetime import date

from flask import get_template_attribute, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from petition.core.clock import now
from petition.core.i18n import countries
from petition.core.keyring.sealing import if_whole
from petition.deliveries.answer_clock import answer_clock
from petition.deliveries.striking.offices import Has, offices_that_have
from petition.petitions.asks import Ask, ask_as_signed
from petition.signatures.models import Signature, Visibility
from petition.signatures.moments import moments_of
from petition.signatures.persons import first_name
from petition.web.public.deliveries.delivery_page import answer_words
from petition.web.public.petitions.petition_page import PetitionPage, petition_page
from petition.web.public.petitions.sign_form import visibility_choices
from petition.web.site.formats import listed, long_datetime
from petition.web.site.languages import present_language
from petition.web.words.broken_seals import does_not_open
from petition.web.words.jurisdictions import jurisdiction_name


@dataclass(frozen=True, slots=True)
class HandedTo:
    """An office that has a signature already, or may have it."""

    office: str
    country: str
    url: str
    """Of the page about the delivery."""
    day: date
    has: Has
    answer: str
    """How it stands with the answer."""
    asked_on: date | None = None
    """When the office was asked to strike it."""


def page_of(signature: Signature) -> PetitionPage:
    """Return the petition in the version and language that was signed, which may be an old one."""
    return petition_page(_ask_of(signature))


def _ask_of(signature: Signature) -> Ask:
    return ask_as_signed(signature.text_id, present_language())


def noted(signature: Signature) -> list[tuple[str, str]]:
    """Return what the supporter told us, as (label, value)."""
    person = if_whole(signature.opened)
    organisation = _ask_of(signature).organisation
    country = countries(present_language()).get(signature.country, signature.country)
    if person is None:
        return [does_not_open(), (_("Country"), country)]
    details = [
        (_("Name"), person.name),
        (_("E-mail address"), person.email),
        (_("Country"), country),
        (_("Postcode"), person.postcode or ""),
        (_("Your name appears"), appearance(signature.visibility, person.name, country)),
        (
            _("%(organisation)s may e-mail you", organisation=organisation),
            _("Yes") if signature.mail_allowed else _("No"),
        ),
        (_("Your reason"), person.reason or ""),
    ]
    return [(label, value) for label, value in details if value]


def appearance(visibility: Visibility, name: str, country: str) -> str:
    """Return how a name appears, in words, and just as the page will show it."""
    ways = {str(choice.value): str(choice.label) for choice in visibility_choices()}
    shown = {Visibility.FIRST_NAME: first_name(name), Visibility.FULL_NAME: name}.get(visibility)
    if shown is None:
        return ways[visibility.value]
    as_shown = listed([shown, country])
    return _("%(way)s: %(as_shown)s", way=ways[visibility.value], as_shown=as_shown)


def held(signature: Signature) -> list[tuple[str, str]]:
    """Return everything that we hold about a signature, as (label, value)."""
    moments = moments_of(signature, if_whole(signature.opened))
    details = [
        *noted(signature),
        (_("Asked about e-mail"), _as_asked(_ask_of(signature))),
        (_("Answered about e-mail"), long_datetime(moments.mail_answered_at)),
        (_("Signed"), long_datetime(moments.signed_at)),
    ]
    if moments.confirmed_at:
        details.append((_("Confirmed"), long_datetime(moments.confirmed_at)))
    if signature.source:
        details.append((_("Source named by the link you came by"), signature.source))
    return details


def _as_asked(ask: Ask) -> Markup:
    """Return the question as it was put, in the language of the text."""
    marked = Markup('<span lang="{}" dir="{}">{}</span>')
    return marked.format(ask.language, ask.direction, ask.mail_question)


def shown_details(details: list[tuple[str, str]]) -> str:
    """Return such details as a page shows them."""
    shown: str = get_template_attribute("components/details_list.html", "details_list")(details)
    return shown


def handed_to(signature: Signature) -> list[HandedTo]:
    """Return the offices that have a signature already, or may have it, the latest first."""
    lang = present_language()
    return [
        HandedTo(
            office=one.delivery.office_in(lang),
            country=jurisdiction_name(one.delivery.jurisdiction),
            url=url_for("public.deliveries.reading.show", lang=lang, number=one.delivery.id),
            day=one.day,
            has=one.has,
            answer=answer_words(clock),
            asked_on=one.asked_on,
        )
        for one in offices_that_have(signature)
        if (clock := answer_clock(one.delivery, now().date()))
    ]
