"""Letter campaigns and letters for tests, made by the product's own verbs."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select

from petition.campaigns.models import Campaign
from petition.core.database import session, transaction
from petition.gaps.models import Gap
from petition.letters import actions
from petition.letters.actions import Posted
from petition.letters.composing import template_for
from petition.letters.letter import Letter
from petition.letters.models import LetterCampaign, LetterRecipient, LetterText, LetterVersion
from petition.letters.sending import ClaimedLetter
from petition.letters.writing import Writer, Written
from petition.recipients.models import Channel, Mailroom, Paper, Recipient
from tests.factories import NOON, address, load_sample
from tests.letters.fates import arrives, begin, claim, end

SLUG = "ask-about-human-trafficking"
OFFICE = "gb-foreign-secretary"
OPEN = NOON
"""A Friday at which the office's mailroom is open."""


@dataclass
class Letterhead:
    """A letterhead that keeps the tokens it is given."""

    site_name: str = "Test"
    confirm_tokens: list[str] = field(default_factory=list)
    manage_tokens: list[str] = field(default_factory=list)

    def confirm_letter_url(self, token: str) -> str:
        """Keep a token and return an address."""
        self.confirm_tokens.append(token)
        return f"http://localhost/en/letters/confirm/{token}"

    def manage_letter_url(self, token: str) -> str:
        """Keep a token and return an address."""
        self.manage_tokens.append(token)
        return f"http://localhost/en/letters/manage/{token}"


def make_letter_campaign(slug: str = SLUG) -> LetterCampaign:
    """Return a letter campaign with one version, one text and one office; one for each slug."""
    found = session.scalar(select(LetterCampaign).where(LetterCampaign.slug == slug))
    session.commit()
    if found is not None:
        return found
    load_sample(OPEN)
    with transaction():
        return _new_letter_campaign(slug)


def _new_letter_campaign(slug: str) -> LetterCampaign:
    made = LetterCampaign(
        slug=slug,
        campaign_id=session.scalars(select(Campaign.id)).one(),
        gap_id=session.scalars(select(Gap.id).order_by(Gap.number)).first() or 0,
        opens_on=date(2026, 11, 1),
    )
    session.add(made)
    session.flush()
    version = LetterVersion(letter_campaign=made, number=1, published_at=OPEN)
    session.add(version)
    session.flush()
    session.add(_text(made, version))
    session.add(LetterRecipient(version_id=version.id, recipient_id=_office().id, position=0))
    session.flush()
    session.expire(version)
    return made


def _text(letter_campaign: LetterCampaign, version: LetterVersion) -> LetterText:
    return LetterText(
        letter_campaign_id=letter_campaign.id,
        version=version,
        language="en",
        title="Ask about human trafficking",
        summary="One letter to an office that can act.",
        subject="Sanctions for human trafficking",
        opening="I write about those who profit from human trafficking.",
        facts="Few of those who were sanctioned were sanctioned for that.",
        asks={"any": "Please say what you will do."},
        reasons=[{"label": "It happens here", "prompt": "Where have you met it?"}],
    )


def _office() -> Recipient:
    office = session.scalars(select(Recipient).where(Recipient.slug == OFFICE)).one()
    if office.mailroom is None:
        office.mailroom = Mailroom(
            channels=[Channel.EMAIL.value],
            salutation={"en": "Dear Foreign Secretary,"},
            close={"en": "Yours faithfully,"},
            country="GB",
            paper=Paper.A4,
            constituents_only=False,
            zone_name="Europe/London",
            hours_from=9,
            hours_until=17,
            hourly_cap=60,
        )
        session.flush()
    return office


def hand_in(letter_campaign: LetterCampaign, email: str = "", *, at: datetime = OPEN) -> Letterhead:
    """Hand a letter in; return the letterhead that its mail was written on."""
    letterhead = Letterhead()
    with transaction():
        text, recipient = letter_campaign.version.text_in("en"), _office()
        assert recipient.mailroom is not None
        template = template_for(text, recipient.mailroom)
        posted = Posted(
            letter_campaign_id=letter_campaign.id,
            text_id=text.id,
            recipient=recipient,
            template=template,
            written=Written(
                Writer("Nadia Sample", email or address(), "GB"),
                template.subject,
                template.words,
                reply_allowed=False,
            ),
            language="en",
        )
        actions.hand_in(posted, letterhead, at)
    return letterhead


def confirm(letterhead: Letterhead, *, at: datetime = OPEN) -> str:
    """Press the button behind the newest letter; return the token to manage it."""
    with transaction():
        return actions.confirm(letterhead.confirm_tokens[-1], at)


def begun(*, at: datetime = OPEN) -> ClaimedLetter:
    """Return a letter that is being handed over to the mail server."""
    confirm(hand_in(make_letter_campaign(), at=at), at=at)
    with transaction():
        (claimed,) = claim(at, most=1)
    assert begin(claimed)
    return claimed


def sent(*, at: datetime = OPEN) -> ClaimedLetter:
    """Return a letter that the mail server has taken."""
    claimed = begun(at=at)
    end(arrives, claimed, at)
    return claimed


def newest_letter() -> Letter:
    """Return the letter that was stored last, as it is now."""
    number = session.scalar(select(func.max(Letter.id)))
    found = session.get_one(Letter, number, populate_existing=True)
    session.commit()
    return found


def letter_with(message_id: str) -> Letter:
    """Return a letter, as it is now."""
    found = session.scalars(
        select(Letter)
        .where(Letter.message_id == message_id)
        .execution_options(populate_existing=True)
    ).one()
    session.commit()
    return found


def suspect_since() -> datetime | None:
    """Return since when the office is suspect."""
    found = session.scalar(
        select(Mailroom.suspect_since).join(Recipient).where(Recipient.slug == OFFICE)
    )
    session.commit()
    return found
