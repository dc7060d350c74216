"""A backup that is put back twice, or without a journal, or while mail waits."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from petition.core.clock import now
from petition.core.keyring.journal import journal
from petition.core.storage.database import engine, rows_of, session, transaction
from petition.exports import actions as exports
from petition.exports.changes import ChangeKind, changes_since
from petition.exports.models import Contents, Export, ExportPreset
from petition.outbox.queries import waiting as waiting_mails
from petition.safekeeping.settling import NUMBERS_AHEAD
from petition.safekeeping.tallies import LEDGERS, drifts
from petition.signatures import actions
from petition.signatures.models import Signature
from petition.signatures.removals import erase
from tests.factories import (
    make_ask,
    make_organiser,
    newest_signature,
    sign,
    signed,
    signer,
    take_in_all,
)
from tests.grounds.exporting import as_recorded, made
from tests.letters.posting import put_every_office_to_work, sent
from tests.safekeeping.putting_back import act, backed_up, restored, run


def test_who_waits_for_both_mails_can_ask_for_another_and_keeps_the_first_link(
    app: Flask, file: Path
) -> None:
    ask, rana = make_ask(), "rana@example.org"
    [first] = sign(ask, signer(rana)).confirm_tokens
    sign(ask, signer(rana))
    sign(ask, signer(rana))  # a third is mailed nothing
    assert waiting_mails() == 2
    backed_up(app, file)
    restored(app, file)

    assert waiting_mails() == 0
    sign(ask, signer(rana))
    assert waiting_mails() == 1
    with transaction():
        actions.confirm(first, now())


def test_where_there_is_no_journal_it_is_said_who_may_be_back(app: Flask, file: Path) -> None:
    act(erase, signed(make_ask())[0])
    backed_up(app, file)
    assert "There is no journal of erasures here" not in restored(app, file).output

    journal().path.unlink()
    assert "There is no journal of erasures here: whoever" in restored(app, file).output


def test_a_sample_that_is_in_the_backup_is_named_since_it_may_have_been_removed(
    app: Flask, file: Path
) -> None:
    backed_up(app, file)
    words = "The sample campaign magnitsky-month-2026 is in it: if it was removed since, it is back"
    assert "The sample campaign" not in restored(app, file).output

    signed(make_ask())
    later = file.with_name("tuesday.backup")
    backed_up(app, later)
    assert run(app, "campaigns", "remove-sample", typed="magnitsky-month-2026\n").exit_code == 0
    assert words in restored(app, later).output


def test_an_export_of_before_the_backup_knows_who_has_left_and_who_is_new_since(
    app: Flask, file: Path
) -> None:
    ask, organiser = make_ask(), make_organiser().id
    stays, gone, quiet = (signed(ask, signer(mail_allowed=True))[0] for _ in range(3))

    def have(since: int | None = None) -> Export:
        contents = Contents(preset=ExportPreset.MAILCHIMP, since=since)
        with transaction():
            export = exports.begin(ask.petition_id, organiser, "To mail", contents, now())
        made(export)
        return as_recorded(export)

    first = have()
    backed_up(app, file)
    signed(ask, signer(mail_allowed=True))
    lost = have(first.id)
    act(erase, gone)
    act(actions.stop_mail, quiet)
    restored(app, file)

    assert [(one.signature, one.kind) for one in changes_since(as_recorded(first))] == [
        (gone.id, ChangeKind.ERASED),
        (quiet.id, ChangeKind.CONSENT_TAKEN_BACK),
    ]
    new, _ = signed(ask, signer(mail_allowed=True))
    assert new.id > stays.id + NUMBERS_AHEAD
    again = have(first.id)
    assert (again.row_count, lost.row_count) == (1, 1)
    assert f",{new.id}\r\n".encode() in made(again)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_was_there_first_is_kept_however_often_a_backup_is_put_back(
    app: Flask, file: Path
) -> None:
    ask = make_ask()
    backed_up(app, file)
    signed(ask)
    place = Path(engine().url.database or "")
    done = [restored(app, file) for _ in range(2)]

    assert f"What was there before is {place}.replaced:" in done[0].output
    assert f"What was there before is {place}.replaced-2:" in done[1].output
    for name, count in ((f"{place}.replaced", 1), (f"{place}.replaced-2", 0), (place, 0)):
        with closing(sqlite3.connect(name)) as there:
            assert there.execute("SELECT count(*) FROM signature").fetchone() == (count,)


def all_counts() -> list[object]:
    """Return every total of every tally."""
    session.remove()
    return [
        sorted(map(tuple, session.execute(select(rows_of(totals)))))
        for ledger in LEDGERS
        for totals in ledger.totals
    ]


def test_counts_that_do_not_agree_with_the_rows_are_made_anew(app: Flask, file: Path) -> None:
    ask = make_ask()
    for country in ("FR", "GB", "GB"):
        signed(ask, signer(country=country))
    put_every_office_to_work()
    sent()
    take_in_all()
    before = all_counts()
    backed_up(app, file)
    assert "made anew" not in restored(app, file).output

    with transaction() as writing:
        for ledger in LEDGERS:
            for totals in ledger.totals:
                writing.execute(update(rows_of(totals)).values(count=7))
        late = newest_signature().confirmed_at
        assert late is not None
        writing.execute(update(Signature).values(confirmed_at=late + timedelta(minutes=17)))
    later = file.with_name("tuesday.backup")
    backed_up(app, later)
    output = restored(app, later).output
    words = f"were made anew: Petition {ask.petition_id}, Letter campaign"
    assert words in output
    assert (drifts(), all_counts()) == ([], before)
