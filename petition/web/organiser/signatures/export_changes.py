"""What has changed since an export: the list, and the way to its file, with a fresh code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.exports.changes import Change, ChangeKind, changes_since
from petition.exports.models import Export
from petition.exports.presets import Preset, preset_of
from petition.exports.queries import export_of
from petition.exports.writing.changes import has_file, take_changes
from petition.exports.writing.encryption import MEDIA_TYPE
from petition.petitions.models import Petition
from petition.web.organiser.door import session
from petition.web.organiser.door.code_form import FreshCodeForm
from petition.web.organiser.signatures.exports import MOST_CORRECTIONS
from petition.web.organiser.signatures.petitions import petition_or_404, title_of

blueprint = Blueprint(
    "export_changes", __name__, url_prefix="/petitions/<slug:slug>/exports/<number:number>/changes"
)


@dataclass(frozen=True, slots=True)
class ChangesOfOneKind:
    """Whom the same has happened to, and what an organiser is to do about it."""

    name: str
    to_do: str
    numbers: list[int]

    @property
    def listed(self) -> list[int]:
        """The numbers, as many as are listed."""
        return self.numbers[:MOST_CORRECTIONS]


@blueprint.get("")
def show(slug: str, number: int) -> ResponseReturnValue:
    """Show whom something has happened to, and what is to be done."""
    petition = petition_or_404(slug)
    form = FreshCodeForm(session.present().organiser, formdata=None)
    return _page(petition, _export_or_404(petition, number), form)


@blueprint.post("")
def take(slug: str, number: int) -> ResponseReturnValue:
    """Take a fresh code, and hand over the file of what has changed; record that."""
    petition, organiser = petition_or_404(slug), session.present().organiser
    export, form = _export_or_404(petition, number), FreshCodeForm(organiser)
    if not has_file(preset_of(export)):
        abort(404)
    found, status = form.done(lambda: take_changes(export, organiser.id, now()))
    if found is None:
        return _page(petition, export, form), status
    answer = Response(found, mimetype=MEDIA_TYPE if export.encrypted_for else "text/csv")
    ending = "csv.age" if export.encrypted_for else "csv"
    name = f"{petition.slug}-changes-since-{export.begun_at:%Y%m%dT%H%MZ}.{ending}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _export_or_404(petition: Petition, number: int) -> Export:
    export = export_of(petition.id, number)
    if export is None or not export.numbers_kept:
        abort(404)
    return export


def _page(petition: Petition, export: Export, form: FreshCodeForm) -> str:
    preset = preset_of(export)
    return render_template(
        "organiser/signatures/export_changes/show.html",
        slug=petition.slug,
        title=title_of(petition),
        export=export,
        kinds=_by_kind(changes_since(export), preset),
        names_signatures=preset.names_signatures,
        has_file=has_file(preset),
        form=form,
    )


def _by_kind(changes: list[Change], preset: Preset) -> list[ChangesOfOneKind]:
    numbers: dict[ChangeKind, dict[int, None]] = {}
    for one in changes:
        numbers.setdefault(one.kind, {})[one.signature] = None
    return [
        ChangesOfOneKind(name, to_do(preset), list(numbers[kind]))
        for kind, (name, to_do) in _words().items()
        if kind in numbers
    ]


def _words() -> Mapping[ChangeKind, tuple[str, Callable[[Preset], str]]]:
    return {
        ChangeKind.WITHDRAWN: (_("Withdrawn"), _to_delete),
        ChangeKind.ERASED: (_("Erased"), _to_delete_unknown),
        ChangeKind.STRUCK: (_("Struck as not genuine"), _to_delete),
        ChangeKind.CONSENT_TAKEN_BACK: (_("Consent to mail taken back"), _to_mail_no_more),
        ChangeKind.BACK: (_("Left, and signed again"), _to_replace),
    }


def _to_delete(preset: Preset) -> str:
    if preset.by_address:
        return _("Delete whoever has these addresses from your tool and from your copies.")
    if preset.names_signatures:
        return _("Delete these numbers from your tool and from your copies of the file.")
    return _("Make a whole file anew, and delete this one.")


def _to_delete_unknown(preset: Preset) -> str:
    if preset.names_signatures:
        return _(
            "Delete these numbers from your tool and from your copies of the file. We know "
            "nothing else of these people any more."
        )
    return _(
        "The file does not say which these are, and we know nothing of these people any more. "
        "Make a whole file anew, and delete from your tool whoever is not in it."
    )


def _to_mail_no_more(preset: Preset) -> str:
    if preset.by_address:
        return _("Unsubscribe these addresses at once: nobody may mail them any more.")
    return _("They still count, but may not be mailed: note that wherever they are.")


def _to_replace(preset: Preset) -> str:
    return _(
        "Their new row is in the next file of those who are new since: it takes the place of the "
        "old one."
    )
