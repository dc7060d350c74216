"""Every import of the product points downwards in the table of the layout."""

import ast
import subprocess
import sys

import pytest

from tests.architecture.layers import ROWS, breach, imports, part_of, row_of
from tests.architecture.rooms import circle
from tests.architecture.sources import PRODUCT, ROOT, module_of, named, product_files


def test_every_import_points_downwards() -> None:
    breaches = [
        f"{named(path)}:{line} {why} ({imported})"
        for path in product_files()
        for line, imported in imports(path.read_text("utf-8"))
        if (why := breach(module_of(path), imported))
    ]

    assert breaches == []


def test_no_folders_import_one_another_in_a_circle() -> None:
    assert circle() == []


def test_every_part_has_its_row() -> None:
    parts = {part_of(module_of(path)) for path in product_files() if path.parent != PRODUCT}

    assert {part for part in parts if row_of(part) is None} == set()


def test_no_part_stands_in_two_rows() -> None:
    parts = [part for row in ROWS for part in row]

    assert len(parts) == len(set(parts))


def test_the_settings_import_nothing_of_the_product() -> None:
    source = (ROOT / "config.py").read_text("utf-8")

    assert [name for _, name in imports(source) if name.startswith(("petition", "flask"))] == []


def test_to_touch_the_package_loads_nothing_of_it() -> None:
    asked = "import sys, petition.core.log; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, check=True)
    ours = {name for name in done.stdout.decode().split() if name.startswith("petition")}

    assert ours == {"petition", "petition.core", "petition.core.log"}


def test_a_worker_has_no_pages_in_memory_nor_what_few_of_its_jobs_need() -> None:
    asked = "import sys, petition.working; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, check=True)

    loaded = set(done.stdout.decode().split())
    assert loaded & {"PIL", "alembic", "flask", "pypdf", "typst"} == set()


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        f"{named(path)}:{node.lineno}"
        for path in product_files()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
    ]

    assert readers == []


@pytest.mark.parametrize(
    ("importer", "imported", "why"),
    [
        ("petition.core.clock", "petition.outbox.models", "above"),
        ("petition.gaps.models", "petition.campaigns.models", "above"),
        ("petition.letters.actions", "petition.signatures.actions", "beside"),
        ("petition.web.public.petitions.signing", "petition.worker.loops", "beside"),
        ("petition.web.public.petitions.signing", "petition.web.organiser.door.guard", "beside"),
        ("petition.web.forms.fields", "petition.web.public.petitions.signing", "above"),
        ("petition.signatures.actions", "petition.migrations.tables", "above"),
        ("petition.signatures.actions", "petition.app.create_app", "does not name"),
        ("petition.signatures.actions", "flask.g", "below the doors"),
        ("petition.core.mailing", "config.Config", "below the doors"),
        ("petition.votes.models", "petition.core.clock", "does not name"),
        ("petition.core.clock", ".tokens", "relative"),
    ],
)
def test_an_import_that_breaks_the_table_is_seen(importer: str, imported: str, why: str) -> None:
    assert why in (breach(importer, imported) or "")


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("petition.core.clock", "petition.core.tokens.Token"),
        ("petition.web.public.petitions.signing", "petition.signatures.actions"),
        ("petition.web.public.petitions.signing", "petition.web.keeping.pages"),
        ("petition.web.development.styleguide_month", "petition.web.public.month.gap_matrix"),
        ("petition.web.public.petitions.signing", "flask.Flask"),
        ("petition.web.serving.server", "petition.app.create_app"),
        ("petition.cli.serve", "petition.migrations.tables"),
        ("petition.migrations.tables", "petition.exports.models"),
        ("petition.app", "petition.web"),
        ("petition.exports.writing.csv", "csv"),
    ],
)
def test_an_import_that_keeps_to_the_table_passes(importer: str, imported: str) -> None:
    assert breach(importer, imported) is None


def test_imports_inside_functions_are_found_and_those_for_types_are_not() -> None:
    source = """
from typing import TYPE_CHECKING
import petition.core
if TYPE_CHECKING:
    from flask import Flask
else:
    import os
def late():
    from petition.web.forms import fields
    from . import near
"""

    assert [name for _, name in imports(source)] == [
        "typing.TYPE_CHECKING", "petition.core", "os", "petition.web.forms.fields", "..near",
    ]  # fmt: skip
