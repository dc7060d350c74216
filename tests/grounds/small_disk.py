"""A disk of its own that a test can fill to its last byte."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

PIECE = 4096


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A folder that is a file system."""

    folder: Path

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self, but: int = 0) -> None:
        """Leave no room at all, but for so many bytes."""
        with suppress(OSError), self._ballast.open("wb", buffering=0) as file:
            while shutil.disk_usage(self.folder).free > but:
                file.write(bytes(PIECE))

    def empty(self) -> None:
        """Give the room back."""
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a disk in memory; the test is skipped where the system does not let us."""
    folder.mkdir(mode=0o777)
    options = f"size={megabytes}m,mode=1777"
    mounting = ["mount", "-t", "tmpfs", "-o", options, "petition-test", str(folder)]
    if subprocess.run(mounting, capture_output=True).returncode != 0:
        pytest.skip("a full disk needs leave to mount one: run it as root")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
