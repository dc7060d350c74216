"""Workbooks, sheets and packs as a worker makes them, each beside what does nothing else.

The bare programs get the very cells that the product wrote, out of memory.
"""

import csv
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bench.exporting import LOOK_SECONDS, ExportWrong
from bench.processes import cpu_seconds, family, peak_kilobytes, restart_peak
from bench.servers import ROOT
from bench.tables import Aim, row
from petition.core.clock import now
from petition.core.printing.typesetting import TEMPLATES, font_folders
from petition.core.storage.database import session, transaction
from petition.deliveries import actions as deliveries
from petition.deliveries.actions import Plan
from petition.deliveries.pack import actions as packs
from petition.deliveries.pack.records import Tier
from petition.exports import actions as exports
from petition.exports.models import Contents, ExportFormat, ExportPreset
from petition.exports.writing import sheets
from petition.jobs import files
from petition.jobs.models import UNFINISHED, Job, JobState, MadeFile
from petition.organisers.models import Organiser
from petition.petitions.models import Petition

MEGABYTE = 1_000_000
Ask = Callable[[Petition, int], int]
"""Asks for a file of a petition in an organiser's name; returns the number of its job."""


@dataclass(slots=True)
class Making:
    """A file, and what it cost to make."""

    seconds: float = 0.0
    first_progress: float = 0.0
    cpu: float = 0.0
    peak_kilobytes: int = 0
    """The most that any process which made it held at once."""
    size: int = 0
    content: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class Beside:
    """The rounds of one kind of file, and of the program that does nothing else."""

    words: str
    bare_words: str = ""
    made: list[Making] = field(default_factory=list)
    bare: list[Making] = field(default_factory=list)

    def ratio(self) -> float:
        """Return how much longer the product took than the bare program."""
        made, bare = (median(one.seconds for one in makings) for makings in (self.made, self.bare))
        return made / bare


def workbook(petition: Petition, organiser: int) -> int:
    """Ask for all columns as a workbook."""
    return _export(petition, organiser, Contents(format=ExportFormat.XLSX))


def table(petition: Petition, organiser: int) -> int:
    """Ask for all columns in CSV."""
    return _export(petition, organiser, Contents())


def names(petition: Petition, organiser: int) -> int:
    """Ask for names and countries in sheets."""
    wanted = Contents(preset=ExportPreset.NAMES, format=ExportFormat.PDF)
    return _export(petition, organiser, wanted)


def pack(petition: Petition, organiser: int) -> int:
    """Plan a delivery to the petition's first office, and ask for a pack with the names."""
    at, office = now(), petition.version.recipients[0].recipient
    plan = Plan(at.date() + timedelta(days=1), at.date(), answer_days=30)
    delivery = deliveries.plan(petition, office, plan, organiser, at)
    return packs.ask(delivery, organiser, Tier.NAMES, at).job_id


def made_by_worker(pid: int, petition_id: int, ask: Ask) -> Making:
    """Ask for a file and wait until the worker `pid` has made it. Raises ExportWrong."""
    restart_peak(pid)
    making, cpu, started = Making(), cpu_seconds(pid), time.perf_counter()
    with transaction():
        organiser = session.scalars(select(Organiser.id).limit(1)).one()
        number = ask(session.get_one(Petition, petition_id), organiser)
    while True:
        job = session.get_one(Job, number, populate_existing=True)
        session.remove()
        making.seconds = time.perf_counter() - started
        if job.state not in UNFINISHED:
            break
        if job.steps_done and not making.first_progress:
            making.first_progress = making.seconds
        making.peak_kilobytes = max(making.peak_kilobytes, _peak(pid))
        time.sleep(LOOK_SECONDS)
    if job.state is not JobState.DONE:
        raise ExportWrong(f"The job is {job.state}.")
    making.first_progress = making.first_progress or making.seconds
    making.cpu = cpu_seconds(pid) - cpu
    making.content = b"".join(files.read(session.get_one(MadeFile, number)))
    making.size = len(making.content)
    session.remove()
    return making


def bare_workbook(content: bytes, rows: int) -> Making:
    """Let XlsxWriter write the cells of a file in CSV and nothing else."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if len(lines) != rows + 1:
        raise ExportWrong(f"{len(lines) - 1} rows came, not {rows}.")
    return _bare("xlsx", (json.dumps(line) for line in lines))


def bare_sheets(content: bytes, title: str) -> Making:
    """Let typst set the names and countries of a file in CSV and nothing else."""
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    next(lines)
    cells = [(line[3], line[5]) for line in lines]
    head = sheets.Head(title, "en", "en", "1 December 2026", len(cells))
    return _bare("typst", _parts(head, cells))


def _parts(head: sheets.Head, cells: list[tuple[str, str]]) -> Iterator[str]:
    order = {"template": str(TEMPLATES / "names.typ"), "root": str(TEMPLATES)}
    yield json.dumps(order | {"fonts": font_folders()})
    left = iter(cells)
    first = 1
    while some := list(islice(left, sheets.LINES_AT_ONCE)):
        yield json.dumps(json.dumps(sheets.part_data(head, some, first), ensure_ascii=False))
        first += sheets.SHEETS_AT_ONCE


def _bare(kind: str, lines: Iterator[str]) -> Making:
    making, pipe = Making(), subprocess.PIPE
    with TemporaryDirectory(prefix="petition-bench-") as folder:
        given, made = Path(folder, "given"), Path(folder, "made")
        given.write_text("\n".join([*lines, ""]), "utf-8")
        command = [sys.executable, "-m", "bench.bare", kind, str(given), str(made)]
        with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
            said = _said(process)
            cpu, started = cpu_seconds(process.pid), time.perf_counter()
            print("go", file=process.stdin, flush=True)
            done = _said(process)
            making.seconds = time.perf_counter() - started
            making.cpu = cpu_seconds(process.pid) - cpu
            making.peak_kilobytes = peak_kilobytes(process.pid)
            process.communicate()
        if (said, done) != ("ready", "done"):
            raise ExportWrong(f"bare {kind} ended with {process.returncode}.")
        making.size = made.stat().st_size
    return making


def _said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _peak(pid: int) -> int:
    peaks = [0]
    for member in family(pid):
        try:
            peaks.append(peak_kilobytes(member))
        except OSError:  # it has ended meanwhile
            continue
    return max(peaks)


def _export(petition: Petition, organiser: int, contents: Contents) -> int:
    export = exports.begin(petition.id, organiser, "Measuring", contents, now())
    assert export.job_id is not None
    return export.job_id


def rounds(pid: int, petition_id: int, title: str, count: int, times: int) -> dict[str, Beside]:
    """Let the worker `pid` make each kind of file so often, in turn with the bare programs."""
    seen = {
        "xlsx": Beside("workbook of all columns", "XlsxWriter alone"),
        "pdf": Beside("sheets of names", "typst alone"),
        "pack": Beside("pack with names"),
    }
    cells = made_by_worker(pid, petition_id, table).content
    for _ in range(times):
        for name, ask in (("xlsx", workbook), ("pdf", names), ("pack", pack)):
            making = made_by_worker(pid, petition_id, ask)
            making.content = b""
            seen[name].made.append(making)
        seen["xlsx"].bare.append(bare_workbook(cells, count))
        seen["pdf"].bare.append(bare_sheets(cells, title))
    return seen


def aims(seen: dict[str, Beside]) -> list[Aim]:
    """Return the aims of these files with what was seen."""
    wide = [one for beside in (seen["xlsx"], seen["pack"]) for one in beside.made]
    begun = max(one.first_progress for beside in seen.values() for one in beside.made)
    return [
        Aim("workbook against XlsxWriter alone, times the wall", seen["xlsx"].ratio(), 1.2),
        Aim("sheets against typst alone, times the wall", seen["pdf"].ratio(), 1.3),
        Aim("pack", median(one.seconds for one in seen["pack"].made), 40, unit=" s"),
        Aim("any file, first progress (worst round)", begun, 1, unit=" s"),
        Aim("sheets, peak of a process (worst round)", _most(seen["pdf"].made), 300, unit=" MB"),
        Aim("workbook and pack, peak of a process (worst round)", _most(wide), 120, unit=" MB"),
    ]


def described(seen: dict[str, Beside], count: int) -> str:
    """Return the table of these files and of the programs beside them."""
    lines = [
        f"| {count:,} signatures | wall s | first progress s | CPU s | MB | peak MB |",
        "|---|" + "---:|" * 5,
    ]
    for beside in seen.values():
        for words, makings in ((beside.words, beside.made), (beside.bare_words, beside.bare)):
            if makings:
                cells = [
                    f"{median(one.seconds for one in makings):.2f}",
                    f"{median(one.first_progress for one in makings):.2f}",
                    f"{median(one.cpu for one in makings):.2f}",
                    f"{makings[0].size / MEGABYTE:.1f}",
                    f"{_most(makings):.0f}",
                ]
                lines.append(row(words, cells))
    return "\n".join(lines)


def _most(makings: list[Making]) -> float:
    """Return the highest peak, in megabytes."""
    return max(one.peak_kilobytes for one in makings) / 1000
