"""What the pages about one letter show of it."""

from flask_babel import gettext as _

from petition.core.i18n import countries
from petition.letters.campaigns.queries import office_named, text_with_its_campaign
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.written import Written
from petition.web.keeping.parts import part
from petition.web.public.letters.letter_page import LetterPage, page_of_text
from petition.web.public.letters.preview import own_words_label
from petition.web.site.formats import long_date
from petition.web.site.languages import present_language
from petition.web.words.answers import answer_words
from petition.web.words.broken_seals import does_not_open


def page_of_letter(letter: Letter) -> LetterPage:
    """Return the letter campaign in the version that the letter was written from."""
    return _page_of(letter.text_id)


@part
def _page_of(text_id: int) -> LetterPage:
    return page_of_text(text_with_its_campaign(text_id))


def office_of(letter: Letter) -> str:
    """Return to whom a letter goes, as the version calls it that it was written from."""
    return office_named(letter.text_id, letter.recipient).office_in(present_language())


def letter_details(letter: Letter, written: Written | None, office: str) -> list[tuple[str, str]]:
    """Return what we hold about a letter to an office, as (label, value)."""
    known = [(_("To"), office)]
    if written is not None:
        writer = written.writer
        country = countries(present_language()).get(writer.country, writer.country)
        known += [
            (_("Your name"), writer.name),
            (_("E-mail address"), writer.email),
            (_("Country"), country),
            (_("Postcode"), writer.postcode),
            (_("Address"), writer.address),
            (_("They may answer to your address"), _("Yes") if written.reply_allowed else _("No")),
        ]
    elif letter.content is not None:
        known.append(does_not_open())
    known.append((_("Your own words"), own_words_label(letter.own_share)))
    return [(label, value) for label, value in known if value]


def state_words(letter: Letter, *, is_halted: bool) -> str:
    """Return where a letter is on its way, in words for its writer."""
    if letter.on_hold and letter.state == LetterState.QUEUED:
        return _("A moderator looks at it first")
    if is_halted and letter.state == LetterState.QUEUED:
        return _("Waits: the organisers have stopped these letters for the moment")
    return {
        LetterState.DRAFTED: _("Being written"),
        LetterState.AWAITING: _("Waits for your confirmation"),
        LetterState.QUEUED: _("Leaves in the office’s working hours"),
        LetterState.SENDING: _("On its way"),
        LetterState.SENT: _("Sent"),
        LetterState.BOUNCED: _("Came back: the office’s mailbox did not take it"),
        LetterState.FAILED: _("Not taken by the office’s mail server"),
        LetterState.UNKNOWN: _("An organiser looks into whether it arrived"),
        LetterState.STOPPED: _("Stopped"),
    }[letter.state]


def times_of(letter: Letter, *, is_halted: bool) -> list[tuple[str, str]]:
    """Return when what happened, as (label, value)."""
    known = [(_("Where it is"), state_words(letter, is_halted=is_halted))]
    if letter.sent_at is not None:
        known.append((_("Sent on"), long_date(letter.sent_at)))
    if letter.answer is not None:
        known.append((_("Their answer"), answer_words(letter.answer)))
    return known
