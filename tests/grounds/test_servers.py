"""The real product starts, tells where it is, stops at Ctrl-C and keeps what it has."""

import pytest

from tests.grounds.databases import KINDS
from tests.grounds.servers import Server, ServerFailed, StartServer


@pytest.mark.parametrize("kind", KINDS)
def test_an_install_starts_stops_and_starts_again(kind: str, start_server: StartServer) -> None:
    server = start_server(kind)
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
