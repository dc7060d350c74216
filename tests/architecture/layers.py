"""Who may import whom: the table of the layout, and what of it an import breaks."""

import ast
from collections.abc import Iterator

ROWS = (
    ("web", "cli", "worker"),
    ("publishing",),
    ("safekeeping",),
    ("deliveries",),
    ("exports", "updates"),
    ("letters", "signatures"),
    ("petitions",),
    ("campaigns",),
    ("gaps",),
    ("sanctions",),
    ("versions",),
    ("supporters", "recipients", "organisers"),
    ("arrivals", "links", "holds", "jobs", "audit"),
    ("outbox",),
    ("core",),
)
"""Each part may import from the rows below its own, and nothing beside or above it."""

WEB_ROOMS = (
    ("public", "organiser", "development"),
    ("forms", "keeping", "words", "drawings"),
    ("site",),
)
"""The rooms of the web: one for each audience, what all may use, and what all stand on."""

SHOWS_EVERY_AUDIENCE = "petition.web.development.styleguide"
"""How the modules begin that show the components of every audience."""

DOORS = ROWS[0]
ABOVE_THE_PARTS = ("migrations",)
"""Names every table, so it may import every part; only the doors may import it."""

WHOLE = {"", "app", "opening", "working"}
"""The product itself, above everything: with its doors, as an install, and as a worker alone."""

FACTORY = "petition.app.create_app"
"""A door may name it, where a server starts."""

FOR_DOORS_ONLY = {"config", "flask", "flask_babel", "flask_wtf", "gunicorn", "werkzeug", "wtforms"}
"""Top-level modules that nothing below the doors imports."""


def part_of(module: str) -> str:
    """Return the part that a module of the product belongs to; "" for the product itself."""
    return f"{module}..".split(".")[1]


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the dotted name of every import, those for type checking alone left out.

    `from petition.core import clock` yields `petition.core.clock`; a relative import yields a
    name that begins with a dot.
    """
    yield from _imports_below(ast.parse(source))


def _imports_below(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        for statement in node.orelse:
            yield from _imports_below(statement)
        return
    if isinstance(node, ast.Import):
        yield from ((node.lineno, alias.name) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        origin = "." * node.level + (node.module or "")
        yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imports_below(child)


def breach(importer: str, imported: str) -> str | None:
    """Return why the module `importer` may not import the name `imported`, or None if it may."""
    part = part_of(importer)
    if imported.startswith("."):
        return "is relative"
    if between := _breach_between_rooms(importer, imported):
        return between
    top = imported.partition(".")[0]
    if top in FOR_DOORS_ONLY:
        below = part not in {*WHOLE, *DOORS, *ABOVE_THE_PARTS}
        return f"brings {top} below the doors" if below else None
    if top != "petition" or part in {*WHOLE, part_of(imported)}:
        return None
    if imported == FACTORY and part in DOORS:
        return None
    return _breach_between(part, part_of(imported))


def _breach_between_rooms(importer: str, imported: str) -> str | None:
    """Return why a room of the web may not import another: no audience sees another's."""
    rows = {f"petition.web.{room}": row for row, rooms in enumerate(WEB_ROOMS) for room in rooms}
    mine, theirs = (".".join(name.split(".")[:3]) for name in (importer, imported))
    if not {mine, theirs} <= rows.keys() or mine == theirs:
        return None
    if importer.startswith(SHOWS_EVERY_AUDIENCE) or rows[theirs] > rows[mine]:
        return None
    beside = rows[theirs] == rows[mine]
    return f"imports “{theirs}”, a room {'beside' if beside else 'above'} its own"


def _breach_between(part: str, other: str) -> str | None:
    mine, theirs = row_of(part), row_of(other)
    if mine is None:
        return f"comes from “{part}”, which the table does not name"
    if theirs is None:
        return f"imports “{other}”, which the table does not name"
    if theirs == mine:
        return f"imports “{other}”, which stands beside it"
    if theirs < mine:
        return f"imports “{other}”, which stands above it"
    return None


def row_of(part: str) -> float | None:
    """Return how far down a part stands, or None when it is in no row."""
    if part in ABOVE_THE_PARTS:
        return 0.5
    return next((float(row) for row, parts in enumerate(ROWS) if part in parts), None)
