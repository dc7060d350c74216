"""The whole way of one supporter, and what it costs in processor time: web, worker and database.

Page, post, mail, the page behind its link, confirming, receipt. Nothing is known of the product but
its addresses and its mails, so that an older checkout can go the same way beside the present one.
"""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine, text

from bench.load import Job
from bench.plan import Plan
from bench.postgres import Postgres
from bench.rounds import ask, spent_by
from bench.servers import ROOT, make_product
from bench.supporters import FILLING_IN, TOKEN, Side, get, post, sign_posts, turned

LINK = re.compile(r"https?://\S+?(/en/confirm/[\w-]+)")
LOCATION = r"\r\n[Ll]ocation: (?:https?://[^/\r]+)?(/[^\r]+)"
MOST_SECONDS = 120.0
UNFINISHED = text(
    "SELECT EXISTS (SELECT 1 FROM outbox_mail WHERE state IN ('queued', 'sending'))"
    " OR EXISTS (SELECT 1 FROM tally_entry)"
)


class WayLost(RuntimeError):
    """Somebody did not arrive: nothing that was measured of this way counts."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one supporter's way cost, in milliseconds of processor time."""

    web: float
    worker: float
    database: float
    """0 where it works within the other two: SQLite."""

    @property
    def whole(self) -> float:
        """All of it."""
        return self.web + self.worker + self.database


@dataclass(slots=True)
class Way:
    """The ways that supporters went on one install, round by round."""

    words: str
    side: Side
    database_pid: int | None
    is_product: bool = True
    rounds: list[Cost] = field(default_factory=list)

    def go(self, plan: Plan, turn: int) -> None:
        """Let the plan's supporters go it once. Raises WayLost."""
        before = spent_by(self.side.server, self.database_pid)
        if self.is_product:
            _go(self.side, plan.way_supporters, f"way-{turn}", plan.clients)
        else:
            _go_floor(self.side, plan.way_supporters, plan.clients)
        after = spent_by(self.side.server, self.database_pid)
        each = 1000 / plan.way_supporters
        self.rounds.append(Cost(*((b - a) * each for a, b in zip(before, after, strict=True))))

    def middle(self) -> Cost:
        """Return the median round."""
        return sorted(self.rounds, key=lambda cost: cost.whole)[len(self.rounds) // 2]

    def times(self, other: "Way") -> float:
        """Return how many times as much as `other` it costs: the median of the turns."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(one.whole / two.whole for one, two in pairs)


def ways(
    plan: Plan, postgres: Postgres, floor: Side, state: Path, before: Path | None
) -> list[Way]:
    """Return the ways of this checkout, of the one in `before`, and the floor's, all gone."""
    roots = [("now", ROOT), *([("before", before)] if before else [])]
    with ExitStack() as ends:
        found = []
        for words, root in roots:
            for kind in ("PostgreSQL", "SQLite"):
                side = ends.enter_context(_install(f"{words}_{kind}", root, kind, postgres, state))
                pid = postgres.pid if kind == "PostgreSQL" else None
                found.append(Way(f"{words}, {kind}", side, pid))
        found.append(Way("floor, PostgreSQL", floor, postgres.pid, is_product=False))
        for turn in range(plan.way_rounds + 1):
            for way in turned(found, turn):
                way.go(plan, turn)
        for way in found:
            way.rounds.pop(0)  # it warms up
    return found


@contextmanager
def _install(name: str, root: Path, kind: str, postgres: Postgres, state: Path) -> Iterator[Side]:
    """Yield a running install of a checkout, its worker at work, on a database of its own."""
    folder = state / name
    url = f"sqlite:///{folder / 'petition.sqlite3'}"
    if kind == "PostgreSQL":
        url = postgres.make_database(f"petition_bench_{name}".lower())
    server = make_product(folder, url, root)
    try:
        server.start()
        server.start_worker()
        yield Side(name, server, "/en/petitions/answer-each-others-lists", 'name="organiser_mail"')
    finally:
        server.stop()
        if kind == "PostgreSQL":
            postgres.drop_database(f"petition_bench_{name}".lower())


def _go(side: Side, count: int, label: str, clients: int) -> None:
    """Let `count` supporters go the whole way, and the worker finish what they gave it to do."""
    mailbox = side.server.folder / "mailbox"
    read = set(mailbox.glob("[!.]*.eml"))
    forms = _asked(side, clients, [get(side.path)] * count, "200", side.marker, TOKEN)
    time.sleep(FILLING_IN)
    posts = list(sign_posts(side, label, forms))
    _asked(side, clients, posts, "200", "Check your inbox")
    links = _mailed_links(mailbox, read, count)
    _asked(side, clients, [get(link) for link in links], "200", "Confirm your signature")
    presses = [post(link, "") for link in links]
    receipts = _asked(side, clients, presses, "303", "/en/manage/", LOCATION)
    _asked(side, clients, [get(path) for path in receipts], "200", "Thank you")
    _finished(side.server.url)


def _go_floor(side: Side, count: int, clients: int) -> None:
    """Let `count` people go as far on the floor: three pages, two posts."""
    page, press = [get(side.path)] * count, [post(side.path, "name=Nadia&email=n%40example.org")]
    for requests, marker in ((page, side.marker), (press * count, "Thank you")) * 2:
        _asked(side, clients, requests, "200", marker)
    _asked(side, clients, page, "200", side.marker)


def _asked(
    side: Side, clients: int, requests: list[str], status: str, marker: str, collect: str = ""
) -> list[str]:
    """Ask each once and return what was collected. Raises WayLost at one wrong answer."""
    job = Job(side.server.port, requests, clients, MOST_SECONDS, status, marker, collect)
    seen = ask(job)
    if seen.bad or seen.good != len(requests) or (collect and len(seen.collected) != seen.good):
        raise WayLost(f"{side.name}: {seen.good} of {len(requests)}; {seen.samples}")
    return seen.collected


def _mailed_links(mailbox: Path, read: set[Path], count: int) -> list[str]:
    """Wait for `count` mails besides those that were read, and return their links."""
    links: list[str] = []
    deadline = time.monotonic() + MOST_SECONDS
    while len(links) < count:
        if time.monotonic() > deadline:
            raise WayLost(f"{len(links)} of {count} links came by mail.")
        time.sleep(0.2)
        for file in set(mailbox.glob("[!.]*.eml")) - read:
            read.add(file)
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            links += LINK.findall(body.get_content() if body else "")[:1]
    return links


def _finished(url: str) -> None:
    """Wait until no mail and no tally waits for the worker."""
    engine = create_engine(url)
    deadline = time.monotonic() + MOST_SECONDS
    while True:
        with engine.connect() as connection:
            if not connection.scalar(UNFINISHED):
                break
        if time.monotonic() > deadline:
            raise WayLost("The worker does not come to its end.")
        time.sleep(0.2)
    engine.dispose()
