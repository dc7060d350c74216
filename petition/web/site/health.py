"""What needs attention, looked at in a thread of its own: `/healthz`, `/readyz`, the first page."""

import math
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from petition.core.errors import InstallUnfit
from petition.core.log import fault_fields, log
from petition.core.memory import Memory
from petition.core.storage.database import session
from petition.core.storage.database_faults import fault_of
from petition.web.site.health_checks import CHECKS, Check

FRESH_SECONDS = 1.0
LONGEST_LOOK = 4.0
LAST_HOLDS_SECONDS = 10.0
"""For so long a look is worth telling to those who ask while the next one is under way."""

health = Blueprint("health", __name__)


class Word(StrEnum):
    """How a check came out, as `/readyz` says it."""

    OK = "ok"
    WARNING = "warning"
    FAILING = "failing"
    UNKNOWN = "unknown"
    """Not looked at, since a check before it failed on which it stands."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look has found."""

    name: str
    word: Word
    sentence: str = ""


class Watch:
    """Looks at most once a second and in one thread, however many ask.

    Whoever asks while a look is under way hears what the last one found, so that a database that
    is silent keeps one waiting and not all.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._look: Future[tuple[Finding, ...]] | None = None
        self._began_at = 0.0
        self._ended_at = 0.0
        self._found: tuple[Finding, ...] = ()

    def findings(self) -> tuple[Finding, ...]:
        """Return what stands in CHECKS with how it came out, within some seconds."""
        with self._lock:
            looking = before = self._look
            if looking is None or (looking.done() and self._age_of_last() > FRESH_SECONDS):
                looking = self._begin()
            ends_at = self._began_at + LONGEST_LOOK
            is_in_time = not looking.done() and time.monotonic() < ends_at
            if looking is before and is_in_time and self._age_of_last() < LAST_HOLDS_SECONDS:
                return self._found
        try:
            return looking.result(max(0.0, ends_at - time.monotonic()))
        except TimeoutError:
            sentence = f"Looking takes longer than {LONGEST_LOOK:.0f} seconds."
            return (Finding("look", Word.FAILING, sentence),)

    def _age_of_last(self) -> float:
        return time.monotonic() - self._ended_at if self._found else math.inf

    def _begin(self) -> Future[tuple[Finding, ...]]:
        look: Future[tuple[Finding, ...]] = Future()
        threading.Thread(target=self._run, args=(look,), daemon=True).start()
        self._look, self._began_at = look, time.monotonic()
        return look

    def _run(self, look: Future[tuple[Finding, ...]]) -> None:
        self._found = look_around(self._config)
        self._ended_at = time.monotonic()
        look.set_result(self._found)


def look_around(config: Config, checks: tuple[Check, ...] = CHECKS) -> tuple[Finding, ...]:
    """Look at everything now."""
    found: list[Finding] = []
    stands = True
    for check in checks:
        finding = _find(check, config) if stands else Finding(check.name, Word.UNKNOWN)
        found.append(finding)
        stands = stands and not (check.carries_the_rest and finding.word == Word.FAILING)
    return tuple(found)


def _find(check: Check, config: Config) -> Finding:
    try:
        sentence = check.look(config)
    except SQLAlchemyError as fault:
        why = fault_of(fault) or type(fault).__name__
        return Finding(check.name, Word.FAILING, f"The database fails us: {why}.")
    except InstallUnfit as problem:
        return Finding(check.name, Word.FAILING, str(problem))
    except Exception as fault:  # one check that is broken hides none of the others
        log.error("a check is broken", extra={"fields": fault_fields(fault)})
        return Finding(check.name, Word.FAILING, f"The check itself fails: {type(fault).__name__}.")
    finally:
        session.remove()
    if sentence is None:
        return Finding(check.name, Word.OK)
    return Finding(check.name, Word.WARNING if check.warns else Word.FAILING, sentence)


_watches: Memory[Config, Watch] = Memory(None, 1)


def findings() -> tuple[Finding, ...]:
    """Return what the last look found; it is some seconds old at most."""
    config: Config = current_app.config["PETITION"]
    return _watches.made_by_one(config, lambda: Watch(config), LONGEST_LOOK).findings()


def what_needs_attention() -> list[str]:
    """Return a sentence for each thing that is not as it should be, for those who run the site."""
    return [finding.sentence for finding in findings() if finding.sentence]


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer as long as the process can."""
    return jsonify(process="ok")


@health.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Answer 200 when everything is as it should be, else 503; a word for each check."""
    found = findings()
    is_ready = all(finding.word in {Word.OK, Word.WARNING} for finding in found)
    return jsonify({finding.name: finding.word for finding in found}), 200 if is_ready else 503
