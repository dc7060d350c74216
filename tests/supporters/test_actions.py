"""A mailbox is sent five mails a day over the whole site, however it is spelt."""

from datetime import timedelta

import pytest

from petition.core.storage.database import transaction
from petition.supporters.actions import may_mail, purge_allowances
from petition.supporters.models import MAILS_A_DAY, MailAllowance
from tests.factories import NOON, rows

NADIA = "nadia@example.org"
pytestmark = pytest.mark.usefixtures("database")


def test_the_sixth_mail_of_a_day_has_to_wait() -> None:
    with transaction():
        answers = [may_mail([NADIA], NOON) for _ in range(MAILS_A_DAY + 2)]
        tomorrow = may_mail([NADIA], NOON + timedelta(days=1))

    assert answers == [[True]] * MAILS_A_DAY + [[False], [False]]
    assert tomorrow == [True]


def test_mails_of_one_mailbox_are_told_apart_among_many() -> None:
    many = [NADIA, "bea@example.org", NADIA.upper(), NADIA, "ada@example.org"]
    with transaction():
        first = may_mail(many, NOON)
        then = may_mail([NADIA, *many, NADIA], NOON)

    assert first == [True] * 5
    assert then == [True, True, True, False, False, True, False]
    with transaction():
        assert may_mail([], NOON) == []


def test_of_some_mails_only_a_part_of_the_day_may_be_taken() -> None:
    with transaction():
        answers = [may_mail([NADIA], NOON, most=2) for _ in range(3)]
        others = [may_mail([NADIA], NOON) for _ in range(MAILS_A_DAY - 1)]

    assert answers == [[True], [True], [False]]
    assert others == [[True]] * (MAILS_A_DAY - 2) + [[False]]


def test_all_spellings_share_one_allowance_and_other_people_none_of_it() -> None:
    with transaction():
        for number in range(MAILS_A_DAY):
            assert may_mail([f"na.dia+{number}@gmail.com"], NOON) == [True]

        assert may_mail(["NADIA@googlemail.com", "other@gmail.com"], NOON) == [False, True]


def test_what_was_counted_is_forgotten_after_the_day() -> None:
    with transaction():
        may_mail([NADIA], NOON)
    with transaction():
        purge_allowances(NOON + timedelta(days=1))
    assert rows(MailAllowance) == 1
    with transaction():
        purge_allowances(NOON + timedelta(days=2))

    assert rows(MailAllowance) == 0
