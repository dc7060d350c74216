"""What a web process has ready before its first visitor comes."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import time_machine
from flask import Flask
from jinja2 import Environment
from sqlalchemy import event
from sqlalchemy.engine.interfaces import CacheStats

from config import Config
from petition.app import create_app
from petition.core.memory import forget_everything
from petition.core.storage.database import engine
from petition.web.serving.server import _meet_the_database, make_ready, prepare
from tests.factories import NOON, load_sample
from tests.grounds.client import ORIGIN, ReadingClient
from tests.web.public.people import page_of

pytestmark = pytest.mark.any_database


def test_whoever_signs_just_after_a_start_waits_for_no_page_to_be_compiled(
    fresh_app: Flask,
) -> None:
    make_ready(fresh_app)
    cache = fresh_app.jinja_env.cache
    assert cache is not None
    ready = set(cache.keys())
    with time_machine.travel(NOON, tick=False):
        load_sample(NOON - timedelta(days=10))
        client = fresh_app.test_client()
        assert client.get(page_of()).status_code == 200
        assert client.post(page_of(), headers={"Origin": ORIGIN}).status_code == 422

    assert set(cache.keys()) == ready


def test_whoever_signs_just_after_a_start_waits_for_no_statement_to_be_compiled(
    fresh_app: Flask, config: Config
) -> None:
    compiled = []

    def note(_connection: object, _cursor: object, statement: str, *rest: Any) -> None:
        if rest[1].cache_hit is CacheStats.CACHE_MISS:
            compiled.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    with time_machine.travel(NOON, tick=False):
        load_sample(NOON - timedelta(days=10))
        engine().clear_compiled_cache()
        _meet_the_database(fresh_app, config)
        forget_everything()
        before = len(compiled)
        client = cast("ReadingClient", fresh_app.test_client())
        client.worker_rests = True
        answer = client.post(page_of(), headers={"Origin": ORIGIN})

    assert answer.status_code == 422
    assert compiled[before:] == []


def test_a_site_without_a_petition_starts(fresh_app: Flask, config: Config) -> None:
    _meet_the_database(fresh_app, config)

    assert fresh_app.test_client().get("/healthz").status_code == 200


def test_what_one_process_has_compiled_those_forked_from_it_do_not_compile_again(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(config)
    with pytest.raises(RuntimeError, match="has not been called"):
        engine()  # nothing is open that a fork would share

    app, compiled = create_app(config), []
    monkeypatch.setattr(Environment, "compile", lambda *given, **_: compiled.append(given[2]))
    make_ready(app)

    assert compiled == []


def test_a_new_install_is_left_to_the_process_that_serves_it(
    config: Config, tmp_path: Path
) -> None:
    prepare(replace(config, instance=tmp_path / "new"))

    assert not (tmp_path / "new").exists()
