"""The real product starts, tells where it is, stops at Ctrl-C and keeps what it has."""

import pytest

from petition.signatures.models import Signature
from tests.factories import rows
from tests.faults.looking import database_of
from tests.faults.visitors import Visitor, is_inbox_page
from tests.grounds.databases import KINDS, Databases
from tests.grounds.servers import ONE_PROCESS, Server, ServerFailed, StartServer


@pytest.mark.parametrize("kind", KINDS)
def test_an_install_starts_stops_and_starts_again(
    kind: str, start_server: StartServer, databases: Databases
) -> None:
    url = databases.empty_postgres() if kind == "postgres" else ""
    server = start_server(DATABASE_URL=url)
    keys = server.instance / "keys.json"
    first_keys = keys.read_bytes()

    assert server.campaign.startswith(server.url)
    assert server.mailbox.startswith(server.url)
    assert server.invitation.startswith(server.url)
    assert keys.stat().st_mode & 0o777 == 0o600

    assert server.stop() == 0
    assert server.processes() == []

    server.start()
    assert keys.read_bytes() == first_keys


@pytest.mark.parametrize("kind", KINDS)
def test_what_happens_in_one_that_was_begun_for_all_no_other_knows(
    kind: str, start_server: StartServer
) -> None:
    visitor = Visitor(start_server(kind, **ONE_PROCESS))
    assert is_inbox_page(visitor.sign(visitor.form_token(), "nadia@example.org"))

    with database_of(start_server(kind, **ONE_PROCESS)):
        assert rows(Signature) == 0


def test_a_killed_install_leaves_no_process(start_server: StartServer) -> None:
    server = start_server()
    assert server.processes("petition worker") != []
    assert server.processes("petition web") != []

    server.kill()

    assert server.processes() == []


def test_a_port_that_is_taken_is_named_before_anything_starts(
    live_server: Server, start_server: StartServer
) -> None:
    with pytest.raises(ServerFailed, match=f"PORT={live_server.port + 1} bin/serve"):
        start_server(PORT=str(live_server.port))
