"""The log: JSON, a line for each event, errors without their words."""

import json
import logging
import sys

from petition.core.log import JsonLines, fault_fields


def record(**more: object) -> logging.LogRecord:
    """Return a record of the log."""
    made = logging.LogRecord("petition", logging.WARNING, "x.py", 1, "some\nevent", (), None)
    made.__dict__.update(more)
    return made


def failing() -> None:
    """Fail with words that name somebody."""
    raise ValueError("nadia@example.org is not a number")


def test_an_event_is_one_line_of_json() -> None:
    line = JsonLines().format(record(fields={"status": 200}))

    assert "\n" not in line
    event = json.loads(line)
    assert (event["level"], event["event"], event["status"]) == ("warning", "some\nevent", 200)
    assert event["time"].endswith("+00:00")


def test_an_error_is_logged_by_kind_and_place_alone() -> None:
    try:
        failing()
    except ValueError as error:
        fields = fault_fields(error)
        line = JsonLines().format(record(exc_info=sys.exc_info()))

    assert fields["error"] == "ValueError"
    assert "nadia" not in line
    assert "test_log.py" in line
