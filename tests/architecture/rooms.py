"""How the house stands, in figures: `bin/rooms` prints them.

Files a folder, lines a file, imports a file, circles of folders, and through how many files an act
runs: each is traced while it is really done, on SQLite, from the request to its answer and by the
worker.
"""

import ast
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median
from types import FrameType
from typing import cast

import time_machine

from config import Config
from petition.app import create_app
from petition.audit.noting import begin_log
from petition.core import clock
from petition.core.clock import now
from petition.core.memory import forget_everything
from petition.core.storage import database, migrating
from petition.core.storage.database import transaction
from petition.worker.loops import Worker
from tests.architecture.layers import imports
from tests.architecture.sources import PRODUCT, WRITTEN_BY_ALEMBIC, module_of, product_files
from tests.factories import NOON, load_sample
from tests.grounds.client import HOST, ReadingClient
from tests.web.public.letters.writers import MAIN, Writer
from tests.web.public.people import given, newest_link, page_of

MOST_IN_A_FOLDER = 15
FRAME = "the frame of every page"
PLAIN_PAGES = ("/en/privacy", "/en/partners/")
"""Two that have nothing in common but what every page has."""
READING = timedelta(seconds=30)


def written() -> list[Path]:
    """Return the files of the product that say something; history is not counted."""
    files = [path for path in product_files() if WRITTEN_BY_ALEMBIC not in path.parents]
    return [
        path
        for path in files
        if path.name != "__init__.py" or ast.parse(path.read_text("utf-8")).body[1:]
    ]


def folders() -> Counter[str]:
    """Return how many files lie in each folder."""
    return Counter(path.parent.relative_to(PRODUCT.parent).as_posix() for path in written())


def imports_of(path: Path) -> int:
    """Return how many import statements a file has."""
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    return sum(isinstance(node, ast.Import | ast.ImportFrom) for node in tree)


def circle() -> list[str]:
    """Return folders that import one another in a circle; none where there is no circle."""
    modules = {module_of(path): module_of(path.parent / "__init__.py") for path in written()}
    arrows: dict[str, set[str]] = {}
    for path in written():
        mine = modules[module_of(path)]
        for _line, name in imports(path.read_text("utf-8")):
            theirs = modules.get(name) or modules.get(name.rpartition(".")[0])
            if theirs and theirs != mine and mine != "petition":
                arrows.setdefault(mine, set()).add(theirs)
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


@contextmanager
def traced(into: set[str]) -> Iterator[None]:
    """Note every file of the product of which a function runs."""
    root = f"{PRODUCT}/"

    def note(frame: FrameType, event: str, _given: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(root):
            into.add(frame.f_code.co_filename.removeprefix(root))

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


@contextmanager
def install() -> Iterator[tuple[ReadingClient, Worker]]:
    """Make an install with the sample campaign, at noon on a day of it."""
    clock.ASK_SECONDS = math.inf  # we travel, and the database stays where it is
    with tempfile.TemporaryDirectory() as folder, time_machine.travel(NOON, tick=True):
        config = replace(
            Config.from_environment({}), instance=Path(folder), public_url=f"http://{HOST}"
        )
        app = create_app(config)
        app.test_client_class = ReadingClient
        migrating.upgrade()
        with transaction():
            begin_log(now())
        load_sample(NOON)
        client = cast("ReadingClient", app.test_client())
        client.worker_rests = True
        yield client, Worker(config)
        database.dispose()


def paths() -> dict[str, set[str]]:
    """Return the files through which each act runs, everything warm."""
    with install() as (client, worker):
        found: dict[str, set[str]] = {}

        def do(name: str, *acts: Callable[[], object]) -> None:
            found[name] = set()
            with traced(found[name]):
                for act in acts:
                    act()

        _sign_and_write(client, worker, lambda _name, *acts: [act() for act in acts])  # warm
        found[FRAME] = _frame(client)
        _sign_and_write(client, worker, do)
    return {name: files - found[FRAME] if name != FRAME else files for name, files in found.items()}


def _frame(client: ReadingClient) -> set[str]:
    """Return the files that every page runs through, rendered anew: what two plain ones share."""
    ways = []
    for page in PLAIN_PAGES:
        forget_everything()
        way: set[str] = set()
        with traced(way):
            client.visit(page)
        ways.append(way)
    return set.intersection(*ways)


def _sign_and_write(client: ReadingClient, worker: Worker, do: Callable[..., object]) -> None:
    """Sign, confirm, write and confirm a letter, each step handed to `do` under its name."""
    send = worker.send_mail
    typed = given()
    page = client.visit(page_of())
    form = {"form": "#sign form[method=post]"}
    forget_everything()
    do("sign: its page", lambda: client.visit(page_of()))
    with time_machine.travel(now() + READING):
        do("sign: the post", lambda: client.submit(page_of(), page, typed, **form))
    do("sign: the worker takes it in", worker.arrivals.take_in)
    link = newest_link(typed["email"])
    do("sign: the worker mails", send)
    press = client.visit(link)
    do("confirm: its page", lambda: client.visit(link))
    do("confirm: the post", lambda: client.submit(link, press, {}))
    do("confirm: the worker", worker.keep_tally)
    writer = Writer(client)
    do("letter: its pages", writer.writes)
    do("letter: the post", writer.sends)
    do("letter: the worker takes it in", worker.letters_in.take_in)
    letter = writer.link()
    send()
    do("letter: confirm", lambda: client.submit(letter, client.visit(letter), {}, form=MAIN))
    do("letter: the worker sends it", worker.letter_post.send_letters)


def report() -> Iterator[str]:
    """Yield the lines that `bin/rooms` prints."""
    lines = [len(path.read_text("utf-8").splitlines()) for path in written()]
    yield f"{sum(lines):,} lines in {len(lines)} files: {_spread(lines)}"
    yield f"imports a file: {_spread([imports_of(path) for path in written()])}"
    yield f"folders that import in a circle: {' > '.join(circle()) or 'none'}"
    yield f"folders with more than {MOST_IN_A_FOLDER} files:"
    for name, number in folders().most_common():
        if number > MOST_IN_A_FOLDER:
            yield f"  {number:3} {name}"
    yield "files of the product that an act runs through, besides the frame of every page:"
    for name, files in paths().items():
        yield f"  {len(files):3} {name}"


def _spread(numbers: list[int]) -> str:
    ordered = sorted(numbers)
    nine_in_ten = ordered[len(ordered) * 9 // 10]
    return f"median {median(ordered):.0f}, nine in ten {nine_in_ten}, most {ordered[-1]}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in report())
