"""The tables, in Markdown: what was seen, and which aims are met."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.export_report import Exports
from bench.plan import Plan
from bench.rounds import Series, times
from bench.supporters import TakenIn
from bench.tables import Aim, ms, row
from bench.way import Way


@dataclass(frozen=True, slots=True)
class Results:
    """All that one run saw."""

    plan: Plan
    few: dict[str, Series]
    many: dict[str, Series]
    floor: dict[str, Series]
    hello: Series
    exports: Exports
    ways: list[Way]
    taken: TakenIn
    fill_seconds: float
    tally: str

    def against(self, what: str) -> Series:
        """Return the floor's series that stands beside `what`."""
        return self.floor.get(what) or self.floor["sign"]


AT_REST = "rested"
POSTS = {AT_REST, "sign", "confirm"}
"""After which the worker has something to do."""
WORDS = {
    "page": "petition page, GET/s",
    "anew": "petition page rendered anew, GET/s",
    "confirming": "page that confirms, GET/s",
    "receipt": "receipt, GET/s",
    "errors": "form with errors, POST/s",
    "sign": "sign, POST/s",
    AT_REST: "sign while the worker rests, POST/s",
    "confirm": "confirm, POST/s",
}


def aims(results: Results) -> list[Aim]:
    """Return every aim with what was seen."""
    few, many, size = results.few, results.many, results.plan.many
    slower = (
        Aim(f"{what}: times slower at {size:,}", times(few[what], many[what]), 1.1) for what in few
    )
    return [
        *_against_the_floor(results),
        *slower,
        *(Aim(f"the whole way against {way.words}", one, 0.5) for way, one in _before(results)),
        *results.exports.aims(),
        Aim("wrong answers and wrong rows", float(_errors(results)), 0.0),
    ]


def _against_the_floor(results: Results) -> list[Aim]:
    many = results.many
    found = (
        ("page against bare “hello”", "page", results.hello, 0.8),
        ("page rendered anew against the floor's", "anew", results.against("anew"), 0.5),
        (
            "signing against the floor's post, workers at rest",
            AT_REST,
            results.against(AT_REST),
            0.9,
        ),
        ("signing against the floor's post, workers at work", "sign", results.against("sign"), 0.6),
        ("confirming against the floor's post", "confirm", results.against("confirm"), 0.6),
    )
    return [
        Aim(f"{words}, at {results.plan.many:,}", times(many[what], other), bound, at_least=True)
        for words, what, other, bound in found
    ]


def _before(results: Results) -> list[tuple[Way, float]]:
    """Return the ways of an older checkout, each with what ours costs of it."""
    of = {way.words: way for way in results.ways}
    return [
        (way, of[words.replace("before", "now")].times(way))
        for words, way in of.items()
        if words.startswith("before")
    ]


def rates(results: Results) -> str:
    """Return the table of what supporters do."""
    plan = results.plan
    lines = [
        (
            f"| what | at {plan.few:,} | at {plan.many:,} | times slower | floor | to floor "
            f"| p95 {plan.few:,} | p95 {plan.many:,} | p95 floor | answers | errors |"
        ),
        "|---|" + "---:|" * 10,
    ]
    for what, words in WORDS.items():
        few, many, floor = results.few.get(what), results.many[what], results.against(what)
        sides = [few, many] if what == "confirm" else [few, many, floor]  # its own post once only
        cells = [
            _rate(few),
            _rate(many),
            f"{times(few, many):.2f}" if few else "–",
            _rate(floor),
            f"{times(many, floor):.2f}",
            *(ms(side.p95 if side else None, 1000) for side in (few, many, floor)),
            f"{sum(side.answers for side in sides if side):,}",
            str(sum(side.errors for side in sides if side)),
        ]
        lines.append(row(words, cells))
    hello = results.hello
    cells = ["–", "–", "–", _rate(hello), "–", "–", "–", ms(hello.p95, 1000)]
    lines.append(
        row("bare Flask “hello”, GET/s", [*cells, f"{hello.answers:,}", str(hello.errors)])
    )
    return "\n".join(lines)


def costs(results: Results) -> str:
    """Return the table of processor time."""
    lines = [
        "| CPU ms an answer | web server | database | worker meanwhile | load, of one core |",
        "|---|---:|---:|---:|---:|",
    ]
    sides = [(f"at {results.plan.few:,}", results.few), (f"at {results.plan.many:,}", results.many)]
    for what, words in WORDS.items():
        for name, series in [*sides, ("floor", results.floor)]:
            if what in series:
                lines.append(_cost(f"{words.partition(',')[0]}, {name}", series[what], what))
    lines.append(_cost("bare Flask “hello”", results.hello, "hello"))
    return "\n".join(lines)


def whole_ways(results: Results) -> str:
    """Return the table of what one supporter's whole way costs."""
    lines = [
        "| CPU ms a supporter's whole way | web server | worker | database | all | to the first |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    first = results.ways[0]
    for way in results.ways:
        cost = way.middle()
        cells = [f"{part:.2f}" for part in (cost.web, cost.worker, cost.database, cost.whole)]
        lines.append(row(way.words, [*cells, f"{way.times(first):.2f}"]))
    taken = results.taken
    return "\n".join(lines) + (
        f"\n\nOne worker takes in {taken.rate:,.0f} arrivals a second ({taken.arrivals:,} had "
        f"waited), at {taken.worker_ms:.2f} ms of processor each, its mails meanwhile included."
    )


def verdicts(aims: Iterable[Aim]) -> str:
    """Return the table of aims."""
    lines = ["| aim | bound | seen | |", "|---|---:|---:|---|"]
    for aim in aims:
        sign = "≥" if aim.at_least else "≤"
        verdict = "met" if aim.is_met else "**missed**"
        seen = f"{aim.seen:.2f}{aim.unit}"
        lines.append(row(aim.words, [f"{sign} {aim.bound:g}{aim.unit}", seen, verdict]))
    return "\n".join(lines)


def _errors(results: Results) -> int:
    sides = (results.few, results.many, results.floor)
    return results.hello.errors + sum(s.errors for side in sides for s in side.values())


def _cost(words: str, series: Series, what: str) -> str:
    worker = "–" if what not in POSTS else f"{series.worker_ms:.2f}"
    cells = [
        f"{series.app_ms:.2f}",
        ms(series.database_ms, 1, 2),
        worker,
        f"{series.load_share:.0%}",
    ]
    return row(words, cells)


def _rate(series: Series | None) -> str:
    if series is None:
        return "–"
    slowest, fastest = series.spread
    return f"{series.rate:,.0f} ({slowest:,.0f}–{fastest:,.0f})"
