"""What was under way before an upgrade goes on after it: mails, a batch of letters, the keys."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from petition.audit.noting import TERMINAL
from petition.core.keyring import sealing
from petition.core.keyring.sealing import Sealed, unseal
from petition.core.storage.database import rows_of, session, transaction
from petition.core.tokens import LINK_LIFETIME
from petition.letters.letter.links import LETTER_LINKS
from petition.letters.letter.models import Letter, LetterState
from petition.letters.post import batches
from petition.links.models import LinkPurpose
from petition.outbox import claiming
from petition.safekeeping import rotation
from petition.safekeeping.resealing import reseal
from petition.safekeeping.sealed import SEALED
from petition.signatures.links import SIGNATURE_LINKS
from petition.worker.mailed_links import start_hours
from tests.migrations.before import NOON, path_of
from tests.migrations.letter_fates import letters
from tests.migrations.signatures_before import signatures

pytestmark = pytest.mark.usefixtures("noon")


def test_mails_that_waited_leave_with_the_links_that_they_had(app: Flask) -> None:
    numbers = [one.number for _, one in signatures() if one.fate.mail in {"queued", "sending"}]
    paths = [path_of("signature", "confirm", number) for number in numbers]
    waiting = [one.number for one in letters() if one.fate.mail == "queued"]
    paths += [path_of("letter", "confirm", number) for number in waiting]
    with transaction():
        claimed = claiming.claim("another worker", NOON, most=1_000)
        for claim in claimed:
            start_hours(claim, NOON)

    assert all(claim.message.link in claim.message.text for claim in claimed)
    links = {claim.message.link.removeprefix("http://localhost"): claim for claim in claimed}
    assert len(set(paths) - links.keys()) <= 1  # that of a link which a test has pressed
    for path, of in ((paths[-1], LETTER_LINKS), (paths[7], SIGNATURE_LINKS)):
        token = path.rpartition("/")[2]
        assert of.look(token, LinkPurpose.CONFIRM).expires_at == NOON + LINK_LIFETIME


def test_a_batch_that_was_under_way_is_settled_by_its_place(app: Flask) -> None:
    with transaction():
        batches.settle_abandoned(NOON)
    names = "being sent", "held while being sent"
    numbers = [one.number for one in letters() if one.name in names]
    its = rows_of(Letter).c
    found = session.execute(
        select(its.state, func.count()).where(its.id.in_(numbers)).group_by(its.state)
    )

    place = len(numbers) // 4
    assert {row[0]: row[1] for row in found} == {
        LetterState.SENT: place,
        LetterState.UNKNOWN: 1,
        LetterState.QUEUED: len(numbers) - place - 1,
    }


def test_everything_sealed_opens_and_is_sealed_anew_when_keys_change(app: Flask) -> None:
    before = opened()
    with rotation.alone() as file:
        rotation.prepare(file)
        rotation.change(file, TERMINAL)
    assert sum(column.broken for column in reseal()) == 0

    after = opened()
    del before["audit_entry.about"], after["audit_entry.about"]  # which says that keys changed
    assert after == before
    assert {name for name, said in before.items() if said} >= {
        "signature.person",
        "letter.content",
        "mailed_link.given",
    }
    current = sealing.keys().current
    for model, _box, key, _context in SEALED:
        assert set(session.scalars(select(rows_of(model).c[key]))) <= {current, None}
    session.remove()


def opened() -> dict[str, Counter[bytes]]:
    """Return all that is sealed, column by column. Raises SealBroken."""
    session.remove()
    found = {}
    for model, box, key, context in SEALED:
        table = rows_of(model)
        rows = session.execute(select(table).where(table.c[key].is_not(None))).all()
        found[f"{table.name}.{box}"] = Counter(
            unseal(Sealed(getattr(row, key), getattr(row, box)), context(row)) for row in rows
        )
    session.remove()
    return found
