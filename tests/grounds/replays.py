"""Chance that can be replayed: one seed for a run, and the command that runs a test with it again.

What a fault test rolls comes from its own dice, made of the seed and its name: it fails alone as
it did among others. What it counts (how often, lost, doubled, untrue) is listed at the end.
"""

import random
import secrets
import shlex
from collections.abc import Callable, Iterator
from typing import cast

import pytest

Note = Callable[..., None]
COUNTED = "counted"
LONG = 50
"""Rounds from which there is time for everything."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let bin/faults ask for more rounds than bin/test has time for, and anybody for a seed."""
    parser.addoption(
        "--faults", type=int, default=4, metavar="ROUNDS", help="how often fault tests kill"
    )
    parser.addoption("--seed", type=int, metavar="N", help="replay the chance of another run")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed that the workers of this run share, unless it is given."""
    if config.option.seed is None:
        config.option.seed = secrets.randbits(32)


def pytest_report_header(config: pytest.Config) -> str:
    """Name the seed as the run begins."""
    return f"chance: --seed={config.option.seed} --faults={config.option.faults}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Iterator[None]:  # pragma: no cover - pytest calls it
    """Say below a failed fault test how it is replayed."""
    report = yield
    if cast("pytest.TestReport", report).failed and item.get_closest_marker("fault"):
        report.sections.append(("To replay it", replay_of(item)))  # type: ignore[attr-defined]
    return report


def replay_of(item: pytest.Item) -> str:
    """Return the command that runs a test again with the same chance."""
    option = item.config.option
    name = shlex.quote(item.nodeid)
    return f".venv/bin/python -m pytest {name} --seed={option.seed} --faults={option.faults}"


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The number that all chance of this test comes from."""
    named = f"{request.config.option.seed}:{request.node.nodeid}"
    return random.Random(named).getrandbits(32)


@pytest.fixture
def dice(seed: int) -> random.Random:
    """Chance that a replay repeats."""
    return random.Random(seed)


@pytest.fixture
def fault_rounds(request: pytest.FixtureRequest) -> int:
    """How often a fault test kills."""
    return cast("int", request.config.option.faults)


@pytest.fixture
def at_length(fault_rounds: int) -> bool:
    """Whether there is time for everything, as in bin/faults."""
    return fault_rounds >= LONG


@pytest.fixture
def only_at_length(at_length: bool) -> None:
    """Keep a test for bin/faults."""
    if not at_length:
        pytest.skip("takes a minute: bin/faults")


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Note what was counted, such as `note(kills=100, lost=0)`; the summary lists it."""

    def numbered(**numbers: int) -> None:
        words = ", ".join(f"{name} {number}" for name, number in numbers.items())
        request.node.user_properties.append((COUNTED, words))

    return numbered


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the fault tests that ran, with what they counted."""
    listed = [
        f"{report.outcome} in {report.duration:.0f} s: {report.nodeid}{_counted(report)}"
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        if "fault" in report.keywords
    ]
    if listed:
        terminalreporter.section("faults")
        for line in sorted(listed):
            terminalreporter.write_line(line)


def _counted(report: pytest.TestReport) -> str:
    words = [words for name, words in report.user_properties if name == COUNTED]
    return f": {words[-1]}" if words else ""
