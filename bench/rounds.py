"""Rounds of load on a server, with what they cost in processor time, and their medians."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median

from bench.load import Job, Seen
from bench.processes import cpu_seconds
from bench.servers import ROOT, Server


@dataclass(frozen=True, slots=True)
class Round:
    """One round of load."""

    rate: float
    p95: float
    good: int
    bad: int
    app_ms: float
    """Processor time of the web server for each answer, in milliseconds."""
    database_ms: float | None
    """The same of the database's server, if it is ours; the worker's work on it included."""
    worker_ms: float
    load_share: float
    """How much of one core the load itself took."""
    body_bytes: int
    samples: list[str]


@dataclass(slots=True)
class Series:
    """Every round of one thing on one server."""

    rounds: list[Round] = field(default_factory=list)
    wrong_rows: int = 0
    """By how much the rows in the database differ from the good answers."""

    @property
    def rate(self) -> float:
        """Good answers in a second; the median round."""
        return median(r.rate for r in self.rounds)

    @property
    def p95(self) -> float:
        """Seconds within which 95 of 100 answers came; the median round."""
        return median(r.p95 for r in self.rounds)

    @property
    def app_ms(self) -> float:
        """Milliseconds of processor for each answer in the web server."""
        return median(r.app_ms for r in self.rounds)

    @property
    def database_ms(self) -> float | None:
        """Milliseconds of processor for each answer in the database."""
        known = [r.database_ms for r in self.rounds if r.database_ms is not None]
        return median(known) if known else None

    @property
    def worker_ms(self) -> float:
        """Milliseconds of processor for each answer in the worker, while the round lasted."""
        return median(r.worker_ms for r in self.rounds)

    @property
    def load_share(self) -> float:
        """How much of one core the load took, at most."""
        return max(r.load_share for r in self.rounds)

    @property
    def answers(self) -> int:
        """All good answers."""
        return sum(r.good for r in self.rounds)

    @property
    def errors(self) -> int:
        """Answers that were not as they should be, and rows that do not agree with answers."""
        return sum(r.bad for r in self.rounds) + self.wrong_rows

    @property
    def spread(self) -> tuple[float, float]:
        """The slowest and the fastest round."""
        rates = [r.rate for r in self.rounds]
        return min(rates), max(rates)


def times(one: Series, other: Series) -> float:
    """Return how many times faster `one` is: the median of the turns, each compared in itself."""
    return median(a.rate / b.rate for a, b in zip(one.rounds, other.rounds, strict=True))


def ask(job: Job) -> Seen:
    """Run a load in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(asdict(job)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return Seen(**json.loads(done.stdout))


def measure(server: Server, database_pid: int | None, job: Job) -> Round:
    """Run a load and note what it cost the server, the worker and the database."""
    before = spent_by(server, database_pid)
    seen = ask(job)
    spent = [now - then for now, then in zip(spent_by(server, database_pid), before, strict=True)]
    for sample in seen.samples:
        print(f"A wrong answer:\n{sample}\n", file=sys.stderr)
    each = 1000 / max(seen.good, 1)
    return Round(
        rate=seen.good / seen.seconds,
        p95=percentile(seen.latencies, 95),
        good=seen.good,
        bad=seen.bad,
        app_ms=spent[0] * each,
        database_ms=spent[2] * each if database_pid else None,
        worker_ms=spent[1] * each,
        load_share=seen.own_cpu / seen.seconds,
        body_bytes=seen.body_bytes,
        samples=seen.samples,
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that `percent` of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] if ordered else 0.0


def spent_by(server: Server, database_pid: int | None) -> tuple[float, float, float]:
    """Return the seconds of processor that web server, worker and database have taken so far."""
    web, worker = (process.pid if process else None for process in (server.web, server.worker))
    return _cpu(web), _cpu(worker), _cpu(database_pid)


def _cpu(pid: int | None) -> float:
    return cpu_seconds(pid) if pid else 0.0
