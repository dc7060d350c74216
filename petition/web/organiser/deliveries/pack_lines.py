"""The form that asks for a pack, and what the page of a delivery says of those made before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField
from wtforms.fields import SelectChoice

from petition.core.clock import now
from petition.deliveries.pack.actions import TIERS
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.queries import downloads_of
from petition.deliveries.pack.records import Tier
from petition.jobs.models import FileState
from petition.organisers.queries import names_of
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import answered


class PackForm(BoundedForm):
    """What a pack is to say of each person: what people were promised, unless told otherwise."""

    tier = RadioField(
        label=lazy("What the recipient gets to know"),
        default=Tier.NAMES,
        validators=[answered(lambda: _("Choose what the recipient gets to know"))],
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tier.choices = [SelectChoice(one, tier_words()[one]) for one in TIERS]

    @property
    def help(self) -> Mapping[Tier, str]:
        """Who then knows what."""
        return {
            Tier.NAMES: _(
                "Whoever has the pack knows the full name and the country of everybody who signed, "
                "and in which week they did. The privacy page and the form to sign say so."
            ),
            Tier.COUNTS: _(
                "Whoever has the pack knows how many signed, in which weeks and from which "
                "countries, and nobody’s name."
            ),
        }


def tier_words() -> Mapping[Tier, str]:
    """Return what each tier that we can pack is called."""
    return {Tier.NAMES: _("Names and countries"), Tier.COUNTS: _("Countries only")}


@dataclass(frozen=True, slots=True)
class PackLine:
    """One pack in the record."""

    pack: DeliveryPack
    state: FileState
    tier: str
    who: str
    downloads: int


def lines_of(packs: list[DeliveryPack]) -> list[PackLine]:
    """Return these packs as the record tells of them."""
    names, downloads = names_of(pack.organiser_id for pack in packs), downloads_of(packs)
    at, words = now(), tier_words()
    return [
        PackLine(
            pack=pack,
            state=pack.state_at(at),
            tier=words[pack.tier],
            who=names[pack.organiser_id],
            downloads=downloads[pack.id],
        )
        for pack in packs
    ]
