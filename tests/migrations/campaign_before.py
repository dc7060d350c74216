"""A campaign, its organisers, two petitions and two letters, as migration 0023 kept them."""

from datetime import date, timedelta
from typing import Any

from petition.core.keyring.sealing import tag
from petition.core.tokens import digest
from tests.migrations.before import NOON, Before, sealed, secret

PETITIONS, LETTERS = ("first-ask", "second-ask"), ("first-letter", "second-letter")
"""The numbers of their one version and text are those of the thing itself, from 1."""
OFFICES = (1, 2, 3)
NOBODYS = 4
"""A representative whom no campaign names."""
OWNER, MODERATOR = 1, 2
BEGAN = NOON - timedelta(days=19)
NUMBERED = (
    *("organiser", "campaign", "gap", "recipient", "petition", "petition_version"),
    *("petition_text", "letter_campaign", "letter_version", "letter_text"),
)


def put_campaign(old: Before) -> None:
    """Put in all that was there before anybody signed or wrote."""
    old.put("organiser", [_organiser(OWNER, "owner"), _organiser(MODERATOR, "moderator")])
    session = {"second_factor": True, "created_at": NOON, "last_seen_at": NOON}
    old.put(
        "organiser_session",
        [{"token_hash": digest(secret("at work")), "organiser_id": MODERATOR, **session}],
    )
    old.put("campaign", [_campaign()])
    old.put("campaign_text", [{"campaign_id": 1, "language": "en", "body": "Why.", **_titles("A")}])
    old.put("gap", [{"id": 1, "number": 1, "slug": "a-gap", "kind": "abuse"}])
    old.put("gap_text", [{"gap_id": 1, "language": "en", "body": "What.", **_titles("A gap")}])
    old.put("campaign_gap", [{"campaign_id": 1, "gap_id": 1, "position": 1}])
    old.put("recipient", [_recipient(number) for number in (*OFFICES, NOBODYS)])
    old.put("mailroom", [_mailroom(number) for number in OFFICES])
    _put_petitions(old)
    _put_letters(old)
    old.number_on(*NUMBERED)


def _titles(words: str) -> dict[str, str]:
    return {"title": f"{words} title", "summary": f"{words} in short"}


def _organiser(number: int, role: str) -> dict[str, Any]:
    email = f"{role}@example.org"
    email_tag = tag("organiser", email)
    person_key, person = sealed(
        {"name": f"Some {role}", "email": email}, f"organiser:{email_tag.hex()}"
    )
    secret_key, totp = sealed("JBSWY3DPEHPK3PXP", f"organiser-totp:{email_tag.hex()}")
    return {
        "id": number,
        "email_tag": email_tag,
        "person": person,
        "person_key": person_key,
        "role": role,
        "password_hash": "x",
        "totp_secret": totp,
        "totp_secret_key": secret_key,
        "totp_last_step": 0,
        "created_at": BEGAN,
    }


def _campaign() -> dict[str, Any]:
    return {
        "id": 1,
        "slug": "before",
        "organisation": "Sample Coalition",
        "contact": "sample@example.org",
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 12, 10),
    }


def _recipient(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "slug": f"office-{number}",
        "jurisdiction": "GB",
        "office": {"en": f"Office {number}"},
        "email": f"office-{number}@example.org",
        "languages": ["en"],
    }


def _mailroom(number: int) -> dict[str, Any]:
    return {
        "recipient_id": number,
        "channels": ["email"],
        "salutation": {"en": "Dear Minister,"},
        "close": {"en": "Yours faithfully,"},
        "country": "GB",
        "paper": "a4",
        "constituents_only": False,
        "zone_name": "UTC",
        "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        "hours_from": 0,
        "hours_until": 24,
        "hourly_cap": 10_000,
    }


def _put_petitions(old: Before) -> None:
    numbers = dict(enumerate(PETITIONS, 1))
    about = {"campaign_id": 1, "kind": "abuse", "gap_id": 1, "routes_by_area": False}
    more = {"opens_on": BEGAN.date(), "embed_origins": []}
    old.put("petition", [{"id": n, "slug": slug, **about, **more} for n, slug in numbers.items()])
    old.put("petition_version", [_version(n, "petition_id") for n in numbers])
    words = {"language": "en", "body": "Act.", "mail_question": "May we e-mail you?"}
    old.put(
        "petition_text",
        [{"id": n, "petition_id": n, "version_id": n, **_titles("Ask"), **words} for n in numbers],
    )
    office = {"position": 1, "office": {"en": "Office 1"}, "jurisdiction": "GB"}
    old.put(
        "petition_version_recipient",
        [{"version_id": n, "recipient_id": OFFICES[0], **office} for n in numbers],
    )


def _put_letters(old: Before) -> None:
    numbers = dict(enumerate(LETTERS, 1))
    about = {"campaign_id": 1, "gap_id": 1, "opens_on": BEGAN.date()}
    old.put("letter_campaign", [{"id": n, "slug": slug, **about} for n, slug in numbers.items()])
    old.put("letter_version", [_version(n, "letter_campaign_id") for n in numbers])
    words = {
        "language": "en",
        "subject": "A matter of law",
        "opening": "I write to you.",
        "facts": "This is so.",
        "asks": {"any": "Please act."},
        "reasons": [{"label": "A reason", "prompt": "What do you say?"}],
    }
    old.put(
        "letter_text",
        [
            {"id": n, "letter_campaign_id": n, "version_id": n, **_titles("Letter"), **words}
            for n in numbers
        ],
    )
    old.put(
        "letter_version_recipient",
        [
            {"version_id": n, "recipient_id": office, "position": office}
            for n in numbers
            for office in OFFICES
        ],
    )


def _version(number: int, of: str) -> dict[str, Any]:
    return {"id": number, of: number, "number": 1, "published_at": BEGAN}
