"""The project's files, by kind."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = ROOT / "petition"
TEMPLATES = ROOT / "templates"
STYLES = ROOT / "static" / "css"
WRITTEN_BY_ALEMBIC = PRODUCT / "migrations" / "versions"


def python_files() -> list[Path]:
    """Return every Python file that we write, tests included."""
    folders = [PRODUCT, ROOT / "bench", ROOT / "bin", ROOT / "tests"]
    return sorted([ROOT / "config.py", *(f for d in folders for f in d.rglob("*.py"))])


def product_files() -> list[Path]:
    """Return every Python file of the product."""
    return sorted(PRODUCT.rglob("*.py"))


def module_of(path: Path) -> str:
    """Return the dotted name of a Python file."""
    names = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def templates() -> list[Path]:
    """Return every template."""
    return sorted(f for f in TEMPLATES.rglob("*") if f.suffix in {".html", ".txt"})


def stylesheets() -> list[Path]:
    """Return every stylesheet."""
    return sorted(STYLES.rglob("*.css"))


def named(path: Path) -> str:
    """Return the path as the project names it."""
    return path.relative_to(ROOT).as_posix()
