"""Telling the signers of a delivery: what they would read, a fresh code, and how far it is."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.deliveries import telling
from petition.deliveries.models import Delivery
from petition.deliveries.queries import delivery_by_number, delivery_to_change
from petition.jobs.models import UNFINISHED
from petition.organisers.queries import names_of
from petition.outbox.queries import a_worker_is_alive
from petition.updates import actions
from petition.updates.models import Update, UpdateKind
from petition.updates.queries import signers_to_tell, update_of
from petition.web.organiser.deliveries.listing import row_of
from petition.web.organiser.deliveries.news_words import previews_of, tell_words, told_words
from petition.web.organiser.door import session
from petition.web.organiser.door.code_form import FreshCodeForm
from petition.web.organiser.signatures.petitions import title_of
from petition.web.site.security import looks_again

KINDS = ", ".join(kind.value for kind in UpdateKind)
TOLD = f"/<any({KINDS}):kind>"
blueprint = Blueprint("telling", __name__, url_prefix="/deliveries/<number:number>/news")


@blueprint.get(TOLD)
def show(number: int, kind: str) -> ResponseReturnValue:
    """Show what signers would read, and how many; or how far their mails are."""
    delivery, of = delivery_by_number(number) or abort(404), UpdateKind(kind)
    update = update_of(number, of)
    if update is not None:
        return _told_page(delivery, update)
    return _page(delivery, of, FreshCodeForm(session.present().organiser, formdata=None))


@blueprint.post(TOLD)
def tell(number: int, kind: str) -> ResponseReturnValue:
    """Take a fresh code, and have the signers told of what the organiser has seen."""
    delivery, of = delivery_by_number(number) or abort(404), UpdateKind(kind)
    here = session.present().organiser
    form = FreshCodeForm(here)
    if update_of(number, of) is not None or telling.step_to_tell(delivery, of) is None:
        return _to(number, of)
    is_told, status = form.done(lambda: _tell(number, of, here.id))
    if is_told is None:
        return _page(delivery, of, form), status
    if not is_told:
        flash(_("Something else was recorded meanwhile. Look at the mail, then go on."), "error")
    return _to(number, of)


@blueprint.post(f"{TOLD}/stop")
def stop(number: int, kind: str) -> ResponseReturnValue:
    """Let no more of it leave."""
    update = update_of(number, UpdateKind(kind)) or abort(404)
    with transaction():
        if not actions.stop(update, session.present().organiser.id, now()):
            flash(_("All mails were written before it could be stopped."), "info")
    return _to(number, update.kind)


@blueprint.post(f"{TOLD}/go-on")
def go_on(number: int, kind: str) -> ResponseReturnValue:
    """Go on with what broke off."""
    update = update_of(number, UpdateKind(kind)) or abort(404)
    with transaction():
        actions.go_on(update, session.present().organiser.id, now())
    return _to(number, update.kind)


def _tell(number: int, kind: UpdateKind, organiser_id: int) -> bool:
    """Have the signers told; false where the record went on since the organiser saw the mail."""
    locked = delivery_to_change(number)
    if locked is None or request.form.get("seen") != _seen(locked):
        return False
    if telling.step_to_tell(locked, kind) is None or update_of(number, kind) is not None:
        return False
    telling.tell(locked, kind, organiser_id, now())
    return True


def _seen(delivery: Delivery) -> str:
    """Return what says up to which step somebody has seen the record."""
    return str(len(delivery.steps))


def _to(number: int, kind: UpdateKind) -> ResponseReturnValue:
    return redirect(url_for("organiser.deliveries.telling.show", number=number, kind=kind), 303)


def _page(delivery: Delivery, kind: UpdateKind, form: FreshCodeForm) -> str:
    step = telling.step_to_tell(delivery, kind) or abort(404)
    return render_template(
        "organiser/deliveries/telling/show.html",
        delivery=row_of(delivery, title_of(delivery.petition)),
        kind=kind.value,
        title=tell_words()[kind],
        form=form,
        seen=_seen(delivery),
        signers=signers_to_tell(delivery.petition_id),
        previews=previews_of(delivery, kind, telling.news_of(delivery, step)),
    )


def _told_page(delivery: Delivery, update: Update) -> str:
    looks_again()
    is_at_work = update.job.state in UNFINISHED
    news = {language: update.news_in(language)[1] for language in update.said}
    return render_template(
        "organiser/deliveries/telling/told.html",
        delivery=row_of(delivery, title_of(delivery.petition)),
        title=told_words()[update.kind],
        update=update,
        who=names_of([update.organiser_id])[update.organiser_id],
        is_at_work=is_at_work,
        nobody_works=is_at_work and not a_worker_is_alive(now()),
        previews=previews_of(delivery, update.kind, news),
    )
