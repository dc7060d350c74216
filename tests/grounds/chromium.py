"""A real Chromium: finds one on the machine, or installs one; prints its path when run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.grounds.apt import install_with_apt, run

WITHOUT_WINDOWS = "chromium-headless-shell"
"""Debian's package and program: all that shows a page, without what shows windows."""
NAMES = (
    *(WITHOUT_WINDOWS, "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find() -> str | None:
    """Return the path of a Chromium that starts, or None. `CHROMIUM` names one first."""
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterator[str]:
    if named := os.environ.get("CHROMIUM"):
        yield named
    yield from filter(None, map(shutil.which, NAMES))
    yield from filter(None, [shutil.which(MAC)])
    yield from map(str, _of_playwright())


def _of_playwright() -> list[Path]:
    """Return where Playwright's own installer puts a browser, newest first."""
    given = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    homes = [Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"]
    found = [
        path
        for home in ([Path(given)] if given else homes)
        for folder in ("chromium-*", "chromium_headless_shell-*")
        for path in home.glob(f"{folder}/*/*")
        if path.name in {"chrome", "chrome-headless-shell", "headless_shell", "Chromium"}
    ]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def _starts(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def obtain() -> str | None:
    """Return the path of a Chromium, installing one where none is found."""
    for install in (
        lambda: None,
        lambda: install_with_apt(WITHOUT_WINDOWS),
        lambda: install_with_apt("chromium"),
        _install_with_playwright,
    ):
        install()
        if path := find():
            return path
    return None


def _install_with_playwright() -> None:
    print("No Chromium here; installing Playwright's own ...", file=sys.stderr)
    needs = [] if os.geteuid() or not shutil.which("apt-get") else ["--with-deps"]
    run([sys.executable, "-m", "playwright", "install", *needs, "chromium"], dict(os.environ))


if __name__ == "__main__":
    chromium = obtain()
    if chromium is None:
        sys.exit(
            "The browser journeys need a Chromium, and none was found or could be installed.\n"
            "Install chromium or google-chrome, or name one in CHROMIUM, then try again."
        )
    print(chromium)
