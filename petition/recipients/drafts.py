"""A recipient as it is written down, and what keeps it from being published."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from petition.core.drafts.kinds import (
    ByLanguage,
    CountryCode,
    LanguageCode,
    Mailbox,
    Slug,
    Title,
    WebAddress,
    ZoneName,
    at_most,
    mailbox_as_sent,
)
from petition.core.drafts.problems import Problem, in_fields
from petition.core.drafts.shapes import unset
from petition.recipients.jurisdictions import Jurisdiction
from petition.recipients.models import WEEK, Channel, Mailroom, Paper, Recipient
from petition.recipients.queries import area_code

COUNTRY_OF = {"EU": "BE"}
"""Where the offices of a union of states are."""
USUAL_DAYS = WEEK[:5]
USUAL_HOURS = "9-17"
USUAL_HOURLY_CAP = 60
FOR_LETTERS = (
    *("country", "form_url", "address", "salutation", "close", "paper", "zone", "days"),
    *("hours", "hourly_cap", "constituents_only", "verified_on", "verified_source"),
)
"""What is noted only of a recipient that takes letters."""
_hours = re.compile(r"(\d{1,2})-(\d{1,2})")


def is_weekday(word: str) -> str | None:
    """See that a word is a day of the week as we write it."""
    return None if word in WEEK else f"can be {', '.join(WEEK)}, not “{word}”"


def are_hours(text: str) -> str | None:
    """See that hours begin before they end, on one day."""
    first, last = hours_in(text)
    return None if first < last <= 24 else f"is “{text}”; write {USUAL_HOURS}"


def hours_in(text: str) -> tuple[int, int]:
    """Return the first hour and the one in which the last has ended; (0, 0) where there is none."""
    found = _hours.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def is_cap(number: int) -> str | None:
    """See that an office may get some letters."""
    return None if 1 <= number < 10**6 else "has to be at least 1, and of at most six digits"


def is_area(written: str) -> str | None:
    """See that a text can begin a postcode."""
    if len(area_code(written)) == len("".join(written.replace("-", " ").split())):
        return None
    return f"has “{written}”, which is no beginning of a postcode"


@dataclass(frozen=True, slots=True)
class RecipientDraft:
    """An office that can act, who holds it, and how it takes letters."""

    slug: Slug
    jurisdiction: Jurisdiction
    office: ByLanguage
    email: Mailbox | None = None
    languages: tuple[LanguageCode, ...] = ()
    holder: Title | None = None
    holder_since: date | None = None
    channels: tuple[Channel, ...] = ()
    form_url: WebAddress | None = None
    address: Annotated[str, at_most(1000)] | None = None
    areas: tuple[Annotated[str, is_area], ...] = ()
    salutation: ByLanguage = unset()
    close: ByLanguage = unset()
    country: CountryCode | None = None
    paper: Paper | None = None
    zone: ZoneName | None = None
    days: tuple[Annotated[str, is_weekday], ...] = ()
    hours: Annotated[str, are_hours] | None = None
    hourly_cap: Annotated[int, is_cap] | None = None
    constituents_only: bool = False
    verified_on: date | None = None
    verified_source: Annotated[str, at_most(500)] | None = None


def check(draft: RecipientDraft) -> Iterator[Problem]:
    """Yield everything that is wrong with a recipient in itself."""
    yield from in_fields(draft)
    if draft.holder_since and not draft.holder:
        yield Problem(("holder_since",), "“holder_since” needs “holder”.", (("holder",),))
    if (draft.verified_on is None) != (draft.verified_source is None):
        key = "verified_on" if draft.verified_on else "verified_source"
        yield Problem(
            (key,), "“verified_on” and “verified_source” go together.", (("verified_on",),)
        )
    yield from _check_channels(draft) if draft.channels else _check_idle(draft)


def _check_idle(draft: RecipientDraft) -> Iterator[Problem]:
    """Yield what would be lost, because it is about letters."""
    if draft.areas:
        cause = "“areas” need “channels”: a representative takes letters."
        yield Problem(("areas",), cause, (("channels",),))
    idle = [name for name in FOR_LETTERS if getattr(draft, name)]
    if idle:
        named = ", ".join(f"“{name}”" for name in idle)
        cause = f"{named}: only with “channels”, how an office takes letters."
        yield Problem((idle[0],), cause, (("channels",),))


def _check_channels(draft: RecipientDraft) -> Iterator[Problem]:
    needs = {Channel.EMAIL: "email", Channel.FORM: "form_url", Channel.POST: "address"}
    for channel in draft.channels:
        key = needs.get(channel)
        if key and not getattr(draft, key):
            yield Problem((key,), f"the channel “{channel}” needs “{key}”.", (("channels",),))
    for key in ("salutation", "close", "zone"):
        if not getattr(draft, key):
            cause = f"“{key}” is missing: an office that has “channels” needs it."
            yield Problem((key,), cause, (("channels",),))


def country_of(draft: RecipientDraft) -> str:
    """Return where an office is, by its jurisdiction unless it says otherwise."""
    return draft.country or COUNTRY_OF.get(draft.jurisdiction, draft.jurisdiction.value)


def settled(draft: RecipientDraft, present: "RecipientDraft | None" = None) -> RecipientDraft:
    """Return a draft that says everything, also what it had left to what is usual.

    `present` is what is noted of the office: since when the same person holds it stays known.
    """
    since = draft.holder_since
    if since is None and present is not None and present.holder == draft.holder:
        since = present.holder_since
    common = replace(
        draft,
        email=mailbox_as_sent(draft.email),
        languages=draft.languages or ("en",),
        holder_since=since,
        channels=tuple(dict.fromkeys(draft.channels)),
        areas=tuple(sorted({area_code(area) for area in draft.areas})),
    )
    if not draft.channels:
        return common
    return replace(
        common,
        address=(draft.address or "").strip() or None,
        country=country_of(draft),
        paper=draft.paper or Paper.A4,
        days=draft.days or USUAL_DAYS,
        hours=draft.hours or USUAL_HOURS,
        hourly_cap=draft.hourly_cap or USUAL_HOURLY_CAP,
    )


def draft_of(recipient: Recipient) -> RecipientDraft:
    """Return the draft from which a recipient could be published as it is.

    Those who held the office before are not in it, nor whether letters came back.
    """
    present = [holder for holder in recipient.holders if holder.until is None]
    draft = RecipientDraft(
        slug=recipient.slug,
        jurisdiction=Jurisdiction(recipient.jurisdiction),
        office=dict(recipient.office),
        email=recipient.email,
        languages=tuple(recipient.languages),
        holder=present[-1].name if present else None,
        holder_since=present[-1].since if present else None,
        areas=tuple(sorted(area.prefix for area in recipient.areas)),
    )
    return _with_mailroom(draft, recipient.mailroom) if recipient.mailroom else draft


def _with_mailroom(draft: RecipientDraft, mailroom: Mailroom) -> RecipientDraft:
    return replace(
        draft,
        channels=tuple(Channel(way) for way in mailroom.channels),
        form_url=mailroom.form_url,
        address=mailroom.address,
        salutation=dict(mailroom.salutation),
        close=dict(mailroom.close),
        country=mailroom.country,
        paper=mailroom.paper,
        zone=mailroom.zone_name,
        days=tuple(mailroom.days),
        hours=f"{mailroom.hours_from}-{mailroom.hours_until}",
        hourly_cap=mailroom.hourly_cap,
        constituents_only=mailroom.constituents_only,
        verified_on=mailroom.verified_on,
        verified_source=mailroom.verified_source,
    )
