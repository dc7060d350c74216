"""What runs during the measurements: databases that are filled, servers, workers, the floor."""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import floor
from bench.fill import Target, fill, find_target
from bench.plan import QUICK, Plan
from bench.postgres import Postgres
from bench.processes import wait_until_idle
from bench.rounds import ask
from bench.servers import Server, make_product
from bench.supporters import Side, Supporters
from petition.core.clock import now
from petition.core.keyring import sealing
from petition.core.keyring.keys import KeyFile
from petition.core.storage import database
from petition.jobs.files import drop_all
from petition.outbox.queries import a_worker_is_alive

SLUG = "answer-each-others-lists"
PAGE = f"/en/petitions/{SLUG}"


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs during the measurements."""

    few: Side
    many: Side
    floor: Side
    hello: Side
    anew: Side
    fill_seconds: float


@contextmanager
def staged(plan: Plan, postgres: Postgres, state: Path) -> Iterator[Stage]:
    """Fill the databases and start the servers; end and drop all of it."""
    with ExitStack() as ends:
        few, _ = filled(plan.few, postgres, state, ends)
        many, seconds = filled(plan.many, postgres, state, ends)
        size, programs = page_bytes(few), (("application", "A petition"), ("hello", "Hello"))
        sides = [floor_side(*program, size, postgres, state, ends) for program in programs]
        yield Stage(few, many, sides[0], sides[1], keeping_none(many, ends), seconds)


def keeping_none(side: Side, ends: ExitStack) -> Side:
    """Return the product on the same install, with no page kept."""
    folder, url = side.server.folder, side.server.url
    server = Server(folder, url, "bench.anew:application()", ready_at="/healthz")
    ends.callback(server.stop)
    server.start()
    return Side("anew", server, side.path, side.marker)


def floor_side(
    name: str, marker: str, page_size: int, postgres: Postgres, state: Path, ends: ExitStack
) -> Side:
    """Return a program of the floor, with a database of its own and pages of this size."""
    url = postgres.make_database(f"petition_bench_floor_{name}")
    ends.callback(postgres.drop_database, f"petition_bench_floor_{name}")
    floor.prepare(url)
    (state / name).mkdir()
    extra = {"BENCH_PAGE_BYTES": str(page_size)}
    server = Server(state / name, url, f"bench.floor:{name}()", extra=extra)
    ends.callback(server.stop)
    server.start()
    return Side(name, server, "/", marker)


def filled(count: int, postgres: Postgres, state: Path, ends: ExitStack) -> tuple[Side, float]:
    """Return the product, serving a petition with `count` signatures, and how long filling took."""
    say(f"Filling in {count:,} signatures ...")
    name = f"petition_bench_{count}"
    url = postgres.make_database(name)
    ends.callback(postgres.drop_database, name)
    instance = state / str(count)
    instance.mkdir(mode=0o700)
    shutil.copy(state / "keys.json", instance)
    server = make_product(instance, url)
    ends.callback(server.stop)
    target: Target = find_target(url, SLUG)
    started = time.monotonic()
    fill(target, count)
    seconds = time.monotonic() - started
    server.start()
    return Side(f"{count:,}", server, PAGE, 'name="organiser_mail"', target), seconds


@contextmanager
def worker_at_rest(side: Side) -> Iterator[int]:
    """Run a worker that has done what it begins with; yield its process. No file of it stays."""
    side.server.start_worker()
    while not a_worker_is_alive(now()):
        database.session.remove()
        time.sleep(0.1)
    assert side.server.worker is not None
    wait_until_idle(side.server.worker.pid)
    yield side.server.worker.pid
    side.server.stop_worker()
    with database.transaction():
        drop_all()
    database.dispose()


def page_bytes(side: Side) -> int:
    """Return how large the product's page is."""
    return ask(Supporters(QUICK, None).page_job(side, 0.5)).body_bytes


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a folder for the installs with the keys that all of them use."""
    with tempfile.TemporaryDirectory(prefix="petition-bench-") as name:
        keys = KeyFile(Path(name) / "keys.json")
        keys.create_if_missing()
        sealing.configure(keys)
        yield Path(name)


def say(words: str) -> None:
    """Tell whoever waits what is going on."""
    print(words, file=sys.stderr, flush=True)
