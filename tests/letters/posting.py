"""Letters made by the product's own verbs, as far on their way as a test wants them."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from petition.core.storage.database import session, transaction
from petition.holds.models import HoldCause
from petition.letters import actions
from petition.letters.actions import FinishedLetter
from petition.letters.campaigns.models import LetterCampaign, LetterText
from petition.letters.campaigns.queries import letter_campaign_by_slug, text_with_its_campaign
from petition.letters.drafting.composing import compose, template_for
from petition.letters.letter.models import Letter
from petition.letters.letter.written import Draft, Sentence, Writer, Written
from petition.letters.post.sending import ClaimedLetter
from petition.recipients.models import WEEK, Mailroom, Recipient
from petition.recipients.queries import recipient_by_slug
from tests.factories import NOON, Letters, address, end_reading, load_sample
from tests.letters.fates import arrives, begin, claim, end

LETTER = "letter-on-human-trafficking"
OFFICE = "gb-foreign-secretary"
OTHER_OFFICE = "eu-high-representative"
"""Both offices are at work at NOON."""


def letter_campaign(slug: str = LETTER) -> LetterCampaign:
    """Return a letter campaign of the sample, which is published first where it is missing."""
    found = letter_campaign_by_slug(slug)
    if found is None:
        load_sample(NOON)
        found = letter_campaign_by_slug(slug)
    assert found is not None
    return found


def text_of(slug: str = LETTER, language: str = "en") -> LetterText:
    """Return the present text of a letter campaign."""
    return text_with_its_campaign(letter_campaign(slug).version.text_in(language).id)


def office(slug: str = OFFICE) -> Recipient:
    """Return an office of the sample."""
    found = recipient_by_slug(slug)
    assert found is not None
    return found


def finished(
    email: str = "",
    *,
    to: str = OFFICE,
    own: str | tuple[str, ...] = "",
    name: str = "Nadia Sample",
    body: str = "",
    subject: str = "",
    reply_allowed: bool = False,
) -> FinishedLetter:
    """Return a finished letter with these sentences of its writer's own."""
    text, recipient = text_of(), office(to)
    assert recipient.mailroom is not None
    template = template_for(text, recipient.mailroom)
    writer = Writer(name, email or address(), "GB")
    said = (own,) if isinstance(own, str) else own
    sentences = tuple(Sentence(number, words) for number, words in enumerate(said) if words)
    draft = Draft(writer, sentences=sentences)
    written = Written(
        writer,
        subject or template.subject,
        body or compose(template, draft),
        reply_allowed=reply_allowed,
    )
    session.commit()
    return FinishedLetter(text.letter_campaign_id, text.id, recipient, template, written, "en")


def hand_in(
    letter: FinishedLetter, at: datetime = NOON, *, hold: HoldCause | None = None
) -> str | None:
    """Hand a letter in; return the token of its link, where it was mailed one to confirm."""
    letters = Letters()
    with transaction():
        actions.hand_in(letter, letters, at, hold=hold)
    return letters.confirm_tokens[-1] if letters.confirm_tokens else None


def confirm(token: str | None, at: datetime = NOON) -> str:
    """Press the button behind a link; return the token of the link to the letter."""
    assert token is not None
    with transaction():
        return actions.confirm(token, at)


def awaiting(at: datetime = NOON, **given: object) -> Letter:
    """Return a letter that waits for its writer to confirm it."""
    hand_in(finished(**given), at)  # type: ignore[arg-type]
    return newest_letter()


def queued(at: datetime = NOON, **given: object) -> Letter:
    """Return a letter that was confirmed and waits to leave."""
    confirm(hand_in(finished(**given), at), at)  # type: ignore[arg-type]
    return newest_letter()


def begun(at: datetime = NOON) -> ClaimedLetter:
    """Return a letter that is being handed over to the mail server."""
    queued(at)
    with transaction():
        (claimed,) = claim(at, most=1)
    assert begin(claimed)
    return claimed


def sent(at: datetime = NOON) -> ClaimedLetter:
    """Return a letter that the mail server has taken."""
    claimed = begun(at)
    end(arrives, claimed, at)
    return claimed


def put_every_office_to_work() -> None:
    """Let every office take letters on any day, at any hour, as many as there are."""
    with transaction() as writing:
        writing.execute(
            update(Mailroom).values(
                days=list(WEEK), hours_from=0, hours_until=24, hourly_cap=10_000
            )
        )


def all_letters(*those: ColumnElement[bool]) -> list[Letter]:
    """Return every letter, or those alone, as they are now, oldest first."""
    found = session.scalars(
        select(Letter).where(*those).order_by(Letter.id).execution_options(populate_existing=True)
    ).all()
    end_reading()
    return list(found)


def newest_letter() -> Letter:
    """Return the letter that was handed in last, as it is now."""
    [found] = all_letters(Letter.id == select(func.max(Letter.id)).scalar_subquery())
    return found


def letter_with(message_id: str) -> Letter:
    """Return a letter, as it is now."""
    (found,) = all_letters(Letter.message_id == message_id)
    return found


def suspect_since(slug: str = OFFICE) -> datetime | None:
    """Return since when an office is suspect."""
    found = session.scalar(
        select(Mailroom.suspect_since).join(Recipient).where(Recipient.slug == slug)
    )
    session.commit()
    return found
