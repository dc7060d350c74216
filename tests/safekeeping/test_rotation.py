"""Keys change by themselves, and no host ever meets a row that it cannot open."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError

from config import Config
from petition.audit.acts import Act
from petition.audit.models import AuditEntry
from petition.audit.noting import ITSELF, By
from petition.core.clock import now
from petition.core.keyring import sealing
from petition.core.keyring.keys import KeyFile, Keys
from petition.core.storage.database import engine, session
from petition.safekeeping import rotation
from petition.safekeeping.resealing import reseal
from petition.safekeeping.rotation import Step, why_keys_need_a_person
from petition.signatures.models import Signature
from petition.worker.key_care import KeyCare
from tests.factories import make_ask, newest_signature, signed, signer
from tests.safekeeping.hosts import another_host
from tests.safekeeping.putting_back import run

EVERY, KEEP = timedelta(days=30), timedelta(days=14)


def step() -> Step:
    """Let a worker look after the keys; the file's own time is that of the test."""
    done = rotation.step(ITSELF, EVERY, KEEP, lambda: True)
    if done != Step.NOTHING:
        os.utime(sealing.key_file().path, (now().timestamp(),) * 2)
    return done


def keys_of_rows() -> set[str]:
    """Return the keys under which signatures are sealed."""
    session.remove()
    return set(session.scalars(select(Signature.person_key)))


@pytest.fixture
def days() -> Iterator[time_machine.Traveller]:
    """A clock that a test can set forward."""
    with time_machine.travel(now(), tick=True) as traveller:
        yield traveller


def let_pass(clock: time_machine.Traveller, time: timedelta) -> None:
    clock.shift(time)
    session.remove()


def test_a_worker_changes_keys_in_time_and_drops_the_old_once_no_backup_needs_it(
    app: Flask, days: time_machine.Traveller
) -> None:
    signed(make_ask(), signer(name="Nadia Sample"))
    first = sealing.keys().current
    assert step() == Step.NOTHING

    let_pass(days, EVERY + timedelta(minutes=1))
    assert step() == Step.PREPARED
    assert sealing.keys().current == first
    assert step() == Step.CHANGED
    list(reseal())
    second = sealing.keys().current
    assert keys_of_rows() == {second}
    with pytest.raises(rotation.NotNow):
        step()

    let_pass(days, KEEP + timedelta(minutes=1))
    assert step() == Step.RETIRED
    assert set(sealing.keys().sealing) == {second}
    assert newest_signature().opened().name == "Nadia Sample"
    acts = list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)))
    assert acts[-2:] == [Act.KEYS_ROTATED, Act.KEYS_RETIRED]


def test_what_was_left_under_the_old_key_is_sealed_anew_before_it_goes(
    app: Flask, days: time_machine.Traveller
) -> None:
    for _ in range(3):
        signed(make_ask(), signer(name="Nadia Sample"))
    let_pass(days, EVERY + timedelta(minutes=1))
    step(), step()  # and then the worker is killed
    let_pass(days, KEEP + timedelta(minutes=1))

    assert step() == Step.RETIRED
    assert keys_of_rows() == {sealing.keys().current}
    assert newest_signature().opened().name == "Nadia Sample"


@contextmanager
def no_commit() -> Iterator[None]:
    """Let the database go away just before whatever is written stands."""

    def goes_away(_connection: Connection) -> None:
        raise OperationalError("COMMIT", None, Exception("gone"))

    event.listen(engine(), "commit", goes_away)
    try:
        yield
    finally:
        event.remove(engine(), "commit", goes_away)


@pytest.mark.parametrize("verb", [rotation.change, rotation.retire])
def test_a_change_of_keys_that_cannot_be_noted_is_not_made(
    app: Flask, verb: Callable[[KeyFile, By], object]
) -> None:
    with rotation.alone() as file:
        rotation.change(file, ITSELF)
        before = file.path.read_bytes()
        with pytest.raises(OperationalError), no_commit():
            verb(file, ITSELF)

        assert file.path.read_bytes() == before
    assert [one.name for one in file.path.parent.glob(".keys.json*")] == []


def test_a_worker_that_is_stopped_drops_nothing(app: Flask, days: time_machine.Traveller) -> None:
    signed(make_ask(), signer(name="Nadia Sample"))
    let_pass(days, EVERY + timedelta(minutes=1))
    step(), step()
    let_pass(days, KEEP + timedelta(minutes=1))

    assert rotation.step(ITSELF, EVERY, KEEP, lambda: False) == Step.NOTHING
    assert len(sealing.keys(fresh=True).sealing) == 2
    assert newest_signature().opened().name == "Nadia Sample"


def test_where_a_host_has_another_copy_no_key_seals_that_it_lacks(
    app: Flask, days: time_machine.Traveller
) -> None:
    before = sealing.keys()
    let_pass(days, EVERY + timedelta(minutes=1))
    another_host(before)
    assert step() == Step.PREPARED
    with pytest.raises(rotation.NotNow, match="These hosts lack the new key: second"):
        step()
    assert sealing.keys().current == before.current
    assert "copy the newest keys.json to every host" in str(why_keys_need_a_person(EVERY))

    another_host(sealing.keys())  # the file was copied
    assert why_keys_need_a_person(EVERY) is None
    assert step() == Step.CHANGED
    another_host(sealing.keys())
    assert "keep a copy of the new keys.json" in str(why_keys_need_a_person(EVERY))


def test_no_key_goes_under_which_a_host_still_seals(
    app: Flask, days: time_machine.Traveller
) -> None:
    let_pass(days, EVERY + timedelta(minutes=1))
    step()
    prepared = sealing.keys()
    another_host(prepared)
    assert step() == Step.CHANGED
    let_pass(days, KEEP + timedelta(minutes=1))
    another_host(prepared)
    with pytest.raises(rotation.NotNow, match="These hosts seal under another key: second"):
        step()

    another_host(sealing.keys())
    assert step() == Step.RETIRED


def test_a_second_host_with_a_worker_prepares_no_key_of_its_own(
    app: Flask, days: time_machine.Traveller
) -> None:
    let_pass(days, EVERY + timedelta(minutes=1))
    another_host(sealing.keys().with_ready())

    assert step() == Step.NOTHING
    assert sealing.keys().ready is None


def test_a_host_that_is_gone_counts_for_an_hour(app: Flask, days: time_machine.Traveller) -> None:
    let_pass(days, EVERY)
    another_host(sealing.keys())
    let_pass(days, timedelta(minutes=61))

    assert step() == Step.PREPARED
    assert step() == Step.CHANGED


def test_the_commands_lead_through_it_where_hosts_have_copies(
    app: Flask, days: time_machine.Traveller
) -> None:
    before = sealing.keys()
    another_host(before)
    refused = run(app, "keys", "rotate")
    assert refused.exit_code == 1
    assert "Other hosts hold keys too (second): run “keys prepare” first" in refused.output

    assert run(app, "keys", "prepare").exit_code == 0
    assert "lies ready. Copy keys.json to every host" in run(app, "keys", "prepare").output
    assert "These hosts lack the new key: second." in run(app, "keys", "rotate").output
    another_host(sealing.keys())
    assert run(app, "keys", "rotate").exit_code == 0
    another_host(replace_current(sealing.keys(), before.current))
    let_pass(days, timedelta(hours=1, minutes=1))
    another_host(replace_current(sealing.keys(), before.current))
    assert "These hosts seal under another key: second." in run(app, "keys", "retire").output
    another_host(sealing.keys())
    assert run(app, "keys", "retire").exit_code == 0
    assert set(sealing.keys(fresh=True).sealing) == {sealing.keys().current}


def replace_current(keys: Keys, current: str) -> Keys:
    """Return these keys as they were while another sealed."""
    return replace(keys, current=current, ready=None, since=None)


def test_only_one_at_a_time(app: Flask) -> None:
    with rotation.alone(), pytest.raises(rotation.NotNow, match="Another rotation is running"):
        step()


def test_a_due_change_that_nobody_makes_is_said(app: Flask, days: time_machine.Traveller) -> None:
    assert why_keys_need_a_person(EVERY) is None
    let_pass(days, EVERY + timedelta(days=3))

    assert "no worker does it: run “keys rotate”" in str(why_keys_need_a_person(EVERY))
    assert why_keys_need_a_person(timedelta(0)) is None


def test_a_file_that_was_copied_to_a_host_that_changed_first_is_taken(app: Flask) -> None:
    """Two workers make the same key current, each in its own file, a moment apart."""
    ready = sealing.keys().with_ready()
    mine, theirs = ready.with_new_current(), ready.with_new_current()
    file = KeyFile(sealing.key_file().path)
    file.replace(theirs)
    assert file.keys() == theirs
    file.replace(mine)

    assert file.keys(fresh=True) == mine
    assert file.complaint is None


def test_a_worker_set_to_never_leaves_the_keys_alone(
    app: Flask, config: Config, days: time_machine.Traveller
) -> None:
    let_pass(days, timedelta(days=400))
    KeyCare(replace(config, key_days=0), threading.Event()).change_in_time()
    assert sealing.keys(fresh=True).ready is None
    KeyCare(config, threading.Event()).change_in_time()
    assert sealing.keys(fresh=True).ready is not None
