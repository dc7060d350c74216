"""A fault that goes on is said once a minute."""

import logging

import pytest

from petition.core import seldom
from petition.core.log import log
from petition.core.seldom import Seldom


def test_of_a_fault_that_goes_on_one_line_is_logged_and_then_how_often_it_was(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "propagate", True)
    caplog.set_level(logging.ERROR)
    told = Seldom()
    for _ in range(300):
        told.log_error("it is dark", "lamp", {"at": "home"})
    told.log_error("it is cold", "stove", {})
    assert [record.message for record in caplog.records] == ["it is dark", "it is cold"]

    monkeypatch.setattr(seldom, "PAUSE_SECONDS", 0.0)
    told.log_error("it is dark", "lamp", {"at": "home"})
    assert vars(caplog.records[-1])["fields"] == {"at": "home", "times_more": 299}
