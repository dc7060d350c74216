"""The questions by which an export is narrowed, or made of several petitions."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, ValidationError

from petition.core.i18n import LANGUAGES, countries
from petition.exports.choice import Choice, checked
from petition.petitions.models import Petition
from petition.petitions.queries import all_petitions
from petition.signatures.tally import countries_of
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.several_field import SeveralField
from petition.web.organiser.door.filter_fields import DayField
from petition.web.organiser.signatures.petitions import title_of
from petition.web.organiser.signatures.sources_field import SourcesField
from petition.web.site.formats import name_of_language
from petition.web.site.languages import present_language


class ChoiceForm(BoundedForm):
    """Which of the signatures, and of which petitions besides the one that the page is about."""

    countries = SeveralField(label=lazy("Only from these countries"))
    languages = SeveralField(label=lazy("Only who signed in these languages"))
    first_day = DayField(label=lazy("From the day (UTC)"), validators=[Optional()])
    last_day = DayField(label=lazy("Until the day, included (UTC)"), validators=[Optional()])
    sources = SourcesField()
    petitions = SeveralField(label=lazy("Together with these petitions"))

    def __init__(self, petition: Petition, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        others = [one for one in all_petitions() if one.versions and one.id != petition.id]
        self._others = {one.slug: one.id for one in others}
        self.petitions.allowed = self._others
        self.petitions.choices = [SelectChoice(one.slug, title_of(one)) for one in others]
        self.languages.allowed = LANGUAGES
        self.languages.choices = [
            SelectChoice(code, name_of_language(code))
            for code in sorted(LANGUAGES, key=name_of_language)
        ]
        self._offer_countries([petition.id, *self._others.values()])

    def _offer_countries(self, petition_ids: list[int]) -> None:
        names = countries(present_language())
        known = {*countries_of(petition_ids), *self.countries.answers} & names.keys()
        self.countries.allowed = names.keys()
        self.countries.choices = [
            SelectChoice(code, names[code]) for code in sorted(known, key=lambda one: names[one])
        ]

    def validate_last_day(self, field: DayField) -> None:
        """Refuse days in the wrong order."""
        first: date | None = self.first_day.data
        if first and field.data and field.data < first:
            raise ValidationError(_("The last day is before the first"))

    @property
    def is_narrowed(self) -> bool:
        """Whether something was answered here, or answered wrongly."""
        mine = self.countries, self.languages, self.first_day, self.last_day, self.sources
        return any(one.data or one.errors for one in mine)

    def choice(self) -> Choice:
        """Return to what the file is narrowed. Raises ChoiceRefused."""
        return checked(
            Choice(
                tuple(self.countries.answers),
                self.first_day.data,
                self.last_day.data,
                tuple(self.languages.answers),
                self.sources.sources,
            )
        )

    def further(self) -> tuple[int, ...]:
        """Return which petitions are in it besides."""
        return tuple(self._others[slug] for slug in self.petitions.answers)
