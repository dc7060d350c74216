"""Who sees what, and how long we keep it."""

from dataclasses import dataclass

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from petition.campaigns.queries import present_campaign
from petition.core.clock import now
from petition.core.tokens import LINK_LIFETIME
from petition.letters.drafting.drafts import KEEP_DRAFTS
from petition.letters.removals import KEEP_WORDS
from petition.outbox.actions import KEEP_FINISHED
from petition.petitions.asks import asks_of
from petition.signatures.removals import KEEP_UNCONFIRMED
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import part, rendered
from petition.web.public.letters.letter_page import letters_of
from petition.web.site.settings import settings
from petition.web.words.seen_by import SeenBy, who_sees_what

A_DAY_OF_STEPS = 1
"""A change of keys is made in steps, an hour or more apart."""

blueprint = Blueprint("privacy", __name__)


@dataclass(frozen=True, slots=True)
class PetitionPrivacy:
    """What one petition does with what it is told."""

    title: str
    url: str
    organisation: str
    link_url: str
    lang: str
    dir: str
    who_sees_what: list[SeenBy]


@blueprint.get("/privacy")
def show(lang: str) -> ResponseReturnValue:
    """Show the privacy page, made from the settings and the petitions as they are."""
    return cached_page(("privacy", lang), lambda: _render(lang))


@part
def _campaign() -> tuple[int, str] | None:
    """Return the number and the organisation of the campaign that runs."""
    found = present_campaign(now().date())
    return (found.id, found.organisation) if found else None


def _render(lang: str) -> str:
    number, organisation = _campaign() or (0, settings().site_name)
    petitions = [
        PetitionPrivacy(
            title=ask.title,
            url=url_for("public.petitions.reading.show", lang=lang, slug=ask.slug),
            organisation=ask.organisation,
            link_url=url_for("public.petitions.managing.request_link", lang=lang, slug=ask.slug),
            lang=ask.language,
            dir=ask.direction,
            who_sees_what=who_sees_what(ask),
        )
        for ask in asks_of(number, lang)
    ]
    return rendered(
        "public/privacy/show.html",
        organisation=organisation,
        petitions=petitions,
        shared_table=shared_table(petitions),
        letters_table=letters_table() if letters_of(number) else None,
        keeps=keeps(),
        contact=settings().contact,
        mail_from=settings().mail_from,
        news_from=settings().news_sender,
    )


def shared_table(petitions: list[PetitionPrivacy]) -> list[SeenBy] | None:
    """Return the table of who sees what where it is the same for every petition."""
    tables = [petition.who_sees_what for petition in petitions]
    return tables[0] if tables and all(table == tables[0] for table in tables) else None


def letters_table() -> list[SeenBy]:
    """Return who sees what somebody tells us who writes a letter."""
    never, moderated = _("Never"), _("Only while a moderator has to look at the letter")
    return [
        SeenBy(_("Your name"), never, moderated, _("In your letter")),
        SeenBy(_("Your e-mail address"), never, never, _("Only if you let them answer to it")),
        SeenBy(_("Your country and postcode"), never, never, _("Only if you write it")),
        SeenBy(_("Your address"), never, never, _("Only where the office asks for it")),
        SeenBy(_("The words of your letter"), never, moderated, _("All of them")),
        SeenBy(_("Your IP address"), never, never, never),
    ]


def _after_sending(number: int) -> str:
    return ngettext("%(num)s day after it was sent", "%(num)s days after it was sent", number)


def _traces() -> str:
    """Return how long a key may open what is left: until it is changed, and no backup needs it."""
    if settings().key_days == 0:
        return _("Until we change our keys; then nobody can read them")
    # The key before has to be dropped first: until then none is changed.
    in_use = max(settings().key_days, settings().backup_days)
    longest = in_use + settings().backup_days + A_DAY_OF_STEPS
    return ngettext(
        "%(num)s day at most; then nobody can read them",
        "%(num)s days at most; then nobody can read them",
        longest,
    )


def days(number: int) -> str:
    """Return so many days, in words."""
    return ngettext("%(num)s day", "%(num)s days", number)


def hours(number: int) -> str:
    """Return so many hours, in words."""
    return ngettext("%(num)s hour", "%(num)s hours", number)


def keeps() -> list[tuple[str, str]]:
    """Return what is kept and for how long."""
    return [
        (
            _("A signature or letter that is not confirmed, after our last e-mail about it"),
            days(KEEP_UNCONFIRMED.days),
        ),
        (_("A confirmed signature"), _("Until it is erased, or the campaign ends it")),
        (_("A withdrawn signature"), _("What you told us stays until you erase it")),
        (
            _("A file of signatures that the campaign had made, on our servers"),
            hours(settings().file_hours),
        ),
        (_("The words of an e-mail to you"), _("Until it is sent")),
        (_("The note that an e-mail was sent"), days(KEEP_FINISHED.days)),
        (_("A link in an e-mail"), hours(int(LINK_LIFETIME.total_seconds() // 3600))),
        (_("A draft of a letter"), days(KEEP_DRAFTS.days)),
        (_("The words of a letter, and who wrote it"), _after_sending(KEEP_WORDS.days)),
        (
            _("That you wrote, to which office, and a secret code made from your address"),
            _("Until the campaign ends it"),
        ),
        (_("Traces of what was erased, in our files and backups"), _traces()),
        (_("Backups, encrypted"), days(settings().backup_days)),
        (
            _("That you erased or changed something, beside a secret code made from your address"),
            days(settings().backup_days),
        ),
        (
            _("That a signature was withdrawn or erased: its number and the hour, without a name"),
            _("Until the campaign ends it"),
        ),
        (
            _("Your IP address"),
            _("Not at all; a secret code made from your network is counted for a day at most"),
        ),
    ]
