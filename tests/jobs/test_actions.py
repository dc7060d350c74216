"""A job is one worker's at a time, and whoever lost it can note nothing of it any more."""

from datetime import timedelta

import pytest

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.jobs import actions as jobs
from petition.jobs.actions import MOST_CLAIMS, Claim, NoLongerOurs
from petition.jobs.models import Job, JobFailure, JobState
from petition.outbox import actions as outbox
from tests.factories import make_organiser

pytestmark = pytest.mark.usefixtures("database")
KIND = "count"


def ask() -> int:
    """Ask for a job; return its number."""
    organiser = make_organiser().id
    with transaction():
        return jobs.ask(KIND, organiser, now()).id


def claim(worker: str) -> Claim | None:
    """Let a worker that is alive ask for a job."""
    with transaction():
        outbox.beat(worker, now())
        return jobs.claim(worker, [KIND], now())


def claimed(worker: str) -> Claim:
    """Let a worker have a job."""
    found = claim(worker)
    assert found is not None
    return found


def die(worker: str) -> None:
    """Let a worker be silent from now on."""
    with transaction():
        outbox.leave(worker)


def job(number: int) -> Job:
    """Return a job as it is now."""
    found = session.get_one(Job, number, populate_existing=True)
    session.commit()
    return found


def test_jobs_are_done_in_their_order_each_by_one_worker() -> None:
    first, second = ask(), ask()

    assert (claimed("one").id, claimed("two").id) == (first, second)
    assert claim("three") is None


def test_a_worker_takes_only_what_it_knows_how_to_do() -> None:
    ask()

    with transaction():
        assert jobs.claim("one", ["another"], now()) is None
        assert jobs.claim("one", [], now()) is None


def test_how_far_it_is_can_be_seen() -> None:
    number = ask()
    ours = claimed("one")
    with transaction():
        jobs.note(ours, 3, 10)

    seen = job(number)
    assert (seen.state, seen.steps_done, seen.steps) == (JobState.RUNNING, 3, 10)


def test_the_job_of_a_dead_worker_is_begun_again_from_its_beginning() -> None:
    number = ask()
    lost = claimed("one")
    with transaction():
        jobs.note(lost, 3, 10)
    assert claim("two") is None
    die("one")

    again = claimed("two")
    assert (again.id, again.number, job(number).steps_done) == (number, 2, 0)


@pytest.mark.parametrize("step", ["note", "finish", "fail", "give_back"])
def test_who_was_held_for_dead_can_note_nothing_any_more(step: str) -> None:
    number = ask()
    lost = claimed("one")
    die("one")
    claimed("two")

    verbs = {
        "note": lambda: jobs.note(lost, 9, 10),
        "finish": lambda: jobs.finish(lost, now()),
        "fail": lambda: jobs.fail(lost, JobFailure.FAULT, now()),
        "give_back": lambda: jobs.give_back(lost),
    }
    with pytest.raises(NoLongerOurs), transaction():
        verbs[step]()
    assert (job(number).state, job(number).claimed_by) == (JobState.RUNNING, "two")


def test_a_worker_goes_on_with_what_it_left_over_and_that_is_no_new_beginning() -> None:
    ask()
    first = claimed("one")

    assert claimed("one") == first


def test_a_job_over_which_workers_die_is_given_up() -> None:
    number = ask()
    for life in range(MOST_CLAIMS):
        claimed(f"worker {life}")
        die(f"worker {life}")

    assert claim("the next") is None
    assert (job(number).state, job(number).failure) == (JobState.FAILED, JobFailure.LOST)


def test_what_is_given_back_in_good_order_counts_as_not_begun() -> None:
    number = ask()
    for life in range(2 * MOST_CLAIMS):
        ours = claimed(f"worker {life}")
        with transaction():
            jobs.give_back(ours)

    assert (job(number).state, job(number).claims) == (JobState.WAITING, 0)


def test_a_cancelled_job_is_begun_by_nobody_and_its_worker_learns_of_it() -> None:
    waiting, running = ask(), ask()
    with transaction():
        assert jobs.cancel(waiting, now())
    ours = claimed("one")
    assert ours.id == running
    with transaction():
        assert jobs.cancel(running, now())

    with pytest.raises(NoLongerOurs), transaction():
        jobs.note(ours, 1, 2)
    assert claim("two") is None


def test_what_has_ended_cannot_be_cancelled() -> None:
    number = ask()
    ours = claimed("one")
    with transaction():
        jobs.finish(ours, now())

    with transaction():
        assert not jobs.cancel(number, now() + timedelta(seconds=1))
    assert job(number).state == JobState.DONE
