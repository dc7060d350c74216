"""Telling the signers of a delivery: what they would read, a fresh code, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.deliveries import telling
from petition.deliveries.models import Delivery
from petition.deliveries.queries import delivery_by_number, delivery_to_change
from petition.organisers.queries import names_of
from petition.outbox.queries import a_worker_is_alive, news_wait
from petition.updates import actions
from petition.updates.emails import News
from petition.updates.models import Update
from petition.updates.queries import MOST_COUNTED, some_signers_to_tell, update_of
from petition.web.organiser.deliveries.listing import row_of
from petition.web.organiser.deliveries.news_words import PAGES, NewsPage, previews_of
from petition.web.organiser.door import session
from petition.web.organiser.door.code_form import FreshCodeForm
from petition.web.organiser.signatures.petitions import title_of
from petition.web.site.security import looks_again

NAMES = ", ".join(f"'{page.name}'" for page in PAGES)
TOLD = f"/<any({NAMES}):page>"


@dataclass(frozen=True, slots=True)
class ToTell:
    """What can be told."""

    signers: int
    """To how many; of a correction, at most, and of others counted so far as a page counts."""
    news: Mapping[str, News]
    """By language."""


blueprint = Blueprint("telling", __name__, url_prefix="/deliveries/<number:number>/news")


@blueprint.get(TOLD)
def show(number: int, page: str) -> ResponseReturnValue:
    """Show what signers would read, and how many; or how far their mails are."""
    delivery, of = delivery_by_number(number) or abort(404), NewsPage.named(page)
    update = _update(number, of)
    if update is not None:
        return _told_page(delivery, of, update)
    return _page(delivery, of, FreshCodeForm(session.present().organiser, formdata=None))


@blueprint.post(TOLD)
def tell(number: int, page: str) -> ResponseReturnValue:
    """Take a fresh code, and have the signers told of what the organiser has seen."""
    delivery, of = delivery_by_number(number) or abort(404), NewsPage.named(page)
    here = session.present().organiser
    form = FreshCodeForm(here)
    if _update(number, of) is not None or _to_tell(delivery, of) is None:
        return _to(number, of)
    is_told, status = form.done(lambda: _tell(number, of, here.id))
    if is_told is None:
        return _page(delivery, of, form), status
    if not is_told:
        flash(_("Something else was recorded meanwhile. Look at the mail, then go on."), "error")
    return _to(number, of)


@blueprint.post(f"{TOLD}/stop")
def stop(number: int, page: str) -> ResponseReturnValue:
    """Let no more of it leave."""
    of = NewsPage.named(page)
    update = _update(number, of) or abort(404)
    with transaction():
        is_stopped = actions.stop(update, session.present().organiser.id, now())
    if update.came_to_nothing:
        flash(_("It was stopped before any mail left: nobody was told."), "info")
    elif not is_stopped and update.stopped_at is None:
        flash(_("All mails had left before it could be stopped."), "info")
    return _to(number, of)


@blueprint.post(f"{TOLD}/go-on")
def go_on(number: int, page: str) -> ResponseReturnValue:
    """Go on with what broke off."""
    of = NewsPage.named(page)
    update = _update(number, of) or abort(404)
    with transaction():
        actions.go_on(update, session.present().organiser.id, now())
    return _to(number, of)


def _update(number: int, of: NewsPage) -> Update | None:
    return update_of(number, of.kind, is_correction=of.is_correction)


def _to_tell(delivery: Delivery, of: NewsPage) -> ToTell | None:
    """Return what can be told, and to how many; None where nothing can."""
    step, at = telling.step_to_tell(delivery, of.kind), now()
    corrected = telling.to_correct(delivery, of.kind, at) if of.is_correction else None
    if step is None or (of.is_correction and corrected is None):
        return None
    signers = corrected.mail_count if corrected else some_signers_to_tell(delivery.petition_id)
    return ToTell(signers, telling.news_of(delivery, step, corrected))


def _tell(number: int, of: NewsPage, organiser_id: int) -> bool:
    """Have the signers told; false where the record went on since the organiser saw the mail."""
    locked = delivery_to_change(number)
    if locked is None or request.form.get("seen") != _seen(locked):
        return False
    if _to_tell(locked, of) is None or _update(number, of) is not None:
        return False
    tell_them = telling.correct if of.is_correction else telling.tell
    tell_them(locked, of.kind, organiser_id, now())
    return True


def _seen(delivery: Delivery) -> str:
    """Return what says up to which step somebody has seen the record."""
    return str(len(delivery.steps))


def _to(number: int, of: NewsPage) -> ResponseReturnValue:
    """Lead to the page; where there is nothing to see on it, say so and lead to the record."""
    delivery = delivery_by_number(number)
    if delivery is not None and _update(number, of) is None and _to_tell(delivery, of) is None:
        flash(_nothing_words(of), "info")
        return redirect(url_for("organiser.deliveries.recording.show", number=number), 303)
    return redirect(url_for("organiser.deliveries.telling.show", number=number, page=of.name), 303)


def _nothing_words(of: NewsPage) -> str:
    if not of.is_correction:
        return _("This was taken back: there is nothing to tell of it now.")
    return _(
        "This cannot be corrected any more: %(days)s days have passed since it was told, or what "
        "was recorded has changed.",
        days=telling.CORRECTABLE.days,
    )


def _page(delivery: Delivery, of: NewsPage, form: FreshCodeForm) -> str:
    told = _to_tell(delivery, of) or abort(404)
    return render_template(
        "organiser/deliveries/telling/show.html",
        delivery=row_of(delivery, title_of(delivery.petition)),
        page=of,
        form=form,
        seen=_seen(delivery),
        signers=told.signers,
        most_counted=None if of.is_correction else MOST_COUNTED,
        previews=previews_of(delivery, of.kind, told.news),
    )


def _told_page(delivery: Delivery, of: NewsPage, update: Update) -> str:
    looks_again()
    news = {language: update.news_in(language)[1] for language in update.said}
    return render_template(
        "organiser/deliveries/telling/told.html",
        delivery=row_of(delivery, title_of(delivery.petition)),
        page=of,
        update=update,
        who=names_of([update.organiser_id])[update.organiser_id],
        waits=update.stopped_at is None and news_wait(update.id),
        nobody_works=update.is_at_work and not a_worker_is_alive(now()),
        previews=previews_of(delivery, update.kind, news),
    )
