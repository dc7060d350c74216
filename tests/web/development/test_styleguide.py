"""The styleguide: every component is in it, and only this machine sees it."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from jinja2 import nodes

from config import Config
from petition.app import create_app
from petition.core.i18n import LANGUAGES
from tests.architecture.markup import PARSER, macros
from tests.architecture.sources import TEMPLATES
from tests.grounds.client import ReadingClient
from tests.grounds.databases import Databases
from tests.grounds.html_checker import complaints
from tests.grounds.install import installed

STYLEGUIDE = "/styleguide"
COMPONENTS = TEMPLATES / "components"
PAGES = TEMPLATES / "development" / "styleguide"
OF_THE_HEAD = {"error_prefix", "social_card"}
"""Components that a page has in its head, where nobody sees them."""


def called(path: Path) -> set[str]:
    """Return the macros that a template calls, by the names that their own files give them."""
    tree = PARSER.parse(path.read_text("utf-8"))
    own = {
        name[1]: name[0]
        for found in tree.find_all(nodes.FromImport)
        for name in found.names
        if isinstance(name, tuple)
    }
    calls = {
        call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)
    }
    return {own.get(name, name) for name in calls}


def test_every_component_is_shown(client: ReadingClient) -> None:
    page = client.visit(STYLEGUIDE)
    shown = {str(section["data-component"]) for section in page.select("[data-component]")}

    assert {path.stem for path in COMPONENTS.glob("*.html")} - shown == OF_THE_HEAD, (
        "Show each of these components in templates/development/styleguide/."
    )


def test_every_macro_is_shown() -> None:
    here = set().union(*(called(path) for path in PAGES.glob("*.html")))
    missing = {
        f"{path.stem}: {macro}"
        for path in COMPONENTS.glob("*.html")
        if path.stem not in OF_THE_HEAD
        for macro in macros(path.read_text("utf-8")) - here - called(path)
        if not any(macro in called(other) for other in COMPONENTS.glob("*.html"))
    }

    assert missing == set()


def test_it_is_valid_html_in_every_language(databases: Databases, tmp_path: Path) -> None:
    with installed(databases, tmp_path / "install") as install:
        client = install.client
        pages = {lang: client.get(f"{STYLEGUIDE}?lang={lang}").text for lang in LANGUAGES}

    assert complaints(pages) == []
    assert [lang for lang, page in pages.items() if f'<html lang="{lang}"' not in page] == []


def test_a_language_that_the_interface_does_not_speak_is_passed_over(
    client: ReadingClient,
) -> None:
    assert '<html lang="en"' in client.get(f"{STYLEGUIDE}?lang=xx").text


@pytest.mark.parametrize(
    "service",
    [{"public_url": "https://petitions.example.org"}, {"host": "0.0.0.0"}],
)
def test_a_service_has_no_such_page(config: Config, service: dict[str, str]) -> None:
    app = create_app(replace(config, **service))  # type: ignore[arg-type]
    app.test_client_class = ReadingClient
    client = cast("ReadingClient", app.test_client())
    base = app.config["PETITION"].url

    assert client.get(STYLEGUIDE, base_url=base).status_code == 404
    assert client.post(STYLEGUIDE, base_url=base).status_code in {404, 405}
