"""What a spreadsheet may take for a formula and run, and how a table keeps it from doing so.

A cell is preceded by an apostrophe (owasp.org/www-community/attacks/CSV_Injection).
"""

import re

_UNSEEN = r"\"\u00a0\u00ad\u200b-\u200f\u2060\ufeff"
_PLACE = rf"(?:^|[;\t\r\n])(?:[^\S\t\r\n]|[{_UNSEEN}])*"
_NEAREST = f"{_PLACE}?"
_BEGIN = r"(?=[=+\-@\t\r＝＋－＠])"
FORMULA = re.compile(_PLACE + _BEGIN)
"""A place where a spreadsheet may see a formula begin: at the start of a cell, and after what some
of them, set to other separators, take for the end of one. No blank is looked at from two places:
a cell of nothing but lines would be work by the square of its length."""
_first = re.compile(rf"[\s{_UNSEEN}]*{_BEGIN}")
_to_shield = re.compile(rf"{_NEAREST}'*{_BEGIN}")
_shielded = re.compile(rf"({_NEAREST}'*)'{_BEGIN}")


def begins_a_formula(cell: str) -> bool:
    """Whether a spreadsheet may run this cell."""
    return _first.match(cell) is not None


def shielded(text: str) -> str:
    """Return the text so that no spreadsheet runs it, and `unshielded` gives it back."""
    return _to_shield.sub(r"\g<0>'", text)


def unshielded(cell: str) -> str:
    """Return what was shielded; anything else as it is."""
    return _shielded.sub(r"\1", cell)
