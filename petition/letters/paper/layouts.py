"""How letters are laid out where their recipient is: window, sender, date, signature, folds.

All measures are millimetres from the upper left corner of the sheet. A folded sheet slides in its
envelope: mostly it lies at the bottom, and sideways it lies anywhere. Each window here is what
shows of a sheet at the bottom. An address begins where it shows of a sheet at the top as well.
"""

from dataclasses import dataclass

from petition.recipients.models import Paper


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle on the sheet."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a letter stand on its first sheet."""

    left: float
    """The margin at the left."""
    right: float
    """The margin at the right."""
    window: Rectangle
    indent: float
    """How far from the window's sides the address keeps."""
    first: float
    """Where its first line stands; higher, when there are so many that they need the room."""
    sender: Rectangle
    body: float
    """Where the rest begins: under all that can ever show in the window."""
    date: float | None
    """How far from where lines begin; None: under the sender."""
    signature: float = 0
    """How far from where lines begin."""
    folds: tuple[float, ...] = ()
    """Where the sheet is folded, if it is marked."""


# DIN 5008, form B: the address field is 85 x 45 mm, 20 mm from the left and 45 mm from the top; its
# lower 27.3 mm are for the address, lines begin at 25 mm, folds are marked at 105 and 210 mm. The
# window of DIN 680 is 90 x 45 mm, 20 mm from the left and 15 mm from the bottom of an envelope of
# 220 x 110 mm. Used for every country that has no layout of its own here.
DIN_5008_B = Layout(
    left=25,
    right=20,
    window=Rectangle(20, 45, 85, 45),
    indent=5,
    first=62.7,
    sender=Rectangle(125, 25, 65, 62),
    body=97,
    date=100,
    folds=(105, 210),
)
# NF Z 11-001 (withdrawn, and still what French letters keep to): sender at the left, recipient at
# the right, date and signature under the recipient. The window of a French DL envelope is 100 mm
# wide and ends 20 mm from the right and from the bottom; a sheet in equal thirds (99 mm) has 11 mm
# to slide. Mailing houses ask for 110 mm from the left and 55 mm from the top, as does NF.lco of
# KOMA-Script for the left.
NF_Z_11_001 = Layout(
    left=25,
    right=20,
    window=Rectangle(100, 45, 90, 34),
    indent=8,
    first=55,
    sender=Rectangle(25, 25, 65, 62),
    body=99,
    date=83,
    signature=83,
)
# BS 4264: the window of a DL envelope is 93 x 39 mm, 20 mm from the left and 53 mm from the top;
# stationers also sell 90 x 35 mm, 18 mm from the bottom. BS 1808 has the address at the left from
# about 50 mm; GOV.UK Notify sets it 24.6 mm from the left, and lets the body begin at 95 mm.
BS_4264 = Layout(
    left=25,
    right=25,
    window=Rectangle(20, 50, 85, 31),
    indent=5,
    first=57,
    sender=Rectangle(125, 25, 60, 62),
    body=96,
    date=0,
)
# A No. 10 envelope is 9 1/2 x 4 1/8 in; its window is 4 1/2 x 1 1/8 in, 7/8 in from the left and
# 1/2 in from the bottom. Of a Letter sheet in equal thirds it shows 2.04 to 3.17 in from the top
# (PostalMethods, who print for it, ask for the same 2.042 in). Sender and date stand above it, all
# at the left, in full block style. Canada uses the same.
NO_10 = Layout(
    left=25.4,
    right=25.4,
    window=Rectangle(22.2, 51.9, 88.9, 28.5),
    indent=3.2,
    first=63.5,
    sender=Rectangle(25.4, 19, 82.6, 31),
    body=95,
    date=None,
)

BY_COUNTRY = {
    "CA": NO_10,
    "FR": NF_Z_11_001,
    "GB": BS_4264,
    "IE": BS_4264,
    "MC": NF_Z_11_001,
    "US": NO_10,
}
BY_PAPER = {Paper.A4: DIN_5008_B, Paper.LETTER: NO_10}


def layout_for(country: str, paper: Paper) -> Layout:
    """Return how a letter to somebody in this country is laid out on this paper."""
    return BY_COUNTRY.get(country, BY_PAPER[paper])
