"""A TOML file: its values, the line of each, and what is wrong with it in words."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from petition.core.drafts.problems import Place
from petition.core.files.plain_file import LARGEST_TABLE, FileRefused, read_text

MOST_PARTS = 30
_part = r"""(?:[\w-]++|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*"""
_long_name = re.compile(rf"""(?<![\w'"-])(?:{_part}){{{MOST_PARTS}}}""")
"""A name of many parts with dots between them: reading it costs the square of their number."""
_key = r"""(?:[\w-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
_keys = re.compile(rf"[ \t]*({_key}(?:[ \t]*\.[ \t]*{_key})*)[ \t]*")
_one_key = re.compile(_key)
_token = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'|#[^\n]*|[\[\]{}\n]",
    re.DOTALL,
)
_where = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
_very_long_number = re.compile(r"(?<=[\s=,\[])[+-]?(?:\d_?){4300,}")
_british_day = re.compile(r"=\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_short_day = re.compile(r"=\s*(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})\b")
_bare_text = re.compile(r"=\s*[^\W\d_][^\"'=\[{]*$")
_quote_within = re.compile(r'=\s*"[^"]*"\s*[^\s#,\]}]')
CURLY = "“”„‟«»‘’‚"


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What a file says, and in which line."""

    values: Mapping[str, Any]
    lines: Mapping[Place, int]

    def line_of(self, place: Place) -> int | None:
        """Return the line of a value, else that of the nearest table around it."""
        return next(
            (
                self.lines[place[:length]]
                for length in range(len(place), 0, -1)
                if place[:length] in self.lines
            ),
            None,
        )


def read_toml(file: Path) -> TomlFile:
    """Read a file. Raises FileRefused, which says in which line and how to put it right."""
    text = read_text(file, most=LARGEST_TABLE)
    if _long_name.search(text):
        raise FileRefused(f"{file.name}: a name has more than {MOST_PARTS} parts.")
    try:
        values = tomllib.loads(text)
    except RecursionError:
        raise FileRefused(f"{file.name}: lists within lists, too deep to be read.") from None
    except tomllib.TOMLDecodeError as fault:
        raise FileRefused(f"{file.name}{_in_words(str(fault), text)}") from None
    except ValueError:  # Python reads no decimal number of more than 4,300 digits
        raise FileRefused(f"{file.name}{_long_number(text)}") from None
    lines: dict[Place, int] = {}
    for place, line in _lines(text):
        for length in range(1, len(place) + 1):
            lines.setdefault(place[:length], line)
    return TomlFile(values, lines)


def _long_number(text: str) -> str:
    """Return where a number is that is too long, as it follows the name of the file."""
    found = _very_long_number.search(text)
    line = f", line {text.count(chr(10), 0, found.start()) + 1}" if found else ""
    return f"{line}: a number has too many digits; write one of at most nine."


def _in_words(fault: str, text: str) -> str:
    """Return where a fault is and how to put it right, as it follows the name of the file."""
    lines = text.split("\n")
    found = _where.search(fault)
    number = int(found[1]) if found and found[1] else len(text.rstrip().split("\n"))
    plain = _where.sub("", fault)
    cure = _cure(lines[number - 1] if number <= len(lines) else "", plain)
    return f", line {number}: {cure or f'{plain}.'}"


def _cure(line: str, fault: str) -> str | None:
    if day := _day_in(line):
        return f"write a day as {day}, without quotation marks."
    if any(mark in line.partition("=")[2].lstrip()[:1] for mark in CURLY):
        return 'write straight quotation marks (") around a text; “ ” are for within it.'
    if "overwrite" in fault or "twice" in fault:
        return "this key or table was given before; each may be given once."
    if "escaped" in fault or "Unescaped '\\'" in fault:
        return "a backslash in a text is written twice (\\\\)."
    if _quote_within.search(line):
        return 'a quotation mark within a text is written \\" there, or “ ”.'
    if _bare_text.search(line):
        return 'a text stands in quotation marks, as in kind = "abuse"; true and false do not.'
    if fault.startswith(("Illegal character", "Unterminated string", "Expected '\"'")):
        return (
            'a text in quotation marks ends in its line; a longer one stands between """ and """.'
        )
    return None


def _day_in(line: str) -> str | None:
    """Return a day that a line has in another order or manner, as TOML has it."""
    if found := _british_day.search(line):
        day, month, year = (int(part) for part in found.groups())
    elif found := _short_day.search(line):
        year, month, day = (int(part) for part in found.groups())
    else:
        return None
    if month > 12:
        day, month = month, day
    return f"{year}-{month:02}-{day:02}"


def _lines(text: str) -> Iterator[tuple[Place, int]]:
    """Yield the line of each key and table of a text that is TOML, in their order."""
    table: Place = ()
    counted: dict[Place, int] = {}
    for line, statement in _statements(text):
        if statement.startswith("["):
            names = _names(statement.lstrip("["))
            table = _through(names[:-1], counted) + names[-1:]
            if statement.startswith("[["):
                counted[table] = counted.get(table, -1) + 1
                table = (*table, counted[table])
            yield table, line
        elif names := _names(statement):
            yield (*table, *names), line


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with the number of its first line."""
    begin, depth = 0, 0
    line = 1
    for token in _token.finditer(f"{text}\n"):
        mark = token[0]
        depth += (mark in {"[", "{"}) - (mark in {"]", "}"})
        if mark == "\n" and depth == 0:
            statement = text[begin : token.start()]
            if statement.strip():
                ahead = len(statement) - len(statement.lstrip())
                yield line + statement.count("\n", 0, ahead), statement.strip()
            line += statement.count("\n") + 1
            begin = token.end()


def _names(statement: str) -> Place:
    found = _keys.match(statement)
    if found is None:
        return ()
    return tuple(name.strip("\"'") for name in _one_key.findall(found[1]))


def _through(names: Place, counted: Mapping[Place, int]) -> Place:
    """Return the place that a heading means: in a table of many, the last of them."""
    place: Place = ()
    for name in names:
        place = (*place, name)
        if place in counted:
            place = (*place, counted[place])
    return place
