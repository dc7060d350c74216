"""Keys are changed while the site runs, and everything stays readable."""

import errno
import os
import time

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from petition.cli.plainly import TRY_LATER
from petition.core.keyring import sealing
from petition.core.keyring.keys import RELOAD_SECONDS, Keys
from petition.core.storage.database import session
from petition.outbox.models import OutboxMail
from petition.signatures.models import Signature
from tests.factories import make_ask, make_organiser, newest_signature, signed, signer, spoil
from tests.faults.crowd import Crowd, Ledger
from tests.faults.looking import database_of, exported, mails_waiting
from tests.faults.visitors import Visitor, mailbox_of, wait_until
from tests.grounds.databases import KINDS
from tests.grounds.servers import Server, StartServer
from tests.outbox.mails import claim, post

TWO_HOURS = 7_200


def flask(server: Server, *words: str) -> str:
    """Run one of our commands beside a running install; return what it printed."""
    done = server.flask(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run(app: Flask, *words: str) -> Result:
    """Run one of our commands in this process."""
    return app.test_cli_runner().invoke(args=list(words))


def make_older(app: Flask) -> None:
    """Let two hours pass for the key file."""
    path = sealing.key_file().path
    before = time.time() - TWO_HOURS
    os.utime(path, (before, before))


def is_old_enough(token: str) -> bool:
    """Whether a form with this token is no longer sent faster than anyone types."""
    return time.time() > float(token.split("-")[1].rpartition(".")[0]) + 2.1


def key_ids() -> set[str]:
    """Return the keys under which anything is sealed."""
    session.remove()
    found = {*session.scalars(select(Signature.person_key)).all()}
    found |= set(session.scalars(select(OutboxMail.content_key)).all()) - {None}  # type: ignore[arg-type]
    session.remove()
    return found


@pytest.mark.slow("changes keys under load")
@pytest.mark.parametrize("kind", KINDS)
def test_keys_change_under_a_running_site_and_nobody_notices(
    kind: str, start_server: StartServer
) -> None:
    server = start_server(kind, PETITION_NETWORK_LIMIT="1000000", PETITION_DOMAIN_LIMIT="1000000")
    ledger, token = Ledger(), Visitor(server).form_token()
    with database_of(server):
        wait_until(lambda: is_old_enough(token), "!")
        with Crowd(server, ledger, token) as crowd:
            crowd.after(20)
            first = key_ids()
            printed = flask(server, "keys", "rotate")
            crowd.after(10)
        assert "New key" in printed
        path = server.instance / "keys.json"
        os.utime(path, (time.time() - TWO_HOURS,) * 2)
        flask(server, "keys", "retire")
        with Crowd(server, ledger, token) as crowd:
            crowd.after(10)

        wait_until(lambda: mails_waiting() == 0, "mail still waits")
        assert ledger.strange == []
        assert key_ids() & first == set()
        assert len(sealing.keys(fresh=True).sealing) == 1
        assert ledger.confirmed <= {row["email"] for row in exported()}
        assert ledger.signed <= mailbox_of(server).look().keys()


def test_everything_sealed_is_sealed_anew_and_the_old_key_opens_until_it_is_retired(
    app: Flask,
) -> None:
    for _ in range(3):
        signed(make_ask(), signer(name="Nadia Sample"))
    make_organiser()
    post("ana@example.org")
    old = sealing.keys().current
    rotated = run(app, "keys", "rotate")

    assert rotated.exit_code == 0
    new = sealing.keys(fresh=True).current
    assert sealing.keys().sealing.keys() == {old, new}
    assert key_ids() == {new}
    assert newest_signature().opened().name == "Nadia Sample"
    assert "ana@example.org" in [one.message.to for one in claim("w1")]


def test_a_key_is_not_retired_while_a_slow_process_may_still_use_it(app: Flask) -> None:
    sealing.key_file().replace(sealing.keys().with_new_current())
    refused = run(app, "keys", "retire")
    assert refused.exit_code == 1
    assert "too young" in refused.output

    make_older(app)
    assert run(app, "keys", "retire").exit_code == 0
    assert len(sealing.keys(fresh=True).sealing) == 1


def test_what_was_sealed_under_an_old_key_meanwhile_is_sealed_anew_before_it_goes(
    app: Flask,
) -> None:
    signed(make_ask(), signer(name="Nadia Slow"))
    sealing.key_file().replace(sealing.keys().with_new_current())
    make_older(app)

    assert run(app, "keys", "retire").exit_code == 0
    assert newest_signature().opened().name == "Nadia Slow"
    assert key_ids() == {sealing.keys().current}


def test_a_row_that_does_not_open_is_counted_and_keeps_nobody_elses_from_the_new_key(
    app: Flask,
) -> None:
    signed(make_ask(), signer(name="Nadia Lost"))
    spoil(Signature)
    signed(make_ask(), signer(name="Nadia Sample"))
    rotated = run(app, "keys", "rotate")

    assert rotated.exit_code == 0
    assert "signature.person: 1 sealed anew." in rotated.output
    assert "1 does not open with the keys in use, and stays as it is." in rotated.output
    assert newest_signature().opened().name == "Nadia Sample"


def test_a_full_disk_is_named_in_a_sentence_and_leaves_the_old_keys(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sealing.key_file().path
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    rotated = run(app, "keys", "rotate")

    assert rotated.exit_code == 1
    assert rotated.output == (
        "Error: The new key file cannot be written (No space left on device). "
        "The old one is whole and in use.\n"
    )
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.glob("*keys*")) == ["keys.json", "keys.lock"]


def test_a_command_without_the_key_file_of_its_database_ends_in_a_sentence(
    start_server: StartServer,
) -> None:
    server = start_server()
    server.stop()
    (server.instance / "keys.json").unlink()
    done = server.flask("tally", "check")

    assert done.returncode == TRY_LATER
    assert "keys.json is missing from the instance folder" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (server.instance / "keys.json").exists()


@pytest.mark.fault
def test_foreign_keys_under_a_running_site_change_nothing(start_server: StartServer) -> None:
    server = start_server(PETITION_NETWORK_LIMIT="1000000", PETITION_DOMAIN_LIMIT="1000000")
    ledger, token = Ledger(), Visitor(server).form_token()
    path = server.instance / "keys.json"
    own = path.read_bytes()
    with database_of(server):
        sealing.keys()  # as this process reads them now
        wait_until(lambda: is_old_enough(token), "!")
        with Crowd(server, ledger, token) as crowd:
            crowd.after(5)
            path.write_text(Keys.generate().to_json())
            time.sleep(RELOAD_SECONDS + 1)
            crowd.after(10)
            path.write_bytes(own)
            crowd.after(5)
        wait_until(lambda: mails_waiting() == 0, "mail still waits")

        assert ledger.strange == []
        assert ledger.confirmed <= {row["email"] for row in exported()}
        keys = session.scalar(select(func.count(Signature.person_key.distinct())))
        assert keys == 1
    assert "key file not taken" in server.printed
