"""Programs that write the cells they are given, out of memory, and do nothing else.

Run as `python -m bench.bare xlsx|typst GIVEN MADE`: says "ready" when all is in memory, begins when
told to, says "done" and waits.
"""

import json
import sys
from pathlib import Path

import typst
from xlsxwriter import Workbook


def xlsx(given: list[str], made: Path) -> None:
    """Write a workbook of text in constant memory; each line given is a row, in JSON."""
    rows = [json.loads(line) for line in given]
    _wait()
    book = Workbook(str(made), {"constant_memory": True})
    sheet = book.add_worksheet()
    text = book.add_format({"num_format": "@"})
    sheet.set_column(0, len(rows[0]) - 1, 20, text)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell)
    book.close()


def sheets(given: list[str], made: Path) -> None:
    """Set each part, one after the other; the first line given says with what, in JSON."""
    order, *parts = (json.loads(line) for line in given)
    _wait()
    with made.open("wb") as out:
        for part in parts:
            compiler = typst.Compiler(
                root=order["root"], font_paths=order["fonts"], ignore_system_fonts=True
            )
            made_of_it = compiler.compile(
                order["template"], format="pdf", pdf_tags=False, sys_inputs={"data": part}
            )
            assert isinstance(made_of_it, bytes)
            out.write(made_of_it)


def _wait() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def main() -> None:
    """Do what is asked for."""
    kind, given, made = sys.argv[1:]
    lines = Path(given).read_text("utf-8").splitlines()
    {"xlsx": xlsx, "typst": sheets}[kind](lines, Path(made))
    print("done", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
