"""What a web process has ready before its first visitor comes."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from petition.web.server import _compile_pages
from tests.factories import NOON, load_sample
from tests.grounds.client import ORIGIN
from tests.web.public.people import page_of

pytestmark = pytest.mark.any_database


def test_whoever_signs_just_after_a_start_waits_for_no_page_to_be_compiled(
    fresh_app: Flask,
) -> None:
    _compile_pages(fresh_app)
    cache = fresh_app.jinja_env.cache
    assert cache is not None
    ready = set(cache.keys())
    with time_machine.travel(NOON, tick=False):
        load_sample(NOON - timedelta(days=10))
        client = fresh_app.test_client()
        assert client.get(page_of()).status_code == 200
        assert client.post(page_of(), headers={"Origin": ORIGIN}).status_code == 422

    assert set(cache.keys()) == ready
