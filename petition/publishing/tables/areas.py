"""Areas in a cell of a spreadsheet, which takes the zeros off what it believes to be a number."""

from petition.recipients.drafts import RecipientDraft, country_of

WHOLE_COUNTRY = "*"
"""An area that is every postcode of its country; an empty word would be lost in a cell."""
DIGITS = {
    **dict.fromkeys(("US", "DE", "FR", "IT", "ES", "FI", "LT"), 5),
    "RO": 6,
    "NO": 4,
    "DK": 4,
}
"""How many digits the postcodes have of countries in which some begin with 0 (UPU, addressing)."""


def read_areas(cell: str) -> list[str]:
    """Return the areas in a cell; a star behind one says that it is a beginning, and meant so."""
    words = cell.replace(",", " ").replace(";", " ").split()
    return ["" if word == WHOLE_COUNTRY else word.removesuffix("*") for word in words]


def write_areas(areas: list[str]) -> str:
    """Return the cell of these areas, which no spreadsheet takes for a number."""
    if len(areas) == 1 and areas[0].isdecimal():
        return f"{areas[0]}*"
    return " ".join(area or WHOLE_COUNTRY for area in areas)


def lost_zero(draft: RecipientDraft, cell: str) -> str | None:
    """Return a question where a cell is a number too short for its country's postcodes.

    In a spreadsheet `02134` becomes 2134, and its people would write to nobody, those of 2134x to
    a stranger.
    """
    number = cell.strip()
    country = country_of(draft)
    length = DIGITS.get(country, 0)
    if not number.isdecimal() or not 0 < len(number) < length:
        return None
    return (
        f"“areas” is “{number}”, and postcodes of {country} have {length} digits: has a "
        f"spreadsheet taken a zero off? Write {number.zfill(length)}; or {number}* for all that "
        "begin so."
    )
