"""People who write letters of the sample campaign, by the product's own verbs."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from petition.core.database import session, transaction
from petition.letters import actions
from petition.letters.composing import compose, template_for
from petition.letters.letter import Letter
from petition.letters.models import LetterCampaign
from petition.letters.queries import letter_campaign_by_slug, offices_of
from petition.letters.writing import Draft, Sentence, Writer, Written
from tests.factories import NOON, address

LETTER_SLUG = "letter-on-human-trafficking"
OFFICE = "gb-foreign-secretary"


@dataclass
class LetterLetters:
    """A letterhead that keeps the tokens it is given."""

    site_name: str = "Test"
    confirm_tokens: list[str] = field(default_factory=list)
    manage_tokens: list[str] = field(default_factory=list)

    def confirm_letter_url(self, token: str) -> str:
        """Keep a token and return an address."""
        self.confirm_tokens.append(token)
        return f"http://localhost/en/letter/{token}"

    def manage_letter_url(self, token: str) -> str:
        """Keep a token and return an address."""
        self.manage_tokens.append(token)
        return f"http://localhost/en/my-letter/{token}"


def letter_campaign(slug: str = LETTER_SLUG) -> LetterCampaign:
    """Return a letter campaign that was loaded."""
    found = letter_campaign_by_slug(slug)
    assert found is not None
    return found


def writer(name: str = "Nadia Sample", email: str = "") -> Writer:
    """Return somebody who writes, from an address that no test has used before."""
    return Writer(name=name, email=email or address(), country="GB")


def hand_in(
    who: Writer,
    *sentences: str,
    letterhead: LetterLetters | None = None,
    at: datetime = NOON,
) -> Letter:
    """Hand in a letter in English to the sample's Foreign Secretary; return it as stored."""
    with transaction():
        version = letter_campaign().version
        office = next(one for one in offices_of(version) if one.slug == OFFICE)
        assert office.mailroom is not None
        text = version.text_in("en")
        template = template_for(text, office.mailroom)
        own = tuple(Sentence(number, words) for number, words in enumerate(sentences))
        body = compose(template, Draft(writer=who, sentences=own))
        posted = actions.Posted(
            letter_campaign_id=text.letter_campaign_id,
            text_id=text.id,
            recipient=office,
            template=template,
            written=Written(writer=who, subject=template.subject, body=body, reply_allowed=True),
            language="en",
        )
        actions.hand_in(posted, letterhead or LetterLetters(), at)
    return newest_letter()


def confirmed(who: Writer, *sentences: str, at: datetime = NOON) -> Letter:
    """Hand in a letter and press the button behind its link; return it as it is then."""
    letterhead = LetterLetters()
    hand_in(who, *sentences, letterhead=letterhead, at=at)
    with transaction():
        actions.confirm(letterhead.confirm_tokens[-1], at)
    return newest_letter()


def newest_letter() -> Letter:
    """Return the letter that was stored last, as it is now."""
    number = session.scalar(select(func.max(Letter.id)))
    found = session.get_one(Letter, number, populate_existing=True)
    session.commit()
    return found
