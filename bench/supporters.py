"""What supporters do, round by round on each server in turn: read the page, sign, confirm."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

import psycopg

from bench.fill import Target, add_pending
from bench.load import Job
from bench.plan import Plan
from bench.postgres import plain
from bench.rounds import Round, Series, ask, measure, spent_by
from bench.servers import Server

TOKEN = r'name="token"[^>]*value="([^"]+)"'
FILLING_IN = 2.2
"""Seconds that a form stays open: sooner, the product takes its sender for a program."""
WARMING_UP = 1.0
MOST_DRAIN_SECONDS = 60.0
Turning = TypeVar("Turning")


@dataclass(slots=True)
class Side:
    """One server in the comparison and what was seen on it."""

    name: str
    server: Server
    path: str = "/"
    marker: str = ""
    """Stands in its page."""
    target: Target | None = None
    """What is signed; absent where the program is not the product."""
    series: dict[str, Series] = field(default_factory=dict)

    def note(self, what: str, seen: Round) -> None:
        """Keep a round."""
        self.series.setdefault(what, Series()).rounds.append(seen)


@dataclass(frozen=True, slots=True)
class Supporters:
    """The load of supporters, as the plan has it."""

    plan: Plan
    database_pid: int | None

    def read(self, sides: list[Side]) -> None:
        """Fetch the page over and over."""
        for side in sides:
            ask(self.page_job(side, WARMING_UP))
        for turn in range(self.plan.page_rounds):
            for side in turned(sides, turn):
                job = self.page_job(side, self.plan.page_seconds)
                side.note("page", measure(side.server, self.database_pid, job))

    def sign(self, sides: list[Side], what: str) -> None:
        """Post the form, each time from a browser that fetched the page before."""
        for turn in range(self.plan.post_rounds):
            for side in turned(sides, turn):
                tokens = self._fetch_forms(side)
                time.sleep(FILLING_IN)
                posts = list(sign_posts(side, f"{what.partition(' ')[0]}-{turn}", tokens))
                before = _highest(side)
                seen = measure(side.server, self.database_pid, self._post_job(side, posts))
                side.note(what, seen)
                drain(side)
                side.series[what].wrong_rows += _rows_off(side, before, seen.good)

    def confirm(self, sides: list[Side]) -> None:
        """Press the button behind the link of a mail."""
        for turn in range(self.plan.post_rounds):
            for side in turned(sides, turn):
                assert side.target is not None
                label = f"confirm-{turn}"
                tokens = add_pending(side.target, label, self.plan.most_posts)
                posts = [post(f"/en/confirm/{token}", "") for token in tokens]
                before = _confirmed(side.target)
                job = self._job(side, posts, self.plan.post_seconds, "303", "/en/manage/")
                seen = measure(side.server, self.database_pid, job)
                side.note("confirm", seen)
                added = _confirmed(side.target) - before
                side.series["confirm"].wrong_rows += abs(added - seen.good)
                drain(side)

    def _fetch_forms(self, side: Side) -> list[str]:
        request = get(side.path)
        job = Job(
            port=side.server.port,
            requests=[request] * self.plan.most_posts,
            clients=self.plan.clients,
            seconds=60.0,
            status="200",
            marker=side.marker,
            collect=TOKEN if side.target else "(<!doctype html>)",
            reuse=True,
        )
        return ask(job).collected

    def page_job(self, side: Side, seconds: float) -> Job:
        """Return the load that fetches the page of `side`."""
        return Job(
            port=side.server.port,
            requests=[get(side.path)],
            clients=self.plan.clients,
            seconds=seconds,
            status="200",
            marker=side.marker,
            reuse=True,
        )

    def _post_job(self, side: Side, posts: list[str]) -> Job:
        marker = "Check your inbox" if side.target else "Thank you"
        return self._job(side, posts, self.plan.post_seconds, "200", marker)

    def _job(self, side: Side, posts: list[str], seconds: float, status: str, marker: str) -> Job:
        return Job(
            port=side.server.port,
            requests=posts,
            clients=self.plan.clients,
            seconds=seconds,
            status=status,
            marker=marker,
        )


def turned(sides: list[Turning], turn: int) -> list[Turning]:
    """Return the sides in an order that changes from turn to turn: none is always first."""
    by = turn % len(sides)
    return sides[by:] + sides[:by]


def sign_posts(side: Side, label: str, tokens: list[str]) -> Iterator[str]:
    """Yield a post for each form that was fetched, every one from another address."""
    for number, token in enumerate(tokens):
        typed = {
            "name": f"Supporter Number {number}",
            "email": f"{label}-{number}@example.org",
            "country": "CA",
            "visibility": "private",
            "organiser_mail": "no",
            "reason": "",
            "website": "",
            "token": token,
        }
        yield post(side.path, urlencode(typed))


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What waited for a worker, and how one has taken it in."""

    arrivals: int
    rate: float
    """So many in a second, from the first batch to the last."""
    worker_ms: float
    """Processor time of the worker for each, in milliseconds; what it mails meanwhile included."""


def take_in(side: Side) -> TakenIn:
    """Start the worker and see how it takes in all that has arrived without one."""
    assert side.target is not None
    seen: list[tuple[float, int]] = []
    before = 0.0
    side.server.start_worker()
    with psycopg.connect(plain(side.target.url), autocommit=True) as connection:
        deadline = time.monotonic() + MOST_DRAIN_SECONDS
        while (not seen or seen[-1][1]) and time.monotonic() < deadline:
            row = connection.execute("SELECT count(*) FROM arrival").fetchone()
            assert row is not None
            seen.append((time.monotonic(), int(row[0])))
            if len(seen) > 1 and seen[-1][1] == seen[0][1]:
                seen.pop(0)  # it has not begun
                before = spent_by(side.server, None)[1]
            time.sleep(0.02)
    (began_at, waited), (ended_at, left) = seen[0], seen[-1]
    if left or waited < 2:
        raise RuntimeError(f"{left} of {waited} arrivals wait still.")
    spent = spent_by(side.server, None)[1] - before
    return TakenIn(waited, waited / (ended_at - began_at), spent * 1000 / waited)


def drain(side: Side) -> None:
    """Wait until the worker has taken in the round and sent its mail: no other pays for it."""
    if side.target is None or side.server.worker is None:
        return
    deadline = time.monotonic() + MOST_DRAIN_SECONDS
    with psycopg.connect(plain(side.target.url), autocommit=True) as connection:
        waiting = (
            "SELECT EXISTS (SELECT FROM outbox_mail WHERE state IN ('queued', 'sending')) "
            "OR EXISTS (SELECT FROM arrival) OR EXISTS (SELECT FROM tally_entry)"
        )
        while time.monotonic() < deadline:
            row = connection.execute(waiting).fetchone()
            if row is not None and not row[0]:
                return
            time.sleep(0.2)


def _highest(side: Side) -> tuple[int, int]:
    """Return the highest numbers of what a post writes."""
    tables = _tables(side)
    with psycopg.connect(plain(side.server.url)) as connection:
        found = [
            connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
            for table in tables
        ]
    person, mail = (row[0] for row in found if row)
    return person, mail


def _tables(side: Side) -> tuple[str, str]:
    """Return two tables in which each post leaves a row, once what follows it is done."""
    if side.target is None:
        return "floor_person", "floor_mail"
    if side.server.worker is None:
        return "arrival", "arrival"
    return "signature", "outbox_mail"


def _rows_off(side: Side, before: tuple[int, int], good: int) -> int:
    """Return by how many rows the database differs from `good` posts."""
    queries = [
        (f"SELECT count(*) FROM {table} WHERE id > %s", above)
        for table, above in zip(_tables(side), before, strict=True)
    ]
    if side.server.worker is not None:
        queries.append(("SELECT count(*) FROM mailed_link WHERE signature_id > %s", before[0]))
    off = 0
    with psycopg.connect(plain(side.server.url)) as connection:
        for query, above in queries:
            row = connection.execute(query, [above]).fetchone()
            assert row is not None
            off += abs(row[0] - good)
    return off


def _confirmed(target: Target) -> int:
    with psycopg.connect(plain(target.url)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM signature WHERE state = 'confirmed'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def get(path: str) -> str:
    """Return a whole request for a page."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\n\r\n"


def post(path: str, body: str) -> str:
    """Return a whole request as a browser sends a form."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\n"
        "Sec-Fetch-Site: same-origin\r\nConnection: close\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
