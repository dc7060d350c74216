"""The presets among which somebody chooses: ours, and those that the team has made."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from petition.exports.models import ExportPreset, ExportSplit
from petition.exports.own.models import OwnPreset
from petition.exports.own.queries import own_presets
from petition.exports.presets import PRESETS, Preset, choice_of, of_own
from petition.web.organiser.signatures.export_words import (
    choice_words,
    one_of,
    preset_groups,
    preset_help,
    preset_words,
)
from petition.web.site.formats import listed


@dataclass(frozen=True, slots=True)
class Offer:
    """A preset that can be chosen."""

    answer: str
    """By which it is chosen."""
    label: str
    about: str
    heading: str
    """Under which it is found."""
    preset: Preset
    kind: ExportPreset
    own: OwnPreset | None = None

    @property
    def goes_with(self) -> Sequence[str]:
        """The answers to other questions that it goes with."""
        is_bounded = self.preset.most_bytes is not None
        splits = [one for one in ExportSplit if is_bounded or one is not ExportSplit.SIZE]
        return (*self.preset.scopes, *self.preset.formats, *splits)

    @property
    def formats(self) -> str:
        """In which formats it can be had."""
        return one_of(self.preset.formats)


def offers() -> list[Offer]:
    """Return them in the order in which one looks for them; the team's own stand first."""
    words, about = preset_words(), preset_help()
    ours = [
        Offer(preset, words[preset], about[preset], heading, PRESETS[preset], preset)
        for heading, presets in preset_groups().items()
        for preset in presets
    ]
    return [*_of_the_team(), *ours]


def _of_the_team() -> Sequence[Offer]:
    return [
        Offer(
            answer=f"own-{own.id}",
            label=own.name,
            about=own_help(own),
            heading=_("Your team’s"),
            preset=of_own(own),
            kind=ExportPreset.OWN,
            own=own,
        )
        for own in own_presets()
    ]


def own_help(own: OwnPreset) -> str:
    """Return which columns and rows it has, and whether it is encrypted, in short sentences."""
    sentences = [_("Columns: %(headings)s.", headings=listed(one.heading for one in own.columns))]
    yes = [_("those who said yes to mail")] if own.consenting else []
    if which := [*yes, *choice_words(choice_of(own))]:
        sentences.append(_("Only %(which)s.", which=listed(which)))
    if own.keys:
        sentences.append(
            ngettext(
                "Always encrypted, for %(num)s key.",
                "Always encrypted, for %(num)s keys.",
                len(own.keys),
            )
        )
    return " ".join(sentences)
