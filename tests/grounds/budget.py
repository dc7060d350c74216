"""What a test may cost: beyond that it says why, in `@pytest.mark.slow("why")`, or fails.

Held against the processor time of this process, and far above that against the clock, for what
waits for others. On a machine that is busy with something else neither tells anything: there the
slowest tests are listed, and no more.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator

import pytest

WORK_SECONDS = 10.0
WALL_SECONDS = 120.0
BUSY = 2.5
"""Programs that want each processor, beyond what a run of our own asks for."""
LISTED = 20
WORKED = "worked"
EXCUSES = ("slow", "fault")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Measure a test, and fail one that costs too much without a word."""
    worked, began = time.process_time(), time.monotonic()
    yield
    worked, took = time.process_time() - worked, time.monotonic() - began
    item.user_properties.append((WORKED, f"{worked:.1f}"))
    is_excused = any(item.get_closest_marker(name) for name in EXCUSES) or _is_busy()
    if not is_excused and (worked > WORK_SECONDS or took > WALL_SECONDS):
        pytest.fail(
            f"This took {worked:.1f} s of work and {took:.1f} s in all: make it cheaper, or say "
            'why it cannot be with @pytest.mark.slow("…").',
            pytrace=False,
        )


def _is_busy() -> bool:
    return os.getloadavg()[0] > BUSY * (os.cpu_count() or 1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the slowest tests with what they worked, and the files that take longest."""
    reports = [
        report
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport)
    ]
    calls = [report for report in reports if report.when == "call"]
    if len(calls) < LISTED:
        return
    terminalreporter.section(f"the {LISTED} slowest tests: seconds, and of these at work here")
    for report in sorted(calls, key=lambda one: -one.duration)[:LISTED]:
        worked = dict(report.user_properties).get(WORKED, "?")
        terminalreporter.write_line(f"{report.duration:6.1f} {worked:>6}  {report.nodeid}")
    terminalreporter.section(f"the {LISTED} slowest files: seconds, and tests")
    tests = Counter(_file_of(report) for report in calls)
    seconds = dict.fromkeys(tests, 0.0)
    for report in reports:
        if _file_of(report) in seconds:
            seconds[_file_of(report)] += report.duration
    for name in sorted(seconds, key=lambda name: -seconds[name])[:LISTED]:
        terminalreporter.write_line(f"{seconds[name]:6.1f} {tests[name]:6}  {name}")


def _file_of(report: pytest.TestReport) -> str:
    return report.nodeid.partition("::")[0]
