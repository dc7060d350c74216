"""People who write letters of the sample campaign, by the product's own verbs."""

from datetime import datetime

from petition.letters.letter import Letter
from petition.letters.models import LetterCampaign
from petition.letters.queries import letter_campaign_by_slug
from petition.letters.writing import Writer
from tests.factories import NOON, address
from tests.letters import posting
from tests.letters.posting import LETTER as LETTER_SLUG
from tests.letters.posting import newest_letter

__all__ = ["LETTER_SLUG", "confirmed", "hand_in", "letter_campaign", "writer"]


def letter_campaign(slug: str = LETTER_SLUG) -> LetterCampaign:
    """Return a letter campaign that was loaded."""
    found = letter_campaign_by_slug(slug)
    assert found is not None
    return found


def writer(name: str = "Nadia Sample", email: str = "") -> Writer:
    """Return somebody who writes, from an address that no test has used before."""
    return Writer(name=name, email=email or address(), country="GB")


def hand_in(who: Writer, *sentences: str, at: datetime = NOON) -> Letter:
    """Hand in a letter in English to the sample's Foreign Secretary; return it as stored."""
    posting.hand_in(posting.posted(who.email, own=sentences, name=who.name), at)
    return newest_letter()


def confirmed(who: Writer, *sentences: str, at: datetime = NOON) -> Letter:
    """Hand in a letter and press the button behind its link; return it as it is then."""
    token = posting.hand_in(posting.posted(who.email, own=sentences, name=who.name), at)
    posting.confirm(token, at)
    return newest_letter()
