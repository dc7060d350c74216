"""What processes cost, read from /proc: processor time and the peak of their memory."""

import os
import time
from pathlib import Path

PROC = Path("/proc")
IDLE_SHARE = 0.1
"""Of one processor."""
TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """Return the process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for member in found:
        found.extend(children.get(member, ()))
    return found


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process and its descendants, ended ones included."""
    ticks = 0
    for member in family(pid):
        fields = _stat(member)
        if fields:
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICKS


def wait_until_idle(pid: int) -> None:
    """Wait until a process has done what it does when it begins: it takes next to no time then."""
    before, spent = cpu_seconds(pid), 1.0
    while spent > IDLE_SHARE:
        time.sleep(1.0)
        before, spent = (after := cpu_seconds(pid)), after - before


def peak_kilobytes(pid: int) -> int:
    """Return the most memory that the process ever held (VmHWM)."""
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def restart_peak(pid: int) -> None:
    """Let the peak begin anew at what the process holds now, so that earlier work hides nothing."""
    (PROC / str(pid) / "clear_refs").write_text("5")


def _stat(pid: int) -> list[str] | None:
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()
