"""One export: how far it is, and the way to its file, with a fresh code."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.exports.actions import let_download
from petition.exports.models import Export, ExportPreset, ExportState
from petition.exports.queries import export_of, may_download, ready_for
from petition.exports.writing import encryption
from petition.exports.writing.formats import FORMATS
from petition.exports.writing.limits import excess
from petition.organisers.permissions import Permission, may
from petition.outbox.queries import a_worker_is_alive
from petition.petitions.models import Petition
from petition.web.organiser.door import session
from petition.web.organiser.door.code_form import FreshCodeForm
from petition.web.organiser.door.kept_files import sent
from petition.web.organiser.signatures.export_words import excess_words, export_words
from petition.web.organiser.signatures.exports import lines_of
from petition.web.organiser.signatures.petitions import petition_or_404, title_of
from petition.web.site.security import looks_again


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """A file that waits for whoever asked for it."""

    title: str
    what: str
    """Its preset and its format, in words."""
    address: str


blueprint = Blueprint(
    "export_files", __name__, url_prefix="/petitions/<slug:slug>/exports/<int:number>"
)


@blueprint.get("")
def show(slug: str, number: int) -> ResponseReturnValue:
    """Show how far it is or what is offered."""
    petition = petition_or_404(slug)
    form = FreshCodeForm(session.present().organiser, formdata=None)
    return _page(petition, _export_or_404(petition, number), form)


@blueprint.post("")
def download(slug: str, number: int) -> ResponseReturnValue:
    """Take a fresh code, record the download, and lead to the file."""
    petition, here = petition_or_404(slug), session.present()
    export, form = _export_or_404(petition, number), FreshCodeForm(here.organiser)
    if export.state_at(now()) is not ExportState.READY:
        return redirect(_address("show", petition, export), 303)
    owner, token = here.organiser.id, here.session.token_hash

    def let() -> bool:
        let_download(export, owner, token, now())
        return True

    done, status = form.done(let)
    if done is None:
        return _page(petition, export, form), status
    return redirect(_address("file", petition, export), 303)


@blueprint.get("/file")
def file(slug: str, number: int) -> ResponseReturnValue:
    """Hand over the file, or the part that was asked for."""
    petition = petition_or_404(slug)
    export = _export_or_404(petition, number)
    kept = export.file
    is_let = may_download(export, session.present().session.token_hash, now())
    if kept is None or export.state_at(now()) is not ExportState.READY or not is_let:
        return redirect(_address("show", petition, export), 303)
    return sent(kept, _media_type(export), _name(petition, export))


def for_templates() -> dict[str, Any]:
    """Return what tells, on every page of organisers, of the files that are ready for one.

    The page asks for them as it tells of them: an error page does not, whose cause it may be that
    nothing can be asked.
    """
    return {"ready_files": _ready_files}


def _ready_files() -> list[ReadyFile]:
    organiser = session.present().organiser if session.is_whole() else None
    if organiser is None or not may(organiser.role, Permission.EXPORT):
        return []
    words = export_words()
    return [
        ReadyFile(title_of(petition), words.file_of(export), address)
        for export, petition in ready_for(organiser.id, now())
        if (address := _address("show", petition, export)) != request.path
    ]


def _name(petition: Petition, export: Export) -> str:
    whole = export.preset is ExportPreset.SPREADSHEET
    what = "signatures" if whole else export.preset.replace("_", "-")
    ending = FORMATS[export.format].ending + (".age" if export.encrypted_for else "")
    others = len(export.others)
    slug = f"{petition.slug}-and-{others}-more" if others else petition.slug
    return f"{slug}-{what}-{export.begun_at:%Y%m%dT%H%MZ}.{ending}"


def _opened_by(name: str) -> str:
    """Return the command that opens a file of this name, where it is encrypted."""
    return f"age --decrypt --identity key.txt --output {name.removesuffix('.age')} {name}"


def _media_type(export: Export) -> str:
    return encryption.MEDIA_TYPE if export.encrypted_for else FORMATS[export.format].media_type


def _export_or_404(petition: Petition, number: int) -> Export:
    return export_of(petition.id, number) or abort(404)


def _address(view: str, petition: Petition, export: Export) -> str:
    where = f"organiser.signatures.export_files.{view}"
    return url_for(where, slug=petition.slug, number=export.id)


def _page(petition: Petition, export: Export, form: FreshCodeForm) -> str:
    [line] = lines_of([export])
    too_much = excess(export)
    looks_again()
    return render_template(
        "organiser/signatures/export_files/show.html",
        slug=petition.slug,
        title=title_of(petition),
        line=line,
        opened_by=_opened_by(_name(petition, export)),
        form=form,
        words=export_words(),
        too_much=too_much and excess_words(export.preset, too_much),
        nobody_works=line.state is ExportState.MAKING and not a_worker_is_alive(now()),
    )
