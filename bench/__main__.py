"""`python -m bench`: measure everything, print the tables, write RESULTS.md."""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench import desk, exporting, floor, letters, machine, report
from bench.export_report import Exports
from bench.exporting import Files
from bench.fill import Target, fill, find_target, settle
from bench.plan import FULL, QUICK, Plan
from bench.postgres import SETTINGS, Postgres, running_postgres
from bench.processes import wait_until_idle
from bench.rounds import Series, ask
from bench.servers import Server, make_product
from bench.supporters import Side, Supporters, drain, take_in
from bench.visits import Visits
from bench.way import Way, ways
from petition.core.clock import now
from petition.core.keyring import sealing
from petition.core.keyring.keys import KeyFile
from petition.core.storage import database
from petition.jobs.files import drop_all
from petition.outbox.queries import a_worker_is_alive

SLUG = "answer-each-others-lists"
PAGE = f"/en/petitions/{SLUG}"
RESULTS = Path(__file__).parent / "RESULTS.md"


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs during the measurements."""

    few: Side
    many: Side
    floor: Side
    hello: Side
    anew: Side
    fill_seconds: float


def main() -> int:
    """Run the measurements; 1 when an answer or a row was wrong."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["letters", "desk", "exports"], help="only this")
    parser.add_argument(
        "--before", type=Path, metavar="CHECKOUT", help="measure an older one's whole way beside"
    )
    parser.add_argument(
        "--ten-million", action="store_true", help="of the desk: the chores at so many, too"
    )
    parser.add_argument("--quick", action="store_true", help="small numbers; writes no file")
    asked = parser.parse_args()
    if asked.what == "letters":
        return letters.main(*((1_000, 1) if asked.quick else (10_000, 3)))
    plan = QUICK if asked.quick else FULL
    if asked.ten_million:
        plan = replace(plan, more=10 * plan.many)
    if asked.what == "desk":
        return at_the_desk(plan)
    if asked.what == "exports":
        return exports_alone(plan)
    started = time.monotonic()
    with running_postgres() as postgres, folder() as state:
        settings = postgres.settings()
        with staged(plan, postgres, state) as stage:
            gone = partial(ways, plan, postgres, stage.floor, state, asked.before)
            results = measured(plan, stage, postgres.pid, gone)
    text = document(results, settings, time.monotonic() - started)
    print(text)
    if not plan.is_quick:
        RESULTS.write_text(text, encoding="utf-8")
    return int(not all(aim.is_met for aim in report.aims(results) if aim.bound == 0))


def at_the_desk(plan: Plan) -> int:
    """Measure what organisers open and what a worker does once an hour; print and keep it."""
    with running_postgres() as postgres, folder() as state, ExitStack() as ends:
        settings = postgres.settings()
        side, _ = filled(plan.many, postgres, state, ends)
        assert side.target is not None
        say(f"Filling in {plan.letters:,} letters ...")
        desk.fill_letters(side.server.url, plan.letters)
        beside = floor_side("application", "A petition", page_bytes(side), postgres, state, ends)
        say("Pages and chores ...")
        opened = desk.pages(side.server, beside.server, side.target, plan.desk_turns)
        tidied = {plan.many: desk.chores(side.server, plan.desk_turns)}
        if plan.more:
            more, _ = filled(plan.more, postgres, state, ends)
            desk.fill_letters(more.server.url, plan.letters)
            say("Chores ...")
            tidied[plan.more] = desk.chores(more.server, plan.desk_turns)
    text = desk.written(opened, tidied, settings, plan)
    print(text)
    if not plan.is_quick:
        desk.RESULTS.write_text(text, encoding="utf-8")
    return 0


def exports_alone(plan: Plan) -> int:
    """Measure exports and nothing else, and print it; 1 where an aim is missed."""
    with running_postgres() as postgres, folder() as state, ExitStack() as ends:
        postgres.settings()
        side, _ = filled(plan.many, postgres, state, ends)
        seen = export_rounds(plan, side, postgres.pid)
    print(seen.table(), report.verdicts(seen.aims()), sep="\n\n")
    return int(not all(aim.is_met for aim in seen.aims()))


def measured(
    plan: Plan, stage: Stage, database_pid: int | None, go: Callable[[], list[Way]]
) -> report.Results:
    """Take every measurement, the export first: then the large database has its exact size."""
    supporters = Supporters(plan, database_pid)
    exports = export_rounds(plan, stage.many, database_pid)
    say("The page ...")
    supporters.read([stage.few, stage.many, stage.floor, stage.hello])
    say("The pages around the posts ...")
    Visits(supporters, stage.many, stage.anew, stage.floor).measure()
    say("Signing, workers at rest ...")
    supporters.sign([stage.many, stage.floor], report.AT_REST)
    taken = take_in(stage.many)
    stage.few.server.start_worker()
    for side in (stage.few, stage.many):
        drain(side)
    say("Signing ...")
    supporters.sign([stage.few, stage.many, stage.floor], "sign")
    say("Confirming ...")
    supporters.confirm([stage.few, stage.many])
    tally = " ".join(side.server.command("tally", "check") for side in (stage.few, stage.many))
    for side in (stage.few, stage.many):
        side.server.stop()
    say("The whole way ...")
    return report.Results(
        plan=plan,
        few=stage.few.series,
        many=stage.many.series,
        floor=stage.floor.series,
        hello=stage.hello.series.get("page", Series()),
        exports=exports,
        ways=go(),
        taken=taken,
        fill_seconds=stage.fill_seconds,
        tally=tally,
    )


def export_rounds(plan: Plan, side: Side, database_pid: int | None) -> Exports:
    """Export and download in turn with the two ceilings; nothing of it stays."""
    say("The export ...")
    assert side.target is not None
    desk = exporting.sit_down(side.server, side.target, SLUG, plan.many, database_pid)
    side.server.start_worker()
    while not a_worker_is_alive(now()):
        database.session.remove()
        time.sleep(0.1)
    assert side.server.worker is not None
    wait_until_idle(side.server.worker.pid)
    export, download, loop, copy = Files([]), Files([]), Files([]), Files([])
    for _ in range(plan.export_rounds):
        for files, taken in zip((export, download), desk.export(), strict=True):
            files.rounds.append(taken)
        for files, kind in ((loop, "loop"), (copy, "copy")):
            files.rounds.append(exporting.ceiling(kind, side.target, plan.many, database_pid))
    side.server.stop_worker()
    with database.transaction():
        drop_all()
    database.dispose()
    settle(side.target.url)
    return Exports(plan.many, export, download, loop, copy)


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


def document(results: report.Results, settings: dict[str, str], seconds: float) -> str:
    """Return the whole of RESULTS.md."""
    plan = results.plan
    database_line = ", ".join(f"{n} {v}" for n, v in settings.items() if n in SETTINGS)
    notes = (Path(__file__).parent / "method.md").read_text("utf-8")
    facts = [
        *machine.described(),
        f"PostgreSQL {settings['server_version']}, {settings['origin']}: {database_line}",
        (
            f"page: {results.many['page'].rounds[0].body_bytes:,} bytes, the floor's "
            f"{results.floor['page'].rounds[0].body_bytes:,}; rounds: page {plan.page_rounds} × "
            f"{plan.page_seconds:g} s, posts {plan.post_rounds} × {plan.post_seconds:g} s, "
            f"exports {plan.export_rounds}; {plan.clients} clients"
        ),
        (
            f"filling in {plan.many:,} took {results.fill_seconds:.0f} s, the whole run "
            f"{seconds / 60:.1f} min; afterwards: {results.tally}"
        ),
    ]
    parts = [
        f"# What was measured on {datetime.now(UTC):%d %B %Y}",
        "\n".join(f"- {fact}" for fact in facts),
        "## The aims",
        report.verdicts(report.aims(results)),
        "## Supporters",
        report.rates(results),
        report.costs(results),
        report.whole_ways(results),
        "## Export",
        results.exports.table(),
        notes.strip(),
    ]
    return "\n\n".join(parts) + "\n"


def say(words: str) -> None:
    """Tell whoever waits what is going on."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
