"""Pictures and papers of a delivery: adding one, seeing it, showing it to the public, removing."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.deliveries.files import actions
from petition.deliveries.files.models import DeliveryFile
from petition.deliveries.files.queries import file_of, may_be_shown, may_take
from petition.deliveries.models import Delivery
from petition.deliveries.queries import delivery_by_number, delivery_to_change
from petition.web.keeping.delivery_files import file_answer
from petition.web.organiser.deliveries.listing import row_of
from petition.web.organiser.deliveries.words import kind_words
from petition.web.organiser.door import session
from petition.web.organiser.evidence.file_form import FileForm
from petition.web.organiser.signatures.petitions import title_of
from petition.web.site.formats import long_date

blueprint = Blueprint("files", __name__, url_prefix="/deliveries/<number:number>")
FILE = "/files/<number:file_number>"
Verb = Callable[[Delivery, DeliveryFile, int, datetime], None]


@blueprint.get("/steps/<number:step>/file")
def ask(number: int, step: int) -> ResponseReturnValue:
    """Show the form that brings a file to a step."""
    delivery = delivery_by_number(number) or abort(404)
    if not may_take(delivery, step):
        return _takes_none(number)
    return _form_page(delivery, step, FileForm(formdata=None))


@blueprint.post("/steps/<number:step>/file")
def add(number: int, step: int) -> ResponseReturnValue:
    """Keep a file with a step, and show it to the public where that was ticked."""
    delivery = delivery_by_number(number) or abort(404)
    if not may_take(delivery, step):
        return _takes_none(number)
    form = FileForm()
    if not form.validate_on_submit():
        return _form_page(delivery, step, form), 422
    with transaction():
        locked = delivery_to_change(number)
        if locked is None or not may_take(locked, step):
            return _takes_none(number)
        who, at = session.present().organiser.id, now()
        file = actions.add(locked, step, form.clean, form.to_words(), who, at)
        if form.shown.data:
            actions.show(locked, file, who, at)
    kept = _("The file is kept, and organisers alone see it.")
    flash(_("The file is kept, and the public can see it.") if form.shown.data else kept, "success")
    return _to_record(number)


@blueprint.get(FILE)
def content(number: int, file_number: int) -> ResponseReturnValue:
    """Give a file."""
    return file_answer(file_of(number, file_number) or abort(404))


@blueprint.get(f"{FILE}/small")
def preview(number: int, file_number: int) -> ResponseReturnValue:
    """Give a picture as it lies in the record."""
    return file_answer(file_of(number, file_number) or abort(404), small=True)


@blueprint.post(f"{FILE}/show")
def show(number: int, file_number: int) -> ResponseReturnValue:
    """Let the public see a file."""
    return _done(number, file_number, _show, _("The public can see the file."))


@blueprint.post(f"{FILE}/hide")
def hide(number: int, file_number: int) -> ResponseReturnValue:
    """Let organisers alone see a file."""
    said = _("The public page has the file no more. Caches may have it for another minute.")
    return _done(number, file_number, actions.hide, said)


@blueprint.post(f"{FILE}/remove")
def remove(number: int, file_number: int) -> ResponseReturnValue:
    """Remove a file for good."""
    return _done(number, file_number, actions.remove, _("The file is removed for good."))


def _show(delivery: Delivery, file: DeliveryFile, organiser_id: int, at: datetime) -> None:
    if not may_be_shown(delivery, file):
        abort(404)
    actions.show(delivery, file, organiser_id, at)


def _done(number: int, file_number: int, verb: Verb, said: str) -> ResponseReturnValue:
    with transaction():
        delivery = delivery_to_change(number) or abort(404)
        file = file_of(number, file_number) or abort(404)
        verb(delivery, file, session.present().organiser.id, now())
    flash(said, "success")
    return _to_record(number)


def _takes_none(number: int) -> ResponseReturnValue:
    flash(_("This entry takes no file: it was taken back, or has ten already."), "error")
    return _to_record(number)


def _to_record(number: int) -> ResponseReturnValue:
    return redirect(url_for("organiser.deliveries.recording.show", number=number), 303)


def _form_page(delivery: Delivery, number: int, form: FileForm) -> str:
    step = delivery.steps[number - 1]
    return render_template(
        "organiser/evidence/files/ask.html",
        delivery=row_of(delivery, title_of(delivery.petition)),
        step=number,
        entry=kind_words()[step.kind],
        day=long_date(step.day),
        form=form,
    )
