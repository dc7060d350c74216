"""What a web process has ready before its first visitor comes."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine.interfaces import CacheStats

from config import Config
from petition.core.database import engine
from petition.petitions.asks import forget_asks
from petition.web.server import _make_ready, _meet_the_database
from tests.factories import NOON, load_sample
from tests.grounds.client import ORIGIN
from tests.web.public.people import page_of

pytestmark = pytest.mark.any_database


def test_whoever_signs_just_after_a_start_waits_for_no_page_to_be_compiled(
    fresh_app: Flask,
) -> None:
    _make_ready(fresh_app)
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
        forget_asks()
        before = len(compiled)
        answer = fresh_app.test_client().post(page_of(), headers={"Origin": ORIGIN})

    assert answer.status_code == 422
    assert compiled[before:] == []


def test_a_site_without_a_petition_starts(fresh_app: Flask, config: Config) -> None:
    _meet_the_database(fresh_app, config)

    assert fresh_app.test_client().get("/healthz").status_code == 200
