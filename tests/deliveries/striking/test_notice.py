"""The notice to an office says which records to strike, in its language, and names nobody."""

from collections.abc import Iterator

import pytest
import time_machine

from petition.core.clock import now
from petition.core.i18n import LANGUAGES
from petition.core.storage.database import session, transaction
from petition.deliveries.models import StepKind
from petition.deliveries.striking.notice import notice_of
from petition.deliveries.striking.withdrawals import Withdrawals, withdrawals_of
from petition.signatures import removals
from petition.signatures.models import Signature
from tests.deliveries.making import found, go_on, organiser, planned
from tests.deliveries.pack.asking import asked, made
from tests.factories import NOON, make_ask, signed, signer

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    """Noon, and it stays."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_it_says_in_each_language_which_records_to_strike_and_not_whose() -> None:
    ask, by = make_ask(), organiser()
    stays = signed(ask, signer(name="Ada Stays"))[0]
    leaves = signed(ask, signer(name="Nadia Leaves"))[0]
    number = planned(by)
    pack = asked(number, by)
    made(pack)
    go_on(number, StepKind.HANDED_OVER, by, signature_count=2, pack_id=pack.id)
    with transaction():
        removals.erase(session.get_one(Signature, leaves.id), now())
    delivery = found(number)
    left = withdrawals_of(delivery)
    assert isinstance(left, Withdrawals)
    root = left.pack.root
    for language in LANGUAGES:
        notice = notice_of(delivery, left, language)
        paragraphs = notice.text.split("\n\n")

        assert "2" in paragraphs
        assert root in paragraphs
        assert notice.lang == language
        assert "%(" not in notice.text + notice.subject
        assert len(notice.subject.splitlines()) == 1
        for secret in ("Nadia", "Ada", leaves.supporter_tag.hex(), stays.supporter_tag.hex()):
            assert secret not in notice.text
    assert "1 signature of the pack stays." in notice_of(delivery, left, "en").text
