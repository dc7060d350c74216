"""Makes `.venv` and keeps it at the pinned versions; needs nothing but the standard library."""

import fcntl
import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "installed.json"
USABLE = "import pip, sys; sys.exit(sys.version_info < (3, 11))"


def main(names: list[str]) -> None:
    """Bring `.venv` to what the requirement files of these names ask for."""
    with (ROOT / "requirements.txt").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _usable():
            _make()
        installed = _installed()
        for name in names:
            digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
            if installed.get(name) != digest:
                _install(name)
                installed[name] = digest
                INSTALLED.write_text(json.dumps(installed), encoding="utf-8")


def _usable() -> bool:
    try:
        return subprocess.run([PYTHON, "-c", USABLE], capture_output=True).returncode == 0
    except OSError:
        return False


def _make() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            "Python's venv module is missing here. On Debian or Ubuntu, install the package "
            f"python3-venv (for this Python also named python{version}-venv), then try again."
        )
    print("Making .venv ...", file=sys.stderr)
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV]).returncode:
        sys.exit("Python could not make .venv; what it said is above.")


def _installed() -> dict[str, str]:
    try:
        found = json.loads(INSTALLED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _install(name: str) -> None:
    print(f"Installing {name} ...", file=sys.stderr)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet"]
    quietly = ["--disable-pip-version-check", "--no-input"]
    if subprocess.run([*pip, *quietly, "--require-hashes", "-r", str(ROOT / name)]).returncode:
        sys.exit(f"pip could not install {name}; what it said is above. Nothing was started.")


if __name__ == "__main__":
    main(sys.argv[1:])
