"""The log of a whole journey names nobody and holds no token."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from petition.core.storage.database import transaction
from petition.signatures.models import Signature
from tests.factories import rows
from tests.faults.looking import database_of
from tests.faults.visitors import Visitor, is_inbox_page, mailbox_of, path_of
from tests.grounds.databases import KINDS
from tests.grounds.servers import ONE_PROCESS, Server, StartServer

NAME, ADDRESS, REASON = "Zerlina Unmistakable", "zerlina.unmistakable@example.org", "Quittenbrot"


@pytest.mark.parametrize("kind", KINDS)
def test_the_log_of_a_journey_names_nobody(kind: str, start_server: StartServer) -> None:
    server = start_server(kind, PETITION_LOG_LEVEL="info", **ONE_PROCESS)
    visitor, mailbox = Visitor(server), mailbox_of(server)
    token = visitor.form_token()
    assert is_inbox_page(visitor.sign(token, ADDRESS, name=NAME, reason=REASON))
    assert visitor.sign(token, f"{ADDRESS}\n", name=NAME, country="").status == 422
    confirm = mailbox.wait_for(ADDRESS)
    for path in (confirm, f"/en/petitions/{NAME.split(maxsplit=1)[0]}", f"/?q={ADDRESS}"):
        visitor.ask("GET", path)
    receipt = path_of(visitor.ask("POST", confirm, {}))
    manage = receipt.removesuffix("/receipt")
    for path in (receipt, manage, f"{manage}?name={NAME.split(maxsplit=1)[0]}"):
        assert visitor.ask("GET", path).status == 200
    assert visitor.ask("POST", f"{manage}/erase", {"sure": "y"}).status == 200
    visitor.ask("GET", f"/en/confirm/{token}{ADDRESS}")
    server.stop()

    log = server.printed
    requests = [line for line in lines_of(server) if line["event"] == "request"]
    assert "/<language:lang>/confirm/<token>" in {line["rule"] for line in requests}
    assert {200, 303, 404, 422} <= {line["status"] for line in requests}
    for secret in (*NAME.split(), ADDRESS, ADDRESS.upper(), REASON, token, confirm, manage):
        assert secret.removeprefix("/en").lower() not in log.lower()
    assert "127.0.0.1" not in json.dumps(lines_of(server))


def test_a_fault_is_logged_by_kind_and_place_and_not_in_its_words(
    start_server: StartServer,
) -> None:
    server = start_server("postgres", PETITION_LOG_LEVEL="info", **ONE_PROCESS)
    visitor = Visitor(server)
    token = visitor.form_token()
    with database_of(server):
        rows(Signature)
        break_the_table()
        answer = visitor.sign(token, ADDRESS, name=NAME, reason=REASON)

    assert answer.status == 500
    assert "Something broke on our side" in answer.body
    assert NAME not in answer.body
    faults = [line for line in lines_of(server) if line["event"] == "fault"]
    assert [line["error"] for line in faults] == ["UndefinedColumn"]
    assert any("actions.py" in place for place in faults[0]["at"])
    assert "unmistakable" not in server.printed.lower()


def lines_of(server: Server) -> list[dict[str, Any]]:
    """Return what the processes logged."""
    return [json.loads(line) for line in server.printed.splitlines() if line.startswith("{")]


def break_the_table() -> None:
    """Take a column away, as a migration gone wrong would."""
    with transaction() as session:
        session.execute(text("ALTER TABLE arrival RENAME COLUMN content TO gone"))
