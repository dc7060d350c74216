"""Each mail is claimed by one worker; one that falls silent is relieved."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError

from petition.core.storage.database import session, transaction
from petition.outbox import actions, ceiling, claiming
from petition.outbox.actions import LONGEST_PAUSE, WORKER_SILENT_AFTER, Claim
from petition.outbox.models import MailState, OutboxMail
from petition.outbox.queries import a_worker_is_alive, waiting
from tests.factories import NOON, rows
from tests.outbox.mails import beat, claim, only_mail, post, to_write

MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)

pytestmark = pytest.mark.usefixtures("database")


def test_a_claimed_mail_opens_as_it_was_written() -> None:
    post("ana@example.org")

    [found] = claim("w1")

    assert found.message == to_write("ana@example.org").written()
    assert found.created_at == NOON


def test_no_other_worker_gets_what_a_living_one_has_claimed() -> None:
    post()
    beat("w1")
    beat("w2")

    assert len(claim("w1")) == 1
    assert claim("w2") == []


def test_a_worker_that_failed_over_a_mail_gets_it_again() -> None:
    post()
    beat("w1")

    assert [one.is_first for one in claim("w1")] == [True]
    assert [one.is_first for one in claim("w1")] == [False]


def test_the_mails_of_a_silent_worker_are_taken_over() -> None:
    post()
    beat("w1")
    assert len(claim("w1")) == 1
    later = NOON + WORKER_SILENT_AFTER
    beat("w2", later)

    assert claim("w2", later - timedelta(milliseconds=1)) == []
    assert len(claim("w2", later)) == 1


def test_the_mails_of_a_worker_that_left_are_free_at_once() -> None:
    post()
    beat("w1")
    claim("w1")
    with transaction():
        actions.leave("w1")

    assert len(claim("w2")) == 1


def test_many_workers_at_once_share_the_mails_out() -> None:
    people = [f"supporter{number}@example.org" for number in range(60)]
    for one in people:
        post(one)
    start = Barrier(6)

    def work(worker: str) -> list[str]:
        start.wait()
        beat(worker)
        found: list[str] = []
        while some := claim(worker, most=3):
            found += [one.message.to for one in some]
            with transaction():
                for one in some:
                    actions.sent([one], NOON)
        session.remove()
        return found

    with ThreadPoolExecutor(6) as pool:
        claimed = [to for found in pool.map(work, [f"w{n}" for n in range(6)]) for to in found]
    left = [one.message.to for one in claim("w0")]

    assert Counter(claimed + left) == Counter(people)


def test_a_mail_that_was_taken_keeps_no_content() -> None:
    post()
    [found] = claim("w1")
    with transaction():
        actions.sent([found], NOON)

    mail = only_mail()
    assert (mail.state, mail.content, mail.content_key) == (MailState.SENT, None, None)
    assert waiting() == 0
    assert claim("w1", NOON + timedelta(days=1)) == []


@pytest.mark.parametrize("refusal", ["", "550"])
def test_nothing_of_a_mail_that_is_over_is_found_in_a_mail_servers_log(refusal: str) -> None:
    post()
    beat("w1")
    [found] = claim("w1")
    assert only_mail().message_id == found.message_id
    with transaction():
        actions.refused(found, refusal, NOON) if refusal else actions.sent([found], NOON)

    assert only_mail().message_id == ""


def test_a_mail_without_content_can_wait_for_nothing() -> None:
    post()

    with pytest.raises(IntegrityError, match="content_until_sent"), transaction():
        session.query(OutboxMail).update({"content": None})


def put_off(found: Claim, at: object) -> None:
    with transaction():
        actions.postponed(found, "451", at, first_pause=MINUTE)  # type: ignore[arg-type]


def test_pauses_double_up_to_six_hours_and_end_after_seven_days() -> None:
    post()
    at, pauses = NOON, []
    while only_mail().state == MailState.QUEUED:
        [found] = claim("w1", at)
        put_off(found, at)
        due = only_mail().due_at
        pauses.append(due - at)
        at = max(due, at + MINUTE)

    assert pauses[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert max(pauses) == LONGEST_PAUSE
    mail = only_mail()
    assert mail.state == MailState.FAILED
    assert mail.content is None
    assert mail.finished_at is not None
    assert WEEK < mail.finished_at - NOON <= WEEK + LONGEST_PAUSE


def test_the_seven_days_do_not_run_while_a_mail_waits_untried() -> None:
    post()
    [found] = claim("w1", NOON + 2 * WEEK)
    put_off(found, NOON + 2 * WEEK)

    assert only_mail().state == MailState.QUEUED
    assert only_mail().due_at == NOON + 2 * WEEK + MINUTE


def test_a_mail_put_off_is_not_due_before_its_time() -> None:
    post()
    [found] = claim("w1")
    put_off(found, NOON)

    assert claim("w1", NOON + timedelta(seconds=59)) == []
    assert len(claim("w1", NOON + MINUTE)) == 1


def test_a_mail_given_back_untried_is_due_at_once_and_no_attempt() -> None:
    post()
    [found] = claim("w1")
    with transaction():
        actions.released([found])

    assert [one.attempts for one in claim("w1")] == [0]


End = Callable[[Claim], None]
ENDS: list[End] = [
    lambda found: actions.sent([found], NOON),
    lambda found: actions.refused(found, "550", NOON),
    lambda found: actions.postponed(found, "451", NOON, first_pause=MINUTE),
    lambda found: actions.wait_for_tomorrow(found, NOON),
    lambda found: actions.released([found]),
]


def taken_over() -> Claim:
    """Return a mail as a worker knows it that others have held for dead."""
    post()
    beat("w1")
    [found] = claim("w1")
    with transaction():
        actions.leave("w1")
    assert len(claim("w2")) == 1
    return found


@pytest.mark.parametrize("end", ENDS, ids=["sent", "refused", "put off", "tomorrow", "released"])
def test_what_a_worker_notes_that_others_held_for_dead_changes_nothing(
    end: End, caplog: pytest.LogCaptureFixture
) -> None:
    found = taken_over()
    with transaction():
        end(found)

    mail = only_mail()
    assert (mail.state, mail.claimed_by, mail.last_answer) == (MailState.SENDING, "w2", None)
    assert caplog.records[-1].getMessage() == "mails are no longer this worker's"


def test_a_mail_that_others_took_over_keeps_its_part_of_the_hours_ceiling() -> None:
    with transaction():
        actions.post(to_write(), origin="signature:1", at=NOON, unconfirmed=True)
    beat("w1")
    with transaction():
        [found] = claiming.claim("w1", NOON, most=1, ceiling=9)
        actions.leave("w1")
    with transaction():
        assert len(claiming.claim("w2", NOON, most=1, ceiling=9)) == 1
    left = ceiling.left(NOON, 9)
    with transaction():
        actions.released([found])

    assert ceiling.left(NOON, 9) == left < 9


@pytest.mark.parametrize("end", ENDS, ids=["sent", "refused", "put off", "tomorrow", "released"])
def test_what_is_noted_of_a_mail_that_is_sent_or_erased_meanwhile_rolls_nothing_back(
    end: End,
) -> None:
    first = taken_over()
    with transaction():
        actions.drop_mails("signature:1")
    second = taken_over()
    claimed = claim("w2")
    with transaction():
        actions.sent(claimed, NOON)
    post("bea@example.org", origin="signature:2")
    [third] = claim("w1")
    with transaction():
        end(first)
        end(second)
        actions.sent([third], NOON)

    assert {mail.state for mail in session.query(OutboxMail)} == {MailState.SENT}


def test_what_a_signature_caused_can_be_forgotten_in_any_state() -> None:
    post("ana@example.org", origin="signature:1")
    post("ana@example.org", origin="signature:1")
    post("bea@example.org", origin="signature:12")
    claim("w1", most=1)
    with transaction():
        actions.drop_mails("signature:1")

    assert only_mail().origin == "signature:12"


def test_rows_of_finished_mails_go_after_a_month() -> None:
    post()
    [found] = claim("w1")
    with transaction():
        actions.sent([found], NOON)
    with transaction():
        actions.purge(NOON + timedelta(days=30))
    assert rows(OutboxMail) == 1
    with transaction():
        actions.purge(NOON + timedelta(days=30, seconds=1))

    assert rows(OutboxMail) == 0


def test_a_mail_of_a_transaction_that_fails_is_never_there() -> None:
    def cause_and_fail() -> None:
        with transaction():
            actions.post(to_write(), origin="signature:1", at=NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        cause_and_fail()

    assert rows(OutboxMail) == 0


def test_a_worker_is_alive_while_it_beats() -> None:
    assert not a_worker_is_alive(NOON)
    beat("w1")

    assert a_worker_is_alive(NOON)
    assert not a_worker_is_alive(NOON + WORKER_SILENT_AFTER)
    assert not a_worker_is_alive(NOON - WEEK)  # the clock went back
