"""What has changed of a file since it was made, and what an organiser is to do about it."""

from datetime import date, timedelta

import pytest

from petition.core.storage.database import session, transaction
from petition.exports import actions
from petition.exports.changes import Change, ChangeKind, changes_since, corrections
from petition.exports.models import Contents, Export, ExportPreset, ExportScope
from petition.holds.models import HoldCause
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.actions import stop_mail
from petition.signatures.models import Signature
from tests.factories import NOON, confirm, make_ask, make_organiser, sign, signed, signer
from tests.grounds.exporting import as_recorded, made

NEXT_DAY = NOON + timedelta(days=1)


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def have(
    ask: Ask,
    preset: ExportPreset = ExportPreset.SPREADSHEET,
    since: Export | None = None,
    scope: ExportScope = ExportScope.CONFIRMED,
) -> Export:
    """Have an export made."""
    organiser = make_organiser().id
    with transaction():
        contents = Contents(scope, preset, since=since.id if since else None)
        export = actions.begin(ask.petition_id, organiser, "To look", contents, NOON)
    made(export)
    return as_recorded(export)


def test_each_change_is_told_by_number_and_day_for_each_file_that_held_it(ask: Ask) -> None:
    left, erased, struck, quiet, back, stays = (
        signed(ask, signer(f"{number}@example.org", mail_allowed=True), at=NOON)[0]
        for number in range(6)
    )
    before = signed(ask, at=NOON)[0]
    with transaction():
        removals.withdraw(session.get_one(Signature, before.id), NOON)
    first = have(ask)
    later = signed(ask, at=NOON)[0]
    second = have(ask, since=first)
    with transaction():
        removals.withdraw(session.get_one(Signature, left.id), NEXT_DAY)
        removals.erase(session.get_one(Signature, erased.id), NEXT_DAY)
        removals.invalidate(session.get_one(Signature, struck.id), first.organiser_id, "", NEXT_DAY)
        stop_mail(session.get_one(Signature, quiet.id), NEXT_DAY)
        removals.withdraw(session.get_one(Signature, back.id), NEXT_DAY)
        removals.withdraw(session.get_one(Signature, later.id), NEXT_DAY)
    confirm(sign(ask, signer("4@example.org"), at=NEXT_DAY), at=NEXT_DAY)

    day = date(2026, 11, 21)
    assert changes_since(second) == [
        Change(first.id, left.id, ChangeKind.WITHDRAWN, day),
        Change(first.id, erased.id, ChangeKind.ERASED, day),
        Change(first.id, struck.id, ChangeKind.STRUCK, day),
        Change(first.id, quiet.id, ChangeKind.CONSENT_TAKEN_BACK, day),
        Change(first.id, back.id, ChangeKind.BACK, day),
        Change(second.id, later.id, ChangeKind.WITHDRAWN, day),
    ]
    assert corrections(first) == [left.id, erased.id, struck.id]
    assert corrections(second) == [later.id]
    assert stays.counts
    session.commit()


def test_consent_taken_back_leaves_a_file_for_mail_and_is_none_of_the_matter_of_names(
    ask: Ask,
) -> None:
    quiet, never = signed(ask, signer(mail_allowed=True))[0], signed(ask)[0]
    presets = (ExportPreset.MAILING_LIST, ExportPreset.CIVICRM, ExportPreset.NAMES)
    mailing, crm, names = (have(ask, one) for one in presets)
    with transaction():
        stop_mail(session.get_one(Signature, quiet.id), NEXT_DAY)
        stop_mail(session.get_one(Signature, never.id), NEXT_DAY)  # was not in the list

    assert corrections(mailing) == [quiet.id]
    assert corrections(crm) == []
    assert [one.kind for one in changes_since(crm)] == [ChangeKind.CONSENT_TAKEN_BACK]
    assert (corrections(names), changes_since(names)) == ([], [])
    session.commit()


def test_what_was_pending_or_struck_already_is_told_where_a_file_has_everything(ask: Ask) -> None:
    sign(ask, at=NOON)
    pending = session.query(Signature).one()
    struck = signed(ask, at=NOON)[0]
    organiser = make_organiser().id
    with transaction():
        removals.invalidate(session.get_one(Signature, struck.id), organiser, "", NOON)
    everything = have(ask, scope=ExportScope.EVERYTHING)
    confirmed = have(ask)
    with transaction():
        removals.erase(session.get_one(Signature, pending.id), NOON)
    assert (corrections(everything), corrections(confirmed)) == ([pending.id], [])
    session.commit()


def test_who_signs_again_and_waits_for_a_moderator_or_for_their_own_press_has_left(
    ask: Ask,
) -> None:
    """Nothing that counts is ever put on hold: only who has withdrawn comes to wait once more."""
    held, unpressed = (signed(ask, signer(f"{n}@example.org"), at=NOON)[0] for n in "ab")
    export = have(ask)
    sign(ask, signer("a@example.org"), at=NEXT_DAY, hold=HoldCause.HONEYPOT)
    assert changes_since(export) == []
    with transaction():
        for one in (held, unpressed):
            removals.withdraw(session.get_one(Signature, one.id), NEXT_DAY)
    sign(ask, signer("a@example.org"), at=NEXT_DAY, hold=HoldCause.HONEYPOT)
    sign(ask, signer("b@example.org"), at=NEXT_DAY)

    assert {one.kind for one in changes_since(export)} == {ChangeKind.WITHDRAWN}
    assert corrections(export) == [held.id, unpressed.id]


def test_a_removal_of_the_very_hour_that_the_file_had_seen_is_no_correction(ask: Ask) -> None:
    who = signer("back@example.org")
    number = signed(ask, who, at=NOON)[0].id
    with transaction():
        removals.withdraw(session.get_one(Signature, number), NOON)
    confirm(sign(ask, who, at=NOON), at=NOON)
    export = have(ask)
    assert corrections(export) == []
    with transaction():
        session.get_one(Export, export.id).numbers_kept = False

    old = as_recorded(export)
    assert corrections(old) == [number]  # one whose numbers are not known says who it may have held
    session.commit()
