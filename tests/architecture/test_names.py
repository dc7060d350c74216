"""Modules are named for what they do, tests for what they try, and imports are absolute."""

from collections.abc import Collection, Mapping
from pathlib import Path

from tests.architecture.layers import imports
from tests.architecture.sources import (
    PRODUCT,
    ROOT,
    STYLES,
    module_of,
    named,
    product_files,
    python_files,
    stylesheets,
    templates,
)
from tests.architecture.tested import ELSEWHERE, SPANNING

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


OTHER_KINDS = {"architecture", "browser", "docs", "faults", "grounds"}
"""Rooms of tests that follow something else than the modules of the product."""


def modules() -> dict[str, str]:
    """Return what stands in each module and room, by the name that its tests have."""
    files = [path for path in product_files() if PRODUCT / "migrations" not in path.parents]
    return {
        module_of(path).removeprefix("petition."): path.read_text("utf-8")
        for path in [ROOT / "config.py", *files]
    }


def trials() -> dict[str, str]:
    """Return what stands in each test of a module, by the name of what it tries."""
    paths = {module_of(path): path for path in (ROOT / "tests").rglob("test_*.py")}
    return {
        name.removeprefix("tests.").replace("test_", "", 1): path.read_text("utf-8")
        for name, path in paths.items()
        if name.split(".")[1] not in OTHER_KINDS
    }


def tried(test: str, among: Collection[str]) -> str:
    """Return the module of a test, "" for none; `waiting_stopped` is about `waiting` too."""
    while test and test not in among:
        test = test.rpartition("_")[0]
    return test


def users(sources: Mapping[str, str], of: Collection[str]) -> dict[str, set[str]]:
    """Return the rooms in which each module is imported."""
    found: dict[str, set[str]] = {name: set() for name in of}
    for user, source in sources.items():
        for _line, imported in imports(source):
            name = imported.removeprefix("petition.")
            found.get(name if name in found else room(name), set()).add(room(user))
    return found


def room(module: str) -> str:
    return module.rpartition(".")[0]


def test_each_test_is_named_for_what_it_tries() -> None:
    known = modules()

    assert {test for test in trials() if not tried(test, known)} == SPANNING.keys()
    assert tried("web.organiser.letters.waiting_stopped", known) == "web.organiser.letters.waiting"
    assert tried("web.organiser.letters.nothing_of_ours", known) == ""


def test_each_module_that_others_use_has_its_test() -> None:
    """Tables, which everything fills, have none; nor has what one room keeps for itself."""
    sources, ours = modules(), trials()
    named_so = {tried(test, sources) for test in ours}
    in_product, in_tests = users(sources, sources), users(ours, sources)
    rooms = {room(module) for module in sources}
    untried = {
        module
        for module in sources.keys() - named_so - rooms
        if "def " in sources[module]
        and not module.endswith(".models")
        and in_product[module] - {room(module)}
        and not any(f"{one}.".startswith(f"{room(module)}.") for one in in_tests[module])
    }

    assert untried == {module for listed in ELSEWHERE.values() for module in listed}
    assert ELSEWHERE.keys() <= ours.keys()
