"""The form that asks for a pack, and what the page of a delivery says of those made before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from petition.core.clock import now
from petition.core.i18n import language_name
from petition.deliveries.models import Delivery
from petition.deliveries.pack.actions import TIERS
from petition.deliveries.pack.manifest import Profile, profiles_for
from petition.deliveries.pack.models import DeliveryPack, OwnWords
from petition.deliveries.pack.queries import downloads_of, numbers_of
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.writing.about import language_of_papers
from petition.deliveries.pack.writing.blanks import language_of_sheets
from petition.deliveries.pack.writing.profiles import LANGUAGES_OF_SHEETS
from petition.jobs.models import FileState
from petition.organisers.queries import names_of
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import LongTextField, answered, at_most, plain_text
from petition.web.site.formats import listed, long_date
from petition.web.site.languages import present_language

LONGEST_LETTER, LONGEST_TEXT, LONGEST_REQUEST = 600, 800, 400


def _words(label: Any, longest: int) -> LongTextField:
    return LongTextField(
        label=label,
        validators=[at_most(longest), plain_text(lines=True)],
        render_kw={"rows": 4, "dir": "auto"},
    )


class SheetHelp(NamedTuple):
    """What to know before one writes for the sheets of a parliament."""

    language: str
    declares: str
    requests: str


def _sheet_words() -> Mapping[Profile, tuple[str, str]]:
    """Return what stands on the sheets before what a petition declares, and what it requests."""
    return {
        Profile.UK_PAPER: (
            _("Follows “Declares that …”."),
            _("Follows “request that the House of Commons …”. It stands on every sheet."),
        ),
        Profile.CANADA_PAPER: (
            _("Follows “draw the attention of the House of Commons to the following: …”."),
            _("Follows “request the House of Commons to …”. It stands on every sheet."),
        ),
        Profile.EUROPEAN_PARLIAMENT: (
            _(
                "Stands below the heading as you write it: a matter within the Union’s fields, "
                "and how it affects whoever signs directly."
            ),
            _("Follows “ask the European Parliament to …”. It stands on every sheet."),
        ),
    }


class PackForm(BoundedForm):
    """For whom a pack is, what it is to say of each person, and the organiser's own words."""

    profile = RadioField(
        label=lazy("Who gets it"),
        default=Profile.MINISTER,
        validate_choice=False,
        validators=[answered(lambda: _("Choose who gets it"))],
    )
    tier = RadioField(
        label=lazy("What the recipient gets to know"),
        default=Tier.NAMES,
        validators=[answered(lambda: _("Choose what the recipient gets to know"))],
    )
    letter = _words(lazy("Your own words"), LONGEST_LETTER)
    declares = _words(lazy("What the petition declares"), LONGEST_TEXT)
    requests = _words(lazy("What it requests"), LONGEST_REQUEST)

    def __init__(self, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.delivery, fitting = delivery, profiles_for(delivery.jurisdiction)
        self.profile.choices = [SelectChoice(one, profile_words()[one]) for one in fitting]
        self.tier.choices = [SelectChoice(one, tier_words()[one]) for one in TIERS]
        self.house = fitting[-1] if fitting[-1] in LANGUAGES_OF_SHEETS else None

    def validate_profile(self, field: RadioField) -> None:
        """Refuse what no office of that place takes."""
        if field.data not in profiles_for(self.delivery.jurisdiction):
            raise ValidationError(_("That is for another country’s offices. Choose from these"))

    def validate_declares(self, field: LongTextField) -> None:
        """Want words for sheets that are signed by hand, where there are to be any."""
        if self._has_sheets and not (field.data or "").strip():
            raise StopValidation(_("Say what the petition declares: it stands on the sheets"))

    def validate_requests(self, field: LongTextField) -> None:
        """Want them here too."""
        if self._has_sheets and not (field.data or "").strip():
            raise StopValidation(_("Say what it requests: it stands on every sheet"))

    @property
    def _has_sheets(self) -> bool:
        return self.house is not None and self.profile.data == self.house

    @property
    def own_words(self) -> OwnWords | None:
        """What was written, if anything was; for sheets only where there are to be any."""
        letter, *others = (
            (one.data or "").strip() for one in (self.letter, self.declares, self.requests)
        )
        said = OwnWords(letter, *(others if self._has_sheets else ()))
        return said if said != OwnWords() else None

    @property
    def sheets(self) -> SheetHelp | None:
        """What to know of the sheets of the parliament there."""
        if self.house is None:
            return None
        language = language_of_sheets(self.house, language_of_papers(self.delivery))
        return SheetHelp(language_name(language, present_language()), *_sheet_words()[self.house])

    @property
    def help(self) -> Mapping[Tier, str]:
        """Who then knows what."""
        return {
            Tier.NAMES: _(
                "Whoever has the pack knows the full name and the country of everybody who signed, "
                "and in which week they did. The privacy page and the form to sign say so. "
                "Reasons that appear in public are in it too."
            ),
            Tier.COUNTS: _(
                "Whoever has the pack knows how many signed, in which weeks and from which "
                "countries, and nobody’s name."
            ),
        }

    @property
    def profile_help(self) -> Mapping[Profile, str]:
        """What each body takes and does not take, and why."""
        return {
            Profile.MINISTER: _(
                "The list is evidence of support. It is no petition to a parliament, which has "
                "rules and a signing of its own."
            ),
            Profile.UK_PAPER: _(
                "The House takes paper signed by hand, or e-petitions on its own site: no "
                "photocopies and no electronic signatures. A Member presents it. The top sheet has "
                "the full text and name, address and handwritten signature of at least two; "
                "further sheets repeat the request. In English or with a translation, in moderate "
                "language, without insertions or deletions; nothing that is before British courts, "
                "and no direct request for public money."
            ),
            Profile.CANADA_PAPER: _(
                "The House takes paper with original signatures, or e-petitions on its own site. "
                "At least 25 citizens or residents sign with their addresses, three of them on "
                "the first sheet; the request is on each, and is about a federal matter. Nothing "
                "may be attached, no logo, map or appendix: so keep the list apart. Sheets measure "
                "14 × 21.5 to 28 × 43.25 cm. A Member presents them once the Clerk of Petitions "
                "has certified them."
            ),
            Profile.EUROPEAN_PARLIAMENT: _(
                "A petition states the name and permanent address of each petitioner, which we do "
                "not ask. Citizens and residents of the Union may petition about a matter of its "
                "fields that affects them directly, in an official language; they name a "
                "representative, or it is who signed first. It becomes public; a name is withheld "
                "on request."
            ),
        }


def profile_words() -> Mapping[Profile, str]:
    """Return what each kind of recipient is called."""
    return {
        Profile.MINISTER: _("A minister, or another office of a government"),
        Profile.UK_PAPER: _("UK House of Commons: with blank paper sheets"),
        Profile.CANADA_PAPER: _("Canadian House of Commons: with blank paper sheets"),
        Profile.EUROPEAN_PARLIAMENT: _("European Parliament: with blank paper sheets"),
    }


def tier_words() -> Mapping[Tier, str]:
    """Return what each tier that we can pack is called."""
    return {Tier.NAMES: _("Names and countries"), Tier.COUNTS: _("Countries only")}


@dataclass(frozen=True, slots=True)
class PackLine:
    """One pack in the record."""

    pack: DeliveryPack
    number: int
    """Which of its delivery's."""
    state: FileState
    tier: str
    profile: str
    who: str
    downloads: int

    @property
    def called(self) -> str:
        """What tells it from the others where one is chosen."""
        return listed(
            [
                _("Pack %(number)s", number=self.number),
                ngettext("%(num)s signature", "%(num)s signatures", self.pack.row_count or 0),
                self.tier,
                _("made %(day)s", day=long_date(self.pack.asked_at)),
                ngettext("%(num)s download", "%(num)s downloads", self.downloads),
            ]
        )


def lines_of(packs: list[DeliveryPack]) -> list[PackLine]:
    """Return these packs, all of one delivery, as the record tells of them."""
    names, downloads = names_of(pack.organiser_id for pack in packs), downloads_of(packs)
    at, words = now(), tier_words()
    numbers = numbers_of(packs[0].delivery_id) if packs else {}
    return [
        PackLine(
            pack=pack,
            number=numbers[pack.id],
            state=pack.state_at(at),
            tier=words[pack.tier],
            profile=profile_words()[pack.profile],
            who=names[pack.organiser_id],
            downloads=downloads[pack.id],
        )
        for pack in packs
    ]
