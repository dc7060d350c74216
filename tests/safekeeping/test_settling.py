"""What had arrived when a backup was made, and no worker had looked at."""

from pathlib import Path

from flask import Flask

from petition.arrivals.models import Arrival
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.letters.arriving import ArrivedLetter
from petition.letters.letter.models import Letter
from petition.signatures.arriving import ArrivedSignature, LinkRequest
from petition.signatures.models import Signature
from petition.signatures.removals import erase
from petition.signatures.signers import Signing
from tests.factories import make_ask, rows, signed, signer
from tests.grounds.arriving import take_in_arrivals
from tests.letters import posting
from tests.safekeeping.putting_back import act, backed_up, restored


def test_what_had_just_arrived_is_taken_in_but_of_whoever_has_taken_part_since(
    app: Flask, file: Path
) -> None:
    ask, gone, stays = make_ask(), "gone@example.org", "stays@example.org"
    with transaction():
        for email in (gone, stays):
            ArrivedSignature(Signing(signer(email), ask.text_id, now()), None).append(
                ask.petition_id
            )
        LinkRequest(ask.text_id, "en", stays, None).append(now())
    letter = posting.finished(gone)
    made_from = letter.text_id, letter.recipient.id, letter.written, "en"
    with transaction():
        arrived = ArrivedLetter(*made_from, is_suspect=False, network=None)
        arrived.append(now(), draft_hash=bytes(32))
    backed_up(app, file)
    act(erase, signed(ask, signer(gone))[0])
    done = restored(app, file)
    take_in_arrivals(app.config["PETITION"])

    assert [one.opened().email for one in session.query(Signature)] == [stays]
    session.commit()
    assert (rows(Letter), rows(Arrival)) == (0, 0)
    assert "Dropped of what people had just sent: 3. The rest is taken in." in done.output
