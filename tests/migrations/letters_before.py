"""Ten thousand letters in every state, and all that each left behind, as 0023 kept them."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

from petition.core.keyring.sealing import tag
from petition.core.tokens import digest
from tests.migrations.before import (
    CAME,
    CONFIRMED,
    DEAD,
    LIVE,
    Before,
    link,
    mail,
    path_of,
    sealed,
)
from tests.migrations.campaign_before import OFFICES
from tests.migrations.letter_fates import BATCH, FATES, Letter, go, letters

MARKED = 20
TOLD = 150


def put_letters(old: Before) -> None:
    """Put in the letters, let each go its way, and put in all that belongs to them."""
    every = letters()
    old.put("worker", [{"id": DEAD, "started_at": CAME, "beat_at": CONFIRMED}])
    old.put("letter", map(_row, every))
    old.number_on("letter")
    for name, those in groupby(every, lambda one: one.name):
        numbers = [one.number for one in those]
        for step in FATES[name].steps.split():
            go(old, step, numbers[0], numbers[-1])
    sending = [one.number for one in every if one.states[-1] == "sending"]
    old.put("letter_batch", [{"id": BATCH, "worker_id": DEAD}])
    old.put("letter_place", [{"batch_id": BATCH, "letter_id": sending[len(sending) // 4]}])
    old.put(
        "letter_link",
        [link("letter", kind, one.number) for one in every for kind in one.fate.links],
    )
    old.put("outbox_mail", [_mail(one, kind) for one in every for kind in one.fate.links])
    old.put("letter_draft", [_draft(one) for one in every if one.name == "awaiting with a draft"])
    held = [one for one in every if one.name == "queued on hold"][:MARKED]
    old.put("letter_likeness", [mark for one in held for mark in _marks(one)])
    old.put("letter_pace", [{"recipient_id": n, "hour": CONFIRMED, "used": 40} for n in OFFICES])
    old.put("told_letter", map(_told, range(TOLD)))
    old.put("outbox_mail", map(_nothing, range(TOLD)))


def _row(one: Letter) -> dict[str, Any]:
    key, box = sealed(_written(one), f"letter:{one.message_id}")
    return {
        "id": one.number,
        "letter_campaign_id": one.campaign,
        "text_id": one.campaign,
        "recipient_id": one.office,
        "supporter_tag": tag(f"letter-campaign:{one.campaign}", one.email),
        "mail_number": 2 if one.name == "awaiting once more" else 1,
        "state": "awaiting",
        "message_id": one.message_id,
        "content": box,
        "content_key": key,
        "country": "GB",
        "language": "en",
        "own_share": one.number % 101,
        "on_hold": False,
        "created_at": CAME,
        "draft_hash": digest(one.draft) if one.name == "awaiting with a draft" else None,
        "changed_at": CAME,
        "due_at": CAME,
        "attempts": 0,
    }


def _writer(one: Letter) -> dict[str, str]:
    name = f"Writer Number{one.writer}"
    return {"name": name, "email": one.email, "country": "GB", "postcode": "", "address": ""}


def _written(one: Letter) -> dict[str, Any]:
    body = f"Dear Minister,\n\nThis is letter {one.number}.\n\nWriter Number{one.writer}"
    words = {"subject": f"Letter {one.number}", "body": body, "reply_allowed": False}
    return {"writer": _writer(one), **words}


def _mail(one: Letter, kind: str) -> dict[str, Any]:
    words = "letter_written" if kind == "manage" else "confirm_letter"
    url = f"http://localhost{path_of('letter', kind, one.number)}"
    state = "sent" if kind == "manage" else one.fate.mail
    return mail(words, one.email, f"letter:{one.number}", url, state, {"office": "Office 1"})


def _nothing(place: int) -> dict[str, Any]:
    """Return a row that stood for a mail that was never sent."""
    times: dict[str, datetime] = dict.fromkeys(("created_at", "due_at", "finished_at"), CAME)
    name = sha256(f"nothing {place}".encode()).hexdigest()[:32]
    row = {"kind": "nothing", "state": "failed", "message_id": name, "unconfirmed": False}
    return row | times | {"attempts": 0, "claims": 0}


def _draft(one: Letter) -> dict[str, Any]:
    said = {
        "writer": _writer(one),
        "recipient_id": one.office,
        "sentences": [{"reason": 0, "words": f"This is draft {one.number}."}],
        "subject": "",
        "body": "",
        "reply_allowed": False,
        "reached": 4,
        "nudged": False,
        "is_handed_in": True,
        "is_suspect": False,
    }
    token_hash = digest(one.draft)
    key, box = sealed(said, f"letter-draft:{token_hash.hex()}")
    row = {"token_hash": token_hash, "text_id": one.campaign, "expires_at": LIVE}
    return row | {"content": box, "content_key": key}


def _marks(one: Letter) -> Iterator[dict[str, Any]]:
    for word in ("one", "two", "three"):
        mark = tag(f"likeness:{one.campaign}", word)
        yield {"letter_id": one.number, "mark": mark, "letter_campaign_id": one.campaign}


def _told(place: int) -> dict[str, Any]:
    email = f"teller-{place}@example.org"
    row = {"letter_campaign_id": 1, "recipient_id": OFFICES[0], "channel": "post"}
    return row | {"supporter_tag": tag("letter-campaign:1", email), "told_at": CAME}
