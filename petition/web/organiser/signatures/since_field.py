"""The field that says whether a file is to hold all, or those who are new since an earlier one."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from petition.exports.models import Contents, Export
from petition.exports.queries import rows_of
from petition.web.organiser.signatures.export_words import export_words
from petition.web.site.formats import long_datetime, number

ALL = "all"


class SinceField(RadioField):
    """All of them, or only who is new since one of the exports that are offered."""

    petition_id: int
    offered: Sequence[Export] = ()
    data: str | None

    def offer(self, petition_id: int, exports: Sequence[Export]) -> None:
        """Let one of these, of this petition, be continued."""
        self.petition_id, self.offered = petition_id, exports
        self.choices = [SelectChoice(ALL, _("All of them"))] + [
            SelectChoice(str(one.id), _only_since(one)) for one in exports
        ]

    @property
    def fits(self) -> Mapping[str, Mapping[str, str]]:
        """With which preset and scope each file goes."""
        return {
            str(one.id): {
                "preset": f"own-{one.own_preset_id}" if one.own_preset_id else one.preset,
                "scope": one.scope,
            }
            for one in self.offered
        }

    @property
    def chosen(self) -> int | None:
        """The number of the export that is to be continued."""
        return next((one.id for one in self.offered if str(one.id) == self.data), None)

    def refuse_others(self, contents: Contents) -> None:
        """Refuse contents that are not those of the chosen export. Raises ValidationError."""
        before = next((one for one in self.offered if one.id == self.chosen), None)
        if before is None:
            return
        mine = rows_of(self.petition_id, contents)
        if rows_of(before.petition_id, before.contents) != mine:
            raise ValidationError(
                _(
                    "That file is of another kind: %(file)s. Choose the same above, or all of them",
                    file=_kind(before),
                )
            )


def _only_since(export: Export) -> str:
    count = export.row_count or 0
    return ngettext(
        "Only those who are new since the file of %(when)s (%(file)s; %(rows)s row)",
        "Only those who are new since the file of %(when)s (%(file)s; %(rows)s rows)",
        count,
        when=long_datetime(export.begun_at),
        file=_kind(export),
        rows=number(count),
    )


def _kind(export: Export) -> str:
    words = export_words()
    which = words.which_of_all(export)
    return f"{words.preset_of(export)}, {which[:1].lower()}{which[1:]}"
