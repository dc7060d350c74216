"""One export: how far it is, and the way to its file, with a fresh code."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.exports.actions import let_download
from petition.exports.models import Export, ExportPreset, ExportSplit, ExportState
from petition.exports.queries import export_of, may_download, ready_for
from petition.exports.writing import encryption
from petition.exports.writing.formats import format_of
from petition.exports.writing.limits import excess
from petition.outbox.queries import a_worker_is_alive
from petition.petitions.models import Petition
from petition.web.organiser.door import session
from petition.web.organiser.door.code_form import FreshCodeForm
from petition.web.organiser.door.kept_files import let_with_code, sent
from petition.web.organiser.door.ready_files import ReadyFile, know_of
from petition.web.organiser.signatures.export_words import excess_words, export_words
from petition.web.organiser.signatures.exports import lines_of
from petition.web.organiser.signatures.petitions import petition_or_404, title_of
from petition.web.site.security import looks_again

blueprint = Blueprint(
    "export_files", __name__, url_prefix="/petitions/<slug:slug>/exports/<number:number>"
)


@blueprint.get("")
def show(slug: str, number: int) -> ResponseReturnValue:
    """Show how far it is or what is offered."""
    petition = petition_or_404(slug)
    export = _export_or_404(petition, number)
    know_of(export.file)
    return _page(petition, export, FreshCodeForm(session.present().organiser, formdata=None))


@blueprint.post("")
def download(slug: str, number: int) -> ResponseReturnValue:
    """Take a fresh code, record the download, and lead to the file."""
    petition = petition_or_404(slug)
    export = _export_or_404(petition, number)
    if export.state_at(now()) is not ExportState.READY:
        return redirect(_address("show", petition, export), 303)
    let, page = partial(let_download, export), partial(_page, petition, export)
    return let_with_code(let, page, _address("file", petition, export))


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


def ready_exports(organiser_id: int, at: datetime) -> Iterator[ReadyFile]:
    """Yield the exports that wait for an organiser."""
    words = export_words()
    for export, petition in ready_for(organiser_id, at):
        shown_at = url_for("organiser.signatures.exports.index", slug=petition.slug)
        address = _address("show", petition, export)
        what = _("file %(number)s, %(kind)s", number=export.id, kind=words.file_of(export))
        assert export.job_id is not None, "by it they are found"
        yield ReadyFile(export.job_id, title_of(petition), what, address, shown_at)


def _name(petition: Petition, export: Export) -> str:
    whole = export.preset is ExportPreset.SPREADSHEET
    what = "signatures" if whole else export.preset.replace("_", "-")
    if export.own:
        what = _in_a_name(export.own.name) or what
    if export.split is not ExportSplit.WHOLE:
        what += "-by-country" if export.split is ExportSplit.COUNTRY else "-in-parts"
    ending = format_of(export).ending + (".age" if export.encrypted_for else "")
    others = len(export.others)
    slug = f"{petition.slug}-and-{others}-more" if others else petition.slug
    return f"{slug}-{what}-{export.begun_at:%Y%m%dT%H%MZ}.{ending}"


def _in_a_name(text: str) -> str:
    """Return the letters a to z and digits of a name, with hyphens for what is between them."""
    return "-".join(re.findall("[a-z0-9]+", text.lower()))


def _opened_by(name: str) -> str:
    """Return the command that opens a file of this name, where it is encrypted."""
    return f"age --decrypt --identity key.txt --output {name.removesuffix('.age')} {name}"


def _media_type(export: Export) -> str:
    return encryption.MEDIA_TYPE if export.encrypted_for else format_of(export).media_type


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
        too_much=too_much and excess_words(export, too_much),
        nobody_works=line.state is ExportState.MAKING and not a_worker_is_alive(now()),
    )
