"""Who gets news is counted and found without reading all signatures."""

import pytest

from petition.holds.models import HoldCause
from petition.updates import queries
from petition.updates.models import UpdateKind
from petition.updates.queries import (
    signers_to_tell,
    some_signers_to_tell,
    update_of,
    updates_of,
)
from tests.deliveries.making import handed_over, organiser
from tests.factories import make_ask, sign, signed, signer
from tests.grounds.plans import read_whole
from tests.updates.telling import told, work_off

pytestmark = pytest.mark.usefixtures("database")


def test_those_count_who_said_yes_and_confirmed() -> None:
    ask = make_ask()
    for _ in range(2):
        signed(ask, signer(mail_allowed=True))
    signed(ask)
    sign(ask, signer(mail_allowed=True))
    signed(ask, signer(mail_allowed=True), hold=HoldCause.NETWORK)

    assert signers_to_tell(ask.petition_id) == 2
    assert "signature" not in read_whole(lambda: signers_to_tell(ask.petition_id))


def test_a_page_counts_some_of_them_and_says_whether_there_are_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    ask = make_ask()
    for number in range(1, 5):
        signed(ask, signer(mail_allowed=True))
        assert some_signers_to_tell(ask.petition_id) == min(number, 3)
    assert "signature" not in read_whole(lambda: some_signers_to_tell(ask.petition_id))


def test_mails_are_written_without_reading_all_signatures() -> None:
    ask = make_ask()
    signed(ask, signer(mail_allowed=True))
    update = told(handed_over(organiser()), organiser())

    assert not {"signature", "outbox_mail"} & read_whole(work_off)
    assert [one.kind for one in updates_of(update.delivery_id)] == [UpdateKind.HANDED_OVER]
    assert update_of(update.delivery_id, UpdateKind.ANSWERED) is None


def test_a_delivery_of_which_nothing_was_told_has_none() -> None:
    make_ask()
    number = handed_over(organiser())
    assert updates_of(number) == []
