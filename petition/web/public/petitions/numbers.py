"""How many signed a petition, week by week and country by country."""

from babel.dates import format_date, format_skeleton
from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.i18n import countries, writing_locale
from petition.petitions.asks import Ask
from petition.signatures.queries import (
    FEWEST_NAMED,
    CountryCounts,
    WeekCount,
    tallied,
    tallied_by_country,
    tallied_by_week,
)
from petition.web.drawings.charts import Chart, Datum, bars, columns
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import rendered
from petition.web.public.petitions.petition_page import ask_or_404, petition_page
from petition.web.site.languages import present_language

MOST_WEEKS = 52
MOST_COUNTRIES = 40

blueprint = Blueprint("numbers", __name__)


@blueprint.get("/petitions/<slug:slug>/numbers")
def show(lang: str, slug: str) -> ResponseReturnValue:
    """Show the numbers, the same to everyone."""
    ask = ask_or_404(slug)
    return cached_page(("numbers", lang, slug), lambda: _render(ask))


def _render(ask: Ask) -> str:
    return rendered(
        "public/petitions/numbers/show.html",
        petition=petition_page(ask),
        count=tallied(ask.petition_id),
        by_week=week_chart(tallied_by_week(ask.petition_id)),
        by_country=country_chart(tallied_by_country(ask.petition_id)),
        fewest=FEWEST_NAMED,
    )


def week_chart(weeks: list[WeekCount]) -> Chart | None:
    """Return the columns of the last year's weeks; None where nobody has signed."""
    locale = writing_locale(present_language())
    data = [
        Datum(
            label=format_date(week.monday, "long", locale=locale),
            value=week.count,
            short=format_skeleton("MMMd", week.monday, locale=locale),
        )
        for week in weeks[-MOST_WEEKS:]
    ]
    return columns(data) if data else None


def country_chart(counted: CountryCounts) -> Chart | None:
    """Return the bars of the countries, those not named last; None where nobody has signed."""
    names = countries(present_language())
    shown, rest = counted.named[:MOST_COUNTRIES], counted.named[MOST_COUNTRIES:]
    data = [Datum(names.get(code, code), count) for code, count in shown]
    others = counted.others + sum(count for _code, count in rest)
    if others:
        data.append(Datum(_("Other countries"), others))
    return bars(data) if data else None
