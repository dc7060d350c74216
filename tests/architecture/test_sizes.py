"""Files and functions stay small enough to be read at one sitting."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import WRITTEN_BY_ALEMBIC, named, python_files, templates

FILE_LINES = 300
FUNCTION_LINES = 40
TEMPLATE_LINES = 120


def ours() -> list[Path]:
    """Return the Python files that people write; migrations are drafted by Alembic."""
    return [path for path in python_files() if WRITTEN_BY_ALEMBIC not in path.parents]


def long_functions(source: str, limit: int = FUNCTION_LINES) -> Iterator[tuple[int, str, int]]:
    """Yield line, name and length of each function above the limit, its decorators not counted."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > limit:
                yield node.lineno, node.name, length


def test_no_python_file_is_too_long() -> None:
    lengths = {named(path): _lines(path.read_text("utf-8")) for path in ours()}

    assert {name: length for name, length in lengths.items() if length > FILE_LINES} == {}


def test_no_template_is_too_long() -> None:
    lengths = {named(path): _lines(path.read_text("utf-8")) for path in templates()}

    assert {name: length for name, length in lengths.items() if length > TEMPLATE_LINES} == {}


def test_no_function_is_too_long() -> None:
    found = [
        f"{named(path)}:{line} {name} has {length} lines"
        for path in ours()
        for line, name, length in long_functions(path.read_text("utf-8"))
    ]

    assert found == []


def test_a_long_function_is_seen() -> None:
    source = "class A:\n    def f(self):\n" + "        pass\n" * 3

    assert list(long_functions(source, limit=3)) == [(2, "f", 4)]
    assert list(long_functions(source, limit=4)) == []


def _lines(text: str) -> int:
    return len(text.splitlines())
