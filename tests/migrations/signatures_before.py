"""Ten thousand signatures in every state, and all that each left behind, as 0023 kept them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from petition.core.keyring.sealing import tag
from tests.migrations.before import (
    CAME,
    CONFIRMED,
    DECIDED,
    NOON,
    Before,
    link,
    mail,
    path_of,
    purpose_of,
    sealed,
)
from tests.migrations.campaign_before import MODERATOR, PETITIONS

COUNTRIES = ("GB", "US", "CA", "DE")
NOT_TAKEN_IN = 40
"""Of so many the tally knows by an entry alone."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of some signatures."""

    count: int
    state: str = "pending"
    links: tuple[str, ...] = ()
    cause: str = ""
    """Why a moderator has to look, or had to."""
    accepted: bool | None = None
    mail: str = "sent"
    """What became of the last mail with a link to confirm."""
    reason: str = ""
    """Where they give one: whether it is "shown"."""

    @property
    def on_hold(self) -> bool:
        """Whether they do not count yet."""
        return bool(self.cause) and not self.accepted


USED = ("used", "manage")
FATES = {
    "pending": Fate(2_700, links=("confirm",)),
    "waits in the outbox": Fate(200, links=("confirm",), mail="queued"),
    "being mailed": Fate(50, links=("confirm",), mail="sending"),
    "refused by a server": Fate(50, links=("confirm",), mail="failed"),
    "signed again": Fate(300, links=("confirm", "again")),
    "too late": Fate(300, links=("expired",)),
    "honeypot": Fate(100, cause="honeypot"),
    "too fast": Fate(50, cause="too_fast"),
    "no program": Fate(50, cause="honeypot", accepted=True, links=("confirm",)),
    "of a network": Fate(100, cause="network", links=("confirm",)),
    "confirmed": Fate(3_930, "confirmed", USED),
    "confirmed just now": Fate(20, "confirmed", ("pressed", "manage")),
    "gave a reason": Fate(250, "confirmed", USED, reason="to read"),
    "reason is shown": Fate(250, "confirmed", USED, reason="shown"),
    "confirmed on hold": Fate(250, "confirmed", USED, "mail_domain"),
    "let count": Fate(200, "confirmed", USED, "network", accepted=True),
    "withdrawn": Fate(500, "withdrawn", ("manage",)),
    "signs once more": Fate(100, "withdrawn", ("again",)),
    "struck": Fate(400, "invalidated", ("manage",)),
    "struck on hold": Fate(200, "invalidated", ("manage",), "network", accepted=False),
}
ERASED = 200
"""So many more were erased; what stays of each names no person."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature."""

    number: int
    fate: Fate

    @property
    def petition(self) -> int:
        """The number of its petition."""
        return 1 + self.number % len(PETITIONS)

    @property
    def email(self) -> str:
        """The address of its signer."""
        return f"signer-{self.number}@example.org"

    @property
    def name(self) -> str:
        """The name of its signer."""
        return f"Signer Number{self.number}"

    @property
    def tag(self) -> bytes:
        """The tag of its signer."""
        return tag(f"petition:{self.petition}", self.email)

    @property
    def is_confirmed(self) -> bool:
        """Whether its signer has pressed the button."""
        return self.fate.state != "pending"

    @property
    def counts(self) -> bool:
        """Whether the tally has it."""
        return self.fate.state == "confirmed" and not self.fate.on_hold

    @property
    def country(self) -> str:
        """The country of its signer."""
        return COUNTRIES[self.number % len(COUNTRIES)]


def signatures() -> Iterator[tuple[str, Signed]]:
    """Yield every signature with the name of what became of it."""
    number = 0
    for name, fate in FATES.items():
        for _ in range(fate.count):
            number += 1
            yield name, Signed(number, fate)


def put_signatures(old: Before) -> None:
    """Put in the signatures, and all that belongs to them."""
    every = [one for _, one in signatures()]
    old.put("signature", map(_row, every))
    old.put("review", [_review(one) for one in every if one.fate.cause])
    old.put("signature_link", [_link(one, kind) for one in every for kind in one.fate.links])
    old.put("removal", _removals(every))
    old.put("outbox_mail", [_mail(one, kind) for one in every for kind in one.fate.links])
    old.put("mail_allowance", [_allowance(one) for one in every if one.fate.links])
    _put_tally(old, [one for one in every if one.counts])
    old.number_on("signature")


def _row(one: Signed) -> dict[str, Any]:
    said = {"name": one.name, "email": one.email, "signed_at": CAME.isoformat()}
    reason = {"reason": f"Reason {one.number}"} if one.fate.reason else {}
    moments = {"confirmed_at": CONFIRMED.isoformat()} if one.is_confirmed else {}
    key, box = sealed({**said, **reason, **moments}, f"signature:{one.tag.hex()}")
    return {
        "id": one.number,
        "petition_id": one.petition,
        "text_id": one.petition,
        "supporter_tag": one.tag,
        "state": one.fate.state,
        "person": box,
        "person_key": key,
        "country": one.country,
        "language": "en",
        "visibility": "full_name" if one.fate.reason else "private",
        "mail_allowed": one.number % 3 == 0,
        "mail_answered_at": CAME,
        "has_reason": bool(one.fate.reason),
        "reason_shown": one.fate.reason == "shown",
        "on_hold": one.fate.on_hold,
        "signed_at": CAME,
        "confirmed_at": CONFIRMED if one.is_confirmed else None,
    }


def _review(one: Signed) -> dict[str, Any]:
    row = {"signature_id": one.number, "cause": one.fate.cause, "opened_at": CAME}
    if one.fate.accepted is None:
        return row
    return row | {"closed_at": DECIDED, "closed_by": MODERATOR, "accepted": one.fate.accepted}


def _link(one: Signed, kind: str) -> dict[str, Any]:
    row = link("signature", kind, one.number)
    if kind != "manage":
        row["mail_number"] = 2 if kind == "again" else 1
    if kind == "again":
        row["given_key"], row["given"] = sealed(_given(one), f"given:{row['token_hash'].hex()}")
    if kind in {"used", "pressed"}:
        row["used_at"] = NOON if kind == "pressed" else CONFIRMED
    return row


def _given(one: Signed) -> list[Any]:
    signer = {
        "name": f"Anew Number{one.number}",
        "email": one.email,
        "country": one.country,
        "language": "en",
        "visibility": "private",
        "mail_allowed": False,
        "postcode": None,
        "reason": None,
    }
    return [signer, one.petition, CAME.isoformat()]


def _removals(every: list[Signed]) -> Iterator[dict[str, Any]]:
    """Yield what stays of those that left the count, and of those that were erased."""
    left = {"withdrawn": "withdrawn", "invalidated": "invalidated"}
    gone = [Signed(len(every) + n, Fate(0)) for n in range(1, ERASED + 1)]
    for one in every + gone:
        cause = "erased" if one.number > len(every) else left.get(one.fate.state)
        if cause is None:
            continue
        row = {"petition_id": one.petition, "signature_id": one.number, "cause": cause}
        row |= {"signed_at": CAME, "removed_at": DECIDED}
        if cause == "invalidated":
            key, box = sealed(f"Why {one.number}", f"removal:{one.number}")
            row |= {"organiser_id": MODERATOR, "why_box": box, "why_key": key}
        yield row | ({} if cause == "erased" else {"confirmed_at": CONFIRMED})


def _mail(one: Signed, kind: str) -> dict[str, Any]:
    url = f"http://localhost{path_of('signature', kind, one.number)}"
    words = f"{purpose_of(kind)}_signature"
    state = one.fate.mail if kind == one.fate.links[-1] else "sent"
    about = {"petition_title": "Ask title"}
    origin = f"signature:{one.number}"
    return mail(words, one.email, origin, url, state, about)


def _allowance(one: Signed) -> dict[str, Any]:
    day = CAME.date()
    return {"tag": tag(f"day:{day}", one.email), "day": day, "used": len(one.fate.links)}


def _put_tally(old: Before, counted: list[Signed]) -> None:
    entries, taken_in = counted[:NOT_TAKEN_IN], counted[NOT_TAKEN_IN:]
    hour = CONFIRMED
    old.put(
        "tally_entry",
        [
            {"petition_id": one.petition, "change": 1, "country": one.country, "hour": hour}
            for one in entries
        ],
    )
    totals = Counter(one.petition for one in taken_in)
    countries = Counter((one.petition, one.country) for one in taken_in)
    rows = [{"petition_id": number, "count": count} for number, count in totals.items()]
    old.put("tally", rows)
    old.put("tally_hour", [row | {"hour": hour} for row in rows])
    old.put(
        "tally_country",
        [
            {"petition_id": number, "country": country, "count": count}
            for (number, country), count in countries.items()
        ],
    )
