"""Codes from an authenticator are good for a minute and a half, and once."""

from datetime import UTC, datetime, timedelta

import pytest

from petition.core.storage.database import session, transaction
from petition.organisers import authenticators, recovery_codes
from petition.organisers.authenticators import OfferBroken
from petition.organisers.models import Organiser
from tests.organisers.people import code_of, enrol, join

AT = datetime(2026, 11, 16, 12, 0, 10, tzinfo=UTC)
HALF_A_MINUTE = timedelta(seconds=30)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def ada() -> Organiser:
    organiser = join()
    enrol(organiser)
    return organiser


def use(organiser: Organiser, code: str, at: datetime = AT) -> bool:
    with transaction():
        return authenticators.use_code(organiser, code, at)


def test_a_code_works_once(ada: Organiser) -> None:
    code = code_of(ada, AT)

    assert use(ada, code)
    assert not use(ada, code)


def test_a_code_typed_with_a_space_works(ada: Organiser) -> None:
    code = code_of(ada, AT)

    assert use(ada, f"{code[:3]} {code[3:]}")


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_off(ada: Organiser, steps: int) -> None:
    assert use(ada, code_of(ada, AT + steps * HALF_A_MINUTE))


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_clock_may_not_be_a_minute_off(ada: Organiser, steps: int) -> None:
    assert not use(ada, code_of(ada, AT + steps * HALF_A_MINUTE))


def test_an_earlier_code_does_not_work_after_a_later_one(ada: Organiser) -> None:
    earlier, later = code_of(ada, AT), code_of(ada, AT + HALF_A_MINUTE)

    assert use(ada, later)
    assert not use(ada, earlier)


@pytest.mark.parametrize("typed", ["", "abc", "１２３４５６", "000000000", "é" * 6])
def test_what_is_no_code_is_refused(ada: Organiser, typed: str) -> None:
    assert not use(ada, typed)


def test_an_authenticator_is_not_replaced_by_another_window(ada: Organiser) -> None:
    with transaction():
        assert not authenticators.enrol(ada, authenticators.new_secret(), 0)


def test_the_secret_is_sealed_in_the_database(ada: Organiser) -> None:
    assert ada.secret is not None
    assert ada.secret.encode() not in (ada.totp_secret or b"")


def test_an_offered_secret_comes_back_for_its_owner_only(ada: Organiser) -> None:
    offer = authenticators.offer(ada.id, "SECRET")

    assert authenticators.offered(ada.id, offer) == "SECRET"
    for organiser_id, text in ((ada.id + 1, offer), (ada.id, ""), (ada.id, "x.y"), (ada.id, "é.é")):
        with pytest.raises(OfferBroken):
            authenticators.offered(organiser_id, text)


def test_ten_recovery_codes_work_once_each() -> None:
    organiser = join()
    codes = enrol(organiser)

    assert len(set(codes)) == recovery_codes.left(organiser.id) == 10
    with transaction():
        assert recovery_codes.use(organiser.id, f" {codes[0].upper().replace('-', ' ')}", AT)
        assert not recovery_codes.use(organiser.id, codes[0], AT)
    assert recovery_codes.left(organiser.id) == 9


def test_a_recovery_code_is_its_owners_alone(ada: Organiser) -> None:
    codes = enrol(join(email="other@example.org"))
    with transaction():
        assert not recovery_codes.use(ada.id, codes[0], AT)
        assert not recovery_codes.use(ada.id, "", AT)


def test_new_recovery_codes_end_the_old_ones(ada: Organiser) -> None:
    with transaction():
        old = recovery_codes.renew(ada.id)
        new = recovery_codes.renew(ada.id)
        assert not recovery_codes.use(ada.id, old[0], AT)

    assert recovery_codes.are_all_of(ada.id, new)
    assert not recovery_codes.are_all_of(ada.id, old)
    assert not recovery_codes.are_all_of(ada.id, new[:9])
    session.remove()
