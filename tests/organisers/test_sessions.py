"""Sessions end after half an hour without a click, after eight hours, and when told to."""

from datetime import UTC, datetime, timedelta

import pytest

from petition.core.storage.database import session, transaction
from petition.organisers import invitations, sessions
from petition.organisers.models import Organiser, OrganiserSession
from tests.organisers.people import join

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def ada() -> Organiser:
    return join()


def begin(organiser: Organiser, at: datetime = AT) -> str:
    with transaction():
        return sessions.begin(organiser.id, at, second_factor=True)


def opens(token: str, at: datetime) -> bool:
    session.expire_all()
    return sessions.find(token, at) is not None


def click(token: str, at: datetime) -> None:
    session.expire_all()
    found = sessions.find(token, at)
    assert found is not None
    with transaction():
        sessions.note_seen(found[0], at)


def test_a_session_ends_half_an_hour_after_the_last_click(ada: Organiser) -> None:
    token = begin(ada)
    click(token, AT + 29 * MINUTE)

    assert opens(token, AT + 58 * MINUTE)
    assert not opens(token, AT + 59 * MINUTE)


def test_a_session_ends_after_eight_hours_however_busy(ada: Organiser) -> None:
    token = begin(ada)
    for minutes in range(0, 480, 20):
        click(token, AT + minutes * MINUTE)

    assert opens(token, AT + 479 * MINUTE)
    assert not opens(token, AT + 480 * MINUTE)


def test_a_page_within_a_minute_writes_nothing(ada: Organiser) -> None:
    found = sessions.find(begin(ada), AT)

    assert found is not None
    assert not sessions.needs_noting(found[0], AT + timedelta(seconds=59))
    assert sessions.needs_noting(found[0], AT + MINUTE)


def test_the_token_is_not_in_the_database(ada: Organiser) -> None:
    token = begin(ada)

    assert token.encode() not in {row.token_hash for row in session.query(OrganiserSession)}
    assert not opens("unknown", AT)
    assert not opens("", AT)


def test_a_session_is_rotated_when_the_second_step_is_behind(ada: Organiser) -> None:
    with transaction():
        first = sessions.begin(ada.id, AT)
        found = sessions.find(first, AT)
        assert found is not None
        second = sessions.rotate(found[0], AT)

    assert not opens(first, AT)
    whole = sessions.find(second, AT)
    assert whole is not None
    assert whole[0].second_factor


def test_a_session_that_was_ended_does_not_come_back_as_another(ada: Organiser) -> None:
    with transaction():
        found = sessions.find(sessions.begin(ada.id, AT), AT)
        assert found is not None
        sessions.end_all(ada.id, AT)
    with pytest.raises(sessions.SessionEnded), transaction():
        sessions.rotate(found[0], AT)

    assert sessions.live(ada.id, AT) == []


def test_nobody_ends_the_session_of_somebody_else(ada: Organiser) -> None:
    eve = join(email="eve@example.org")
    token = begin(ada)
    [visit] = sessions.live(ada.id, AT)
    with transaction():
        sessions.end(eve.id, visit.token_hash, AT)
    assert opens(token, AT)

    with transaction():
        sessions.end(ada.id, visit.token_hash, AT)
    assert not opens(token, AT)


def test_all_sessions_end_at_once_and_only_ones_own(ada: Organiser) -> None:
    eve = join(email="eve@example.org")
    mine, mine_too, hers = begin(ada), begin(ada), begin(eve)
    with transaction():
        sessions.end_all(ada.id, AT)

    assert [opens(token, AT) for token in (mine, mine_too, hers)] == [False, False, True]


def test_a_disabled_organiser_is_out_at_once(ada: Organiser) -> None:
    token = begin(ada)
    with transaction():
        invitations.disable(ada, AT)

    assert not opens(token, AT)


def test_sessions_that_open_nothing_are_deleted(ada: Organiser) -> None:
    begin(ada)
    kept = begin(ada, AT + 40 * MINUTE)
    with transaction():
        sessions.purge(AT + 45 * MINUTE)

    assert session.query(OrganiserSession).count() == 1
    assert opens(kept, AT + 45 * MINUTE)
