"""The pages that say how letters stand, as a test reads them."""

from bs4 import BeautifulSoup, Tag

from tests.letters.posting import LETTER

LIST = "/organiser/letters"
PAGE = f"{LIST}/{LETTER}"
OTHER_PAGE = f"{LIST}/letter-on-partner-governments"


def row_of(page: BeautifulSoup, words: str) -> Tag:
    """Return the row with these words in the table of numbers."""
    [found] = [row for row in page.select("tr:has(td.num)") if words in row.get_text()]
    return found


def numbers(page: BeautifulSoup, row: str) -> dict[str, str]:
    """Return the numbers in the row of a table that is about this."""
    found = row_of(page, row)
    return {
        str(cell["data-label"]): cell.get_text(" ", strip=True)
        for cell in found.select("td.num, td.desk__answers")
        if cell.get_text(strip=True) not in {"0", "–"}
    }


def figures(page: BeautifulSoup) -> dict[str, str]:
    """Return the large numbers on the page of one letter campaign, but for noughts."""
    shown = page.select("main > div > .desk__figures div")
    pairs = [one.get_text(" ", strip=True).rsplit(" ", 1) for one in shown]
    return {label: number for label, number in pairs if number != "0"}
