"""Many people, or one person many times, press the button at the same moment."""

import random
from concurrent.futures import ThreadPoolExecutor
from html import escape

import pytest
from sqlalchemy import func, select

from petition.core.storage.database import session
from petition.signatures.models import Signature
from tests.factories import rows
from tests.faults.looking import database_of, mails_waiting
from tests.faults.visitors import Answer, Visitor, mailbox_of, wait_until
from tests.grounds.databases import KINDS
from tests.grounds.servers import Server, StartServer

POSTS = 500
AT_ONCE = 50


def spelling(dice: random.Random) -> str:
    """Return one of the many ways to write the address of one Gmail mailbox."""
    letters = [dice.choice([one, one.upper()]) for one in "nadiasample"]
    dots = "".join(one + dice.choice(["", "", "."]) for one in letters[:-1]) + letters[-1]
    label = dice.choice(["", "+petition", f"+{dice.randrange(1000)}", "+A.b"])
    return f"{dots}{label}@{dice.choice(['gmail.com', 'Gmail.COM', 'googlemail.com'])}"


@pytest.mark.parametrize("kind", KINDS)
def test_500_posts_of_one_mailbox_make_one_signature_and_two_mails(
    kind: str, start_server: StartServer
) -> None:
    server = start_server(kind)
    token = Visitor(server).form_token()
    addresses = [spelling(random.Random(number)) for number in range(POSTS)]

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        answers = list(crowd.map(lambda one: post(server, token, one), addresses))

    assert {answer.status for _, answer in answers} == {200}
    # The domain of an address is written back in small letters; it is the typed one all the same.
    assert len({without(address, answer.body) for address, answer in answers}) == 1
    with database_of(server):
        wait_until(lambda: mails_waiting() == 0, "mail still waits")
        assert rows(Signature) == 1
        assert session.scalar(select(func.count(Signature.supporter_tag.distinct()))) == 1
    assert mailbox_of(server).mails == 2


def post(server: Server, token: str, address: str) -> tuple[str, Answer]:
    """Sign once; return the address with the answer."""
    return address, Visitor(server).sign(token, address)


def without(address: str, body: str) -> str:
    """Return an answer without the address that was typed."""
    local, _, domain = address.partition("@")
    shown = escape(f"{local}@{domain.lower()}")
    assert shown in body
    return body.replace(shown, "ADDRESS")
