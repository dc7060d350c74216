"""A draft that moves takes along what was handed in from it, whoever is at work on that."""

from threading import Event, Thread

import pytest

from petition.arrivals import actions as arrivals
from petition.core.storage.database import is_sqlite, session, transaction
from petition.core.tokens import digest
from petition.letters import actions
from petition.letters.arriving import LETTER, ArrivedLetter
from petition.letters.drafting import drafts
from petition.letters.letter.written import Draft
from tests.factories import NOON, Letters
from tests.faults.visitors import wait_until
from tests.grounds.locks import somebody_waits
from tests.letters.posting import finished, newest_letter

pytestmark = pytest.mark.usefixtures("database")


def test_a_letter_that_a_worker_is_taking_in_follows_its_draft() -> None:
    if is_sqlite():
        pytest.skip("one writes at a time")
    letter = finished("nadia@example.org")
    draft = Draft(letter.written.writer, recipient_id=letter.recipient.id, is_handed_in=True)
    made_from = letter.text_id, letter.recipient.id, letter.written, "en"
    with transaction():
        token = drafts.begin(letter.text_id, draft, NOON)
        arrived = ArrivedLetter(*made_from, is_suspect=False, network=None)
        arrived.append(NOON, draft_hash=digest(token))
    is_written, moved = Event(), list[str]()

    def work() -> None:
        with transaction():
            [one] = arrivals.due([LETTER], NOON, 10)
            read = ArrivedLetter.from_bytes(one.opened()).finished(one.about)
            actions.hand_in(read, Letters(), NOON)
            arrivals.drop([one])
            is_written.set()
            wait_until(somebody_waits, "the draft does not move")
        session.remove()

    def move() -> None:
        is_written.wait(5)
        with transaction():
            moved.append(drafts.move(token, draft, NOON, sheet=""))
        session.remove()

    threads = [Thread(target=work), Thread(target=move)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert newest_letter().draft_hash == digest(moved[0])
