"""The machine that measures: what is needed to judge the figures, and nothing that names it."""

import os
import platform
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

LIBRARIES = ("flask", "sqlalchemy", "psycopg", "gunicorn")
SYNCS = 40


def described() -> list[str]:
    """Return lines about processor, memory, disk and versions."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return [
        f"{os.cpu_count()} cores, {_line('/proc/cpuinfo', 'model name')}",
        f"{int(_line('/proc/meminfo', 'MemTotal').split()[0]) / 1024**2:.0f} GiB of memory",
        f"writing 8 KiB to the disk for good takes {_sync_ms():.2f} ms",
        f"Python {platform.python_version()}, {libraries}",
    ]


def _line(file: str, name: str) -> str:
    for line in Path(file).read_text().splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "unknown"


def _sync_ms() -> float:
    with tempfile.TemporaryFile() as stream:
        took = []
        for _ in range(SYNCS):
            started = time.perf_counter()
            stream.write(bytes(8192))
            stream.flush()
            os.fdatasync(stream.fileno())
            took.append(time.perf_counter() - started)
        return median(took) * 1000
