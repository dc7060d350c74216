"""What was seen of exports: their table, and which aims are met."""

from dataclasses import dataclass

from bench.exporting import Files, Taken
from bench.tables import Aim, ms, row

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Exports:
    """The rounds of an export, and of what it is held against."""

    count: int
    """How many signatures each file has."""
    made: Files
    """The file as a worker makes it; its first byte is the first progress that one sees."""
    download: Files
    loop: Files
    copy: Files
    lines: Files | None = None
    """The same signatures as JSON lines, where they were measured."""

    def aims(self) -> list[Aim]:
        """Return the aims of exports with what was seen."""
        against_copy = self.made.figure(_seconds) / self.copy.figure(_seconds)
        rows_a_second = self.count / self.made.figure(lambda taken: taken.cpu)
        grown = max(t.growth_kilobytes for t in (*self.made.rounds, *self.download.rounds))
        lines = self.lines.rounds if self.lines else []
        held = max(taken.peak_kilobytes for taken in (*self.made.rounds, *lines))
        return [
            *self._aims_of_lines(),
            Aim("export against COPY, times the wall", against_copy, 3.5),
            Aim("export, rows a second of the worker's processor", rows_a_second, 90_000, True),
            Aim("export, first progress", self.made.figure(_first_byte), 1.0, unit=" s"),
            Aim("download, first byte", self.download.figure(_first_byte), 0.3, unit=" s"),
            Aim(
                "export and download, growth of a process's peak memory (worst round)",
                grown / 1000,
                20.0,
                unit=" MB",
            ),
            Aim("export, peak of the worker (worst round)", held / 1000, 120.0, unit=" MB"),
        ]

    def _aims_of_lines(self) -> list[Aim]:
        if self.lines is None:
            return []
        against_copy = self.lines.figure(_seconds) / self.copy.figure(_seconds)
        rows_a_second = self.count / self.lines.figure(lambda taken: taken.cpu)
        return [
            Aim("JSON lines against COPY, times the wall", against_copy, 3.5),
            Aim("JSON lines, rows a second of the worker's processor", rows_a_second, 90_000, True),
        ]

    def table(self) -> str:
        """Return the table of the export and its ceilings."""
        lines = [
            (
                f"| {self.count:,} signatures, in CSV | wall s | to the loop | first byte s | MB "
                "| peak memory grew MB | CPU s writer | CPU s database |"
            ),
            "|---|" + "---:|" * 7,
        ]
        loop = self.loop.figure(_seconds)
        ways = (
            ("export, made and sealed by a worker", self.made),
            ("its download over HTTP", self.download),
            *([("the same as JSON lines", self.lines)] if self.lines else []),
            ("cursor and csv.writer", self.loop),
            ("COPY … TO STDOUT", self.copy),
        )
        for words, files in ways:
            growth = max(taken.growth_kilobytes for taken in files.rounds) / 1000
            cells = [
                f"{files.figure(_seconds):.2f}",
                f"{files.figure(_seconds) / loop:.2f}",
                f"{files.figure(_first_byte):.3f}",
                f"{files.figure(lambda t: t.size) / MEGABYTE:.0f}",
                f"{growth:.1f}" if files not in (self.loop, self.copy) else "–",
                f"{files.figure(lambda t: t.cpu):.2f}",
                ms(files.rounds[0].database_cpu and files.figure(_database_cpu), 1, 2),
            ]
            lines.append(row(words, cells))
        return "\n".join(lines)


def _seconds(taken: Taken) -> float:
    return taken.seconds


def _first_byte(taken: Taken) -> float:
    return taken.first_byte


def _database_cpu(taken: Taken) -> float:
    return taken.database_cpu or 0.0
