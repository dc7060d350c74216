"""Modules are named for what they do, and imports are absolute."""

from pathlib import Path

from tests.architecture.layers import imports
from tests.architecture.sources import (
    ROOT,
    STYLES,
    named,
    python_files,
    stylesheets,
    templates,
)

SAY_NOTHING = {"util", "helper", "service", "base", "common", "manager", "misc", "shared"}


def says_nothing(path: Path) -> bool:
    """Whether a file or one of its folders has a name that would fit any file."""
    names = path.with_suffix("").parts
    return any(name.lower().removesuffix("s") in SAY_NOTHING for name in names)


def test_no_file_is_named_for_anything_and_nothing() -> None:
    files = [*python_files(), *templates(), *stylesheets()]
    exempt = STYLES / "base.css"

    assert [
        named(path) for path in files if path != exempt and says_nothing(path.relative_to(ROOT))
    ] == []


def test_a_name_that_says_nothing_is_seen() -> None:
    assert says_nothing(Path("petition/web/helpers.py"))
    assert says_nothing(Path("petition/services/mail.py"))
    assert not says_nothing(Path("petition/core/storage/database.py"))


def test_imports_are_absolute() -> None:
    relative = [
        f"{named(path)}:{line}"
        for path in python_files()
        for line, name in imports(path.read_text("utf-8"))
        if name.startswith(".")
    ]

    assert relative == []
