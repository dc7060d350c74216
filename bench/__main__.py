"""`python -m bench`: measure everything, print the tables, write RESULTS.md."""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench import desk, exporting, files, letters, machine, report
from bench.export_report import Exports
from bench.exporting import Files
from bench.fill import settle
from bench.plan import FULL, QUICK, Plan
from bench.postgres import SETTINGS, running_postgres
from bench.rounds import Series
from bench.stages import (
    SLUG,
    Stage,
    filled,
    floor_side,
    folder,
    page_bytes,
    say,
    staged,
    worker_at_rest,
)
from bench.supporters import Side, Supporters, drain, take_in
from bench.visits import Visits
from bench.way import Way, ways

RESULTS = Path(__file__).parent / "RESULTS.md"


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
        seen = export_rounds(plan, side, postgres.pid, with_lines=True)
        some, _ = filled(plan.some, postgres, state, ends)
        others = other_files(plan, some)
    aims = [*seen.aims(), *files.aims(others)]
    print(seen.table(), files.described(others, plan.some), report.verdicts(aims), sep="\n\n")
    return int(not all(aim.is_met for aim in aims))


def other_files(plan: Plan, side: Side) -> dict[str, files.Beside]:
    """Make workbooks, sheets and packs in turn with bare programs; nothing of it stays."""
    say("Workbooks, sheets and packs ...")
    assert side.target is not None
    exporting.sit_down(side.server, side.target, SLUG, plan.some, None)
    with worker_at_rest(side) as pid:
        return files.rounds(pid, side.target.petition_id, SLUG, plan.some, plan.export_rounds)


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


def export_rounds(
    plan: Plan, side: Side, database_pid: int | None, *, with_lines: bool = False
) -> Exports:
    """Export and download in turn with the two ceilings; nothing of it stays."""
    say("The export ...")
    assert side.target is not None
    desk = exporting.sit_down(side.server, side.target, SLUG, plan.many, database_pid)
    export, download, lines = Files([]), Files([]), Files([])
    loop, copy = Files([]), Files([])
    with worker_at_rest(side):
        for _ in range(plan.export_rounds):
            for way, taken in zip((export, download), desk.export(), strict=True):
                way.rounds.append(taken)
            for way, kind in ((loop, "loop"), (copy, "copy")):
                way.rounds.append(exporting.ceiling(kind, side.target, plan.many, database_pid))
            if with_lines:
                lines.rounds.append(desk.export("jsonl")[0])
    settle(side.target.url)
    return Exports(plan.many, export, download, loop, copy, lines if with_lines else None)


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


if __name__ == "__main__":
    sys.exit(main())
