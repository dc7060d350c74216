"""What a backup has that must not simply come back: what had just arrived, and files."""

from pathlib import Path

from flask import Flask

from petition.arrivals.models import Arrival
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports.actions import begin
from petition.exports.models import Contents, ExportState
from petition.jobs.models import FilePiece
from petition.letters.arriving import ArrivedLetter
from petition.letters.letter.models import Letter
from petition.signatures.arriving import ArrivedSignature, LinkRequest
from petition.signatures.models import Signature
from petition.signatures.removals import erase
from petition.signatures.signers import Signing
from tests.factories import make_ask, make_organiser, rows, signed, signer
from tests.grounds.arriving import take_in_arrivals
from tests.grounds.exporting import as_recorded, made
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


def test_no_file_comes_back_that_may_hold_who_was_erased_since(app: Flask, file: Path) -> None:
    ask, organiser = make_ask(), make_organiser().id
    gone, _ = signed(ask)
    with transaction():
        export = begin(ask.petition_id, organiser, "To look", Contents(), now())
    assert made(export)
    backed_up(app, file)
    act(erase, gone)
    restored(app, file)

    assert as_recorded(export).state_at(now()) is ExportState.GONE
    assert rows(FilePiece) == 0
