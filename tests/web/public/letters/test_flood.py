"""Letters in other people's names: the owner of the mailbox is spared, and no official hears."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import Client

from config import Config
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.letters.campaigns.models import LetterText
from petition.letters.campaigns.queries import offices_of, text_with_its_campaign
from petition.letters.drafting import drafts
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.written import Draft, Writer
from petition.recipients.models import Channel
from petition.supporters.models import MAILS_A_DAY
from petition.worker.loops import Worker
from tests.grounds.arriving import take_in_arrivals
from tests.grounds.mail import SmtpServer
from tests.grounds.replays import Note
from tests.web.public.people import Person

VICTIM = "victim@example.org"
NETWORKS = 1_000
LETTERS_AT_LEAST = 100


def targets() -> list[tuple[int, int]]:
    """Return every text together with every office that it can go to by e-mail."""
    texts = session.scalars(select(LetterText.id)).all()
    found = [
        (text_id, office.id)
        for text_id in texts
        for office in offices_of(text_with_its_campaign(text_id).version)
        if office.mailroom and office.mailroom.takes(Channel.EMAIL)
    ]
    session.commit()
    return found


def flood(client: Client, posts: int) -> None:
    """Hand letters in, each under another name from another network, at one address."""
    aims = targets()
    for number in range(posts):
        text_id, office_id = aims[number % len(aims)]
        address = VICTIM.replace("@", f"+{number}@") if number % 2 else VICTIM.upper()
        draft = Draft(Writer(f"Person Number{number}", address, "GB"), recipient_id=office_id)
        with transaction():
            token = drafts.begin(text_id, draft, now())
        network = number % NETWORKS
        answer = client.post(
            f"/en/letters/draft/{token}/send",
            environ_overrides={"REMOTE_ADDR": f"10.{network // 250}.{network % 250}.7"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code == 303


def deliver(worker: Worker) -> None:
    """Let a worker send whatever may leave, mails and letters."""
    while worker.send_mail():
        pass
    while worker.letter_post.send_letters():
        pass


@pytest.mark.fault
def test_a_flood_of_letters_at_one_address_spares_its_owner_and_every_office(
    person: Person,
    config: Config,
    smtp_server: SmtpServer,
    clock: time_machine.Traveller,
    fault_rounds: int,
    note: Note,
) -> None:
    letters = max(LETTERS_AT_LEAST, fault_rounds**2)
    flood(Client(person.client.application), letters)
    take_in_arrivals(config)
    worker = Worker(replace(config, mail_server=smtp_server.url, mail_timeout=5, mail_retry=1))
    for day in range(1, 4):
        worker.beat()
        deliver(worker)
        got = [one.recipients for one in smtp_server.accepted]
        assert len(got) <= MAILS_A_DAY * day
        assert {to.lower().replace("+", "").startswith("victim") for (to,) in got} == {True}
        clock.shift(timedelta(days=1))
    worker.transport.close()
    worker.letter_post.transport.close()
    states = set(session.scalars(select(Letter.state)))
    session.commit()
    assert states == {LetterState.AWAITING}
    note(handed_in=letters, mails=len(got), letters_sent=0)
