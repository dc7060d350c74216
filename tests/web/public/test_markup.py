"""The markup of every public page, in every language: valid, headed in order, none forgotten."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask, template_rendered

from petition.core.i18n import LANGUAGES
from tests.architecture.markup import mentioned
from tests.architecture.sources import TEMPLATES
from tests.grounds.databases import Databases
from tests.grounds.html_checker import complaints
from tests.grounds.install import Install, installed
from tests.grounds.pages import parse
from tests.grounds.public_pages import LEAD_ELSEWHERE, NO_PAGES, PUBLIC_PAGES, PublicPage

pytestmark = pytest.mark.slow("reads every page in five languages")

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
Pages = dict[str, str]


@pytest.fixture(scope="module")
def install(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    """The sample campaign at work."""
    with installed(databases, tmp_path_factory.mktemp("markup") / "install") as made:
        yield made


@pytest.fixture(scope="module")
def shown() -> set[str]:
    """The templates that the pages below were made from."""
    return set()


@pytest.fixture(scope="module")
def pages(install: Install, shown: set[str]) -> Pages:
    """Every page in every language, by name and language."""

    def note(_sender: Flask, template: Any, **_more: object) -> None:
        shown.add(str(template.name))

    with template_rendered.connected_to(note, install.app):
        return {
            f"{page.name}-{lang}": answer_of(page, install, lang)
            for page in PUBLIC_PAGES
            for lang in LANGUAGES
        }


def answer_of(page: PublicPage, install: Install, lang: str) -> str:
    """Return the page; after its form was sent, where it is one that answers."""
    client, path = install.client, page.path_on(install, lang)
    answer = client.get(path)
    if page.sends is not None:
        answer = client.submit(path, parse(answer.text), page.sends, form=page.form)
    assert answer.status_code == page.status, f"{page.name} ({path}) answered {answer.status}"
    return answer.text


def test_every_page_is_valid_html(pages: Pages) -> None:
    assert complaints(pages) == []


def test_the_checker_sees_what_is_wrong() -> None:
    good = '<!doctype html><html lang="en"><title>A</title><h1>A</h1>'
    found = complaints({"bad": good + "<ul><p>A</p></ul>", "good": good})

    assert found != []
    assert {line.partition(":")[0] for line in found} == {"bad"}


def test_every_page_has_one_h1_and_skips_no_level(pages: Pages) -> None:
    for name, html in pages.items():
        levels = [int(heading.name[1]) for heading in parse(html).find_all(HEADINGS)]
        assert levels.count(1) == 1, name
        assert levels[0] == 1, name
        steps = pairwise(levels)
        assert [step for step in steps if step[1] > step[0] + 1] == [], name


def test_no_page_is_forgotten(install: Install) -> None:
    rules = install.app.url_map.bind("localhost")
    covered = {
        rules.match(page.path_on(install, "en"))[0]
        for page in PUBLIC_PAGES
        if rules.test(page.path_on(install, "en"))
    }
    answers = {
        rule.endpoint
        for rule in install.app.url_map.iter_rules()
        if rule.endpoint.startswith("public.") and "GET" in (rule.methods or ())
    }

    assert answers - covered - LEAD_ELSEWHERE - NO_PAGES == set(), (
        "Give each of these a line in tests/grounds/public_pages.py."
    )
    assert (LEAD_ELSEWHERE | NO_PAGES) - answers == set()


def test_no_template_is_forgotten(pages: Pages, shown: set[str]) -> None:
    files = [*(TEMPLATES / "public").rglob("*.html"), *(TEMPLATES / "errors").rglob("*.html")]
    parts = {name for file in files for name in mentioned(file.read_text("utf-8"))}
    names = {file.relative_to(TEMPLATES).as_posix() for file in files}

    assert pages
    assert names - parts - shown == set(), (
        "Show each of these in a line of tests/grounds/public_pages.py."
    )
