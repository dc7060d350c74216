"""What strangers can fill has a ceiling."""

from datetime import UTC, datetime, timedelta

import pytest

from petition.audit.acts import Act
from petition.audit.noting import FAILURES_AN_HOUR, note_failure
from petition.core.storage.database import transaction
from tests.architecture.sources import product_files
from tests.audit.reading import noted

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def fail(organiser_id: int | None, minutes: float = 0, act: Act = Act.LOGIN_FAILED) -> None:
    with transaction():
        note_failure(act, organiser_id, AT + timedelta(minutes=minutes))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("organiser_id", [None, 7])
def test_failures_are_noted_up_to_a_number_in_an_hour_and_the_last_says_so(
    organiser_id: int | None,
) -> None:
    for _ in range(FAILURES_AN_HOUR + 3):
        fail(organiser_id)
    assert [about for *_, about in noted()] == [{}] * (FAILURES_AN_HOUR - 1) + [{"more": 1}]
    fail(organiser_id, minutes=61)

    assert len(noted()) == FAILURES_AN_HOUR + 1


@pytest.mark.usefixtures("database")
def test_noise_at_one_login_hides_nothing_at_another_or_of_another_kind() -> None:
    for _ in range(FAILURES_AN_HOUR + 3):
        fail(None)
        fail(7)
    fail(8)
    fail(7, act=Act.CODE_REFUSED)

    assert len(noted()) == 2 * FAILURES_AN_HOUR + 2


def test_every_act_is_noted_somewhere_and_has_a_sentence_of_its_own() -> None:
    written = "".join(path.read_text("utf-8") for path in product_files())

    assert [act for act in Act if f"Act.{act.name}" not in written] == []
    assert len({act.sentence for act in Act}) == len(Act)
