"""Which of a petition's signatures an export holds: by country, day, language and source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from petition.core.drafts.kinds import is_country, is_language
from petition.core.errors import DomainError
from petition.signatures.sources import LONGEST_SOURCE, as_source

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
MOST_SOURCES = 20


class ChoiceRefused(DomainError):
    """A choice makes no sense; the message says what of it, in one sentence."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What narrows an export; where nothing is named, all are meant."""

    countries: tuple[str, ...] = ()
    """Of the signers: ISO 3166-1 alpha-2."""
    first_day: date | None = None
    """From its beginning in UTC: of confirming, or of signing where all states are exported."""
    last_day: date | None = None
    """To its end in UTC."""
    languages: tuple[str, ...] = ()
    """In which the signers read the page that they signed on."""
    sources: tuple[str, ...] = ()
    """Which the addresses named by which the signers came."""

    @classmethod
    def kept(
        cls,
        countries: str | None,
        languages: str | None,
        first_day: date | None,
        last_day: date | None,
        sources: str | None,
    ) -> "Choice":
        """Return a choice as tables keep it: codes with a space between them."""
        codes = (tuple((text or "").split()) for text in (countries, languages, sources))
        in_countries, in_languages, from_sources = codes
        return cls(in_countries, first_day, last_day, in_languages, from_sources)

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return self != Choice()

    @property
    def has_days(self) -> bool:
        """Whether it goes by days."""
        return self.first_day is not None or self.last_day is not None

    def within(self, other: "Choice") -> "Choice":
        """Return what is in both. Raises ChoiceRefused where nothing can be."""
        days = (self.first_day, other.first_day), (self.last_day, other.last_day)
        firsts, lasts = ([day for day in two if day is not None] for two in days)
        return checked(
            Choice(
                _in_both(self.countries, other.countries, "countries"),
                max(firsts, default=None),
                min(lasts, default=None),
                _in_both(self.languages, other.languages, "languages"),
                _in_both(self.sources, other.sources, "sources"),
            )
        )

    def holds(self, its: Any, moment: Any) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on a signature's columns; by `moment` the days go."""
        if self.countries:
            yield its.country.in_(self.countries)
        if self.languages:
            yield its.language.in_(self.languages)
        if self.sources:
            yield its.source.in_(self.sources)
        yield from self.days_hold(moment)

    def days_hold(self, moment: Any) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on the moment by which the days go."""
        if self.first_day is not None:
            yield moment >= _beginning(self.first_day)
        if self.last_day is not None:
            yield moment < _beginning(self.last_day + timedelta(days=1))


def checked(choice: Choice) -> Choice:
    """Return a choice in the order in which it is kept, nothing twice. Raises ChoiceRefused."""
    for code in choice.countries:
        if is_country(code):
            raise ChoiceRefused(f"There is no country “{code}”: write US, GB, FR.")
    for code in choice.languages:
        if is_language(code):
            raise ChoiceRefused(f"There is no language “{code}”: write en, fr, ar.")
    _check_sources(choice.sources)
    first, last = choice.first_day, choice.last_day
    for day in (first, last):
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise ChoiceRefused(f"Nobody signed on {day.isoformat()}: look at the year once more.")
    if first and last and last < first:
        raise ChoiceRefused("The last day is before the first.")
    countries, languages, sources = (
        tuple(sorted(set(codes))) for codes in (choice.countries, choice.languages, choice.sources)
    )
    return Choice(countries, first, last, languages, sources)


def _check_sources(sources: tuple[str, ...]) -> None:
    if len(sources) > MOST_SOURCES:
        raise ChoiceRefused(f"There are {len(sources)} sources: name {MOST_SOURCES} at most.")
    for name in sources:
        if as_source(name) is None:
            raise ChoiceRefused(
                f"“{name[: 2 * LONGEST_SOURCE]}” is no source: write newsletter-nov, in small "
                f"letters, digits and hyphens, at most {LONGEST_SOURCE}."
            )


def _in_both(mine: tuple[str, ...], theirs: tuple[str, ...], what: str) -> tuple[str, ...]:
    if not mine or not theirs:
        return mine or theirs
    both = tuple(code for code in mine if code in theirs)
    if not both:
        raise ChoiceRefused(f"The preset is for other {what}: {', '.join(theirs)}.")
    return both


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
