"""A backup that is put back sends nothing twice, and brings nobody back who was erased."""

import shutil
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from petition.audit.queries import was_changed
from petition.audit.verifying import verify
from petition.core.clock import now
from petition.core.errors import LinkUnknown
from petition.core.keyring.journal import journal
from petition.core.storage.database import session, transaction
from petition.letters import decisions, removals
from petition.letters.desk.models import Figure
from petition.letters.desk.numbers import numbers_of
from petition.letters.letter.models import Letter, LetterState
from petition.organisers import sessions
from petition.organisers.models import Organiser
from petition.outbox.models import OutboxMail
from petition.safekeeping.tallies import drifts
from petition.signatures import actions
from petition.signatures.desk import decisions as about_signatures
from petition.signatures.models import Signature, SignatureState, Visibility
from petition.signatures.queries import tallied
from petition.signatures.removals import erase, withdraw
from tests.audit.guards import TABLES, past_the_guards
from tests.factories import (
    NOON,
    confirm,
    let_reason_appear,
    make_ask,
    make_organiser,
    newest_signature,
    rows,
    sign,
    signed,
    signer,
)
from tests.letters import posting
from tests.letters.fates import arrives, leave
from tests.safekeeping.putting_back import act, backed_up, found, restored


def test_nobody_is_back_and_nothing_is_undone_that_was_asked_since(app: Flask, file: Path) -> None:
    ask = make_ask()
    gone, left, quiet, stays = (signed(ask, signer(mail_allowed=True))[0] for _ in range(4))
    backed_up(app, file)
    act(erase, gone)
    act(withdraw, left)
    act(actions.stop_mail, quiet)
    done = restored(app, file)

    assert found(gone) is None
    assert [one and one.state for one in map(found, (left, quiet, stays))] == [
        SignatureState.WITHDRAWN,
        SignatureState.CONFIRMED,
        SignatureState.CONFIRMED,
    ]
    assert [one and one.mail_allowed for one in map(found, (left, quiet, stays))] == [
        True,
        False,
        True,
    ]
    assert drifts() == []
    assert "done again: 1 erased, 1 withdrawn, 1 without e-mail" in done.output


def test_a_later_signature_of_the_same_mailbox_stays(app: Flask, file: Path) -> None:
    ask, nadia, rana = make_ask(), "nadia@example.org", "rana@example.org"
    act(erase, signed(ask, signer(nadia))[0])
    again = signed(ask, signer(nadia))[0]
    back = signed(ask, signer(rana, mail_allowed=True))[0]
    act(withdraw, back)
    confirm(sign(ask, signer(rana, mail_allowed=True)))
    backed_up(app, file)
    restored(app, file)

    assert found(again) is not None
    returned = found(back)
    assert returned is not None
    assert returned.state == SignatureState.CONFIRMED
    assert returned.mail_allowed


def test_what_was_taken_back_and_said_anew_after_the_backup_holds_as_it_was_said_last(
    app: Flask, file: Path
) -> None:
    ask, rana = make_ask(), "rana@example.org"
    signature = signed(ask, signer(rana))[0]
    backed_up(app, file)
    act(withdraw, signature)
    confirm(sign(ask, signer(rana)))
    restored(app, file)

    back = found(signature)
    assert back is not None
    assert back.state == SignatureState.CONFIRMED


def test_a_name_appears_as_its_owner_said_last(app: Flask, file: Path) -> None:
    ask, rana, noor = make_ask(), "rana@example.org", "noor@example.org"
    full = signer(visibility=Visibility.FULL_NAME, reason="Because.")
    hidden, back = signed(ask, full)[0], signed(ask, signer(visibility=Visibility.FULL_NAME))[0]
    anew = signed(ask, signer(rana, visibility=Visibility.FULL_NAME, mail_allowed=True))[0]
    stays = signed(ask, signer(noor, visibility=Visibility.FULL_NAME))[0]
    with transaction() as writing:
        let_reason_appear(writing.get_one(Signature, hidden.id))
    act(partial(change, Visibility.PRIVATE), back)
    backed_up(app, file)
    act(partial(change, Visibility.PRIVATE), hidden)
    act(partial(change, Visibility.FULL_NAME), back)
    act(withdraw, anew)
    confirm(sign(ask, signer(rana, visibility=Visibility.PRIVATE)))
    done = restored(app, file)

    after = [found(one) for one in (hidden, back, anew, stays)]
    assert [one and one.visibility for one in after] == [
        Visibility.PRIVATE,
        Visibility.FULL_NAME,
        Visibility.PRIVATE,
        Visibility.FULL_NAME,
    ]
    assert after[0] is not None
    assert after[2] is not None
    assert (after[0].reason_shown, after[2].mail_allowed) == (False, False)
    assert "2 names made private, 0 first names shown, 1 full name shown" in done.output


def test_what_moderators_took_out_stays_out(app: Flask, file: Path) -> None:
    ask, organiser = make_ask(), make_organiser().id
    shown = signer(visibility=Visibility.FULL_NAME, reason="Because.")
    invalidated, hidden, stays = signed(ask)[0], signed(ask, shown)[0], signed(ask)[0]
    waits = sign(ask, rana := signer("rana@example.org"))
    with transaction() as writing:
        let_reason_appear(writing.get_one(Signature, hidden.id))
    backed_up(app, file)
    confirm(waits)
    pending = newest_signature()
    for one in (invalidated, pending):
        act(partial(invalidate, organiser), one)
    act(hide_reason, hidden)
    done = restored(app, file)

    after = [found(one) for one in (invalidated, pending, hidden, stays)]
    assert [one and one.state for one in after] == [
        SignatureState.INVALIDATED,
        SignatureState.INVALIDATED,
        SignatureState.CONFIRMED,
        SignatureState.CONFIRMED,
    ]
    assert after[2] is not None
    assert not after[2].reason_shown
    assert (tallied(ask.petition_id), drifts()) == (2, [])
    assert "2 invalidated, 1 reason hidden" in done.output
    with pytest.raises(LinkUnknown):
        confirm(waits)
    assert sign(ask, rana).confirm_tokens == []


def invalidate(organiser_id: int, signature: Signature, at: datetime) -> None:
    """Strike a signature as not genuine."""
    about_signatures.invalidate(signature, organiser_id, "not genuine", at)


def hide_reason(signature: Signature, _at: datetime) -> None:
    """Take a reason off the public page."""
    about_signatures.show_reason(signature, "", shown=False)


def change(visibility: Visibility, signature: Signature, at: datetime) -> None:
    """Choose how the name appears."""
    actions.change_visibility(signature, visibility, at)


def test_letters_that_may_have_left_wait_for_a_person_and_none_leaves(
    app: Flask, file: Path
) -> None:
    sent, begun = posting.sent(), posting.begun()
    queued, awaiting = posting.queued(), posting.awaiting()
    backed_up(app, file)
    assert leave(arrives) == 1
    done = restored(app, file)

    states = {letter.id: letter.state for letter in posting.all_letters()}
    assert states == {
        sent.id: LetterState.SENT,
        begun.id: LetterState.UNKNOWN,
        queued.id: LetterState.UNKNOWN,
        awaiting.id: LetterState.AWAITING,
    }
    assert leave(arrives) == 0
    assert posting.newest_letter().on_hold
    assert numbers_of(queued.letter_campaign_id).figures[Figure.UNKNOWN] == 2
    assert "Letters that may have left since: 2." in done.output
    assert "Letters that wait for their writers: 1." in done.output


def test_a_letter_that_was_stopped_or_deleted_stays_so(app: Flask, file: Path) -> None:
    sent, stopped, deleted = posting.sent(), posting.queued(), posting.queued()
    backed_up(app, file)
    for verb, number in (
        (decisions.stop, stopped.id),
        (removals.erase_words, deleted.id),
        (removals.erase_words, sent.id),
    ):
        with transaction() as writing:
            verb(writing.get_one(Letter, number), NOON)
    restored(app, file)

    assert [(one.state, one.content is None) for one in posting.all_letters()] == [
        (LetterState.SENT, True),
        (LetterState.STOPPED, False),
        (LetterState.STOPPED, True),
    ]


def test_mail_is_dropped_and_organisers_log_in_again(app: Flask, file: Path) -> None:
    sign(make_ask())
    organiser = make_organiser()
    with transaction():
        token = sessions.begin(organiser.id, now(), second_factor=True)
    backed_up(app, file)
    done = restored(app, file)

    assert rows(OutboxMail) == 0
    assert sessions.find(token, now()) is None
    assert session.get_one(Organiser, organiser.id).identity.name == organiser.identity.name
    assert "Mails dropped that had not left: 1." in done.output
    assert "Ended: 1 session and 0 links of organisers." in done.output
    assert verify().first_break is None


def test_numbers_go_on_far_beyond_those_that_exports_may_hold(app: Flask, file: Path) -> None:
    ask = make_ask()
    before = signed(ask)[0].id
    backed_up(app, file)
    lost = signed(ask)[0].id
    restored(app, file)

    assert lost == before + 1
    assert signed(ask)[0].id > lost + 999_000


def test_numbers_go_on_where_the_backup_had_none(app: Flask, file: Path) -> None:
    ask = make_ask()
    backed_up(app, file)
    lost = signed(ask)[0].id
    restored(app, file)

    assert signed(ask)[0].id > lost + 999_000


def test_journals_of_other_hosts_are_carried_out_too(app: Flask, file: Path) -> None:
    signature = signed(make_ask())[0]
    backed_up(app, file)
    act(erase, signature)
    other = file.with_name("other-host.jsonl")
    shutil.move(journal().path, other)
    with other.open("a") as stream:
        stream.write('{"at": "2026-11-')  # the machine stopped here
    done = restored(app, file, "--journal", other)

    assert found(signature) is None
    assert "Lines of journals that cannot be read: 1." in done.output


def test_a_backup_whose_log_was_emptied_does_not_begin_it_anew(app: Flask, file: Path) -> None:
    with past_the_guards() as writing:
        for table in TABLES:
            writing.execute(text(f"DELETE FROM {table}"))
    backed_up(app, file)
    restored(app, file)

    assert was_changed()
    assert verify().first_break is not None
