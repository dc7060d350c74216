"""What organisers read of a preset that their team has made."""

from flask_babel import gettext as _
from flask_babel import ngettext

from petition.exports.own.models import OwnPreset
from petition.exports.presets import choice_of
from petition.web.organiser.signatures.export_words import choice_words
from petition.web.site.formats import listed


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
