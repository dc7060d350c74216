"""A backup that is made of a running site holds all that was acknowledged, and starts again."""

from dataclasses import replace
from pathlib import Path

import pytest

from petition.exports.models import ExportScope
from tests.faults.crowd import Crowd, Ledger
from tests.faults.looking import database_of, exported, mails_waiting
from tests.faults.visitors import Visitor, wait_until
from tests.grounds.databases import KINDS
from tests.grounds.postgres import TOOLS
from tests.grounds.servers import StartServer


@pytest.mark.slow("starts the product twice")
@pytest.mark.parametrize("kind", KINDS)
def test_a_running_site_is_backed_up_and_put_back(
    kind: str, start_server: StartServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(TOOLS), prepend=":")
    server = start_server(kind, PETITION_NETWORK_LIMIT="1000000", PETITION_DOMAIN_LIMIT="1000000")
    file, ledger = tmp_path / "backup", Ledger()
    with Crowd(server, ledger, Visitor(server).form_token()) as crowd:
        crowd.after(6)
        before = replace(ledger, signed=set(ledger.signed), confirmed=set(ledger.confirmed))
        made = server.flask("backup", file)
        crowd.after(2)
    refused = server.flask("restore", file)
    server.stop()
    done = server.flask("restore", file)
    server.start()

    assert ledger.strange == []
    assert made.returncode == 0, made.stderr
    assert "Something uses the database: stop web servers and workers" in refused.stderr
    assert done.returncode == 0, done.stderr
    with database_of(server):
        wait_until(lambda: mails_waiting() == 0, "mail still waits")
        there = {row["email"] for row in exported(ExportScope.EVERYTHING)}
    assert before.signed <= there
