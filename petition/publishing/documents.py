"""One file of a folder, read: its draft, and where in the file each part of the draft stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Generic, TypeVar

from petition.core.drafts.problems import Place, Problem, without_followers
from petition.core.files.plain_file import FileRefused, names_in, read_octets, read_text
from petition.publishing.binding import Binding
from petition.publishing.toml_file import TomlFile, read_toml

Draft = TypeVar("Draft")


@dataclass(frozen=True, slots=True)
class Document(Generic[Draft]):
    """A draft, and the file from which it was read."""

    name: str
    """Within the folder: `petitions/river.toml`."""
    draft: Draft
    problems: list[Problem]
    """What could not be read."""
    toml: TomlFile
    texts: Mapping[Place, str]
    """In which file beside it a text stands."""

    def in_words(self, ruled: Iterable[Problem]) -> Iterator[str]:
        """Yield all that could not be read or that a rule forbids, each with its place."""
        placed = [self._placed(one) for one in without_followers(self.problems, ruled)]
        yield from (words for _, words in sorted(placed, key=lambda one: one[0]))

    def could_read(self, key: str) -> bool:
        """Whether the value of a key is the one in the file."""
        return all(problem.field[:1] != (key,) for problem in self.problems)

    def _placed(self, problem: Problem) -> tuple[int, str]:
        line = self.toml.line_of(problem.field) or 0
        where = f"{self.name}, line {line}" if line else self.name
        text = self.texts.get(problem.field)
        in_it = f" (in {text})" if text else ""
        return line, f"{where}{in_it}: {problem.cause}"


def read_document(file: Path, name: str, draft: type[Draft]) -> Document[Draft]:
    """Read a file of a folder. Raises FileRefused where it is no TOML."""
    try:
        toml = read_toml(file)
    except FileRefused as refused:
        raise FileRefused(name.removesuffix(file.name) + str(refused)) from None
    binding = Binding(FilesBeside(file.parent))
    read = binding.read(draft, toml.values)
    return Document(name, read, binding.problems, toml, binding.files)


class FilesBeside:
    """The files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def text(self, name: str) -> str:
        """Return the text of a file. Raises FileRefused."""
        self._see(name)
        return read_text(self._folder / name)

    def octets(self, name: str) -> bytes:
        """Return the octets of a file. Raises FileRefused."""
        self._see(name)
        return read_octets(self._folder / name)

    def _see(self, name: str) -> None:
        """Say which file may be meant by one that is missing. Raises FileRefused."""
        there = names_in(self._folder)
        if name in there or not there:
            return
        alike = {one.lower(): one for one in there}
        near = alike.get(name.lower()) or alike.get(f"{name}.txt".lower())
        if near is None:
            matches = get_close_matches(name, there, n=1, cutoff=0.9)
            near = matches[0] if matches else None
        hint = f" There is “{near}”: give it this name, or name it here." if near else ""
        raise FileRefused(f"{name} is missing.{hint}")
