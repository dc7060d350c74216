"""A delivery's packs: having one made, how far it is, and its file, with a fresh code."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.i18n import language_name
from petition.core.storage.database import transaction
from petition.deliveries.models import Delivery
from petition.deliveries.pack import actions
from petition.deliveries.pack.manifest import Profile
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.queries import may_download, numbers_of, pack_of, ready_for
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.rows import there_are_some
from petition.deliveries.pack.writing.about import language_of_papers
from petition.deliveries.queries import delivery_by_number
from petition.deliveries.striking.withdrawals import left_of
from petition.jobs.models import FileState
from petition.outbox.queries import a_worker_is_alive
from petition.web.organiser.deliveries.listing import row_of
from petition.web.organiser.deliveries.pack_lines import PackForm, lines_of
from petition.web.organiser.deliveries.sample_lines import sample_lines
from petition.web.organiser.door import session
from petition.web.organiser.door.code_form import FreshCodeForm
from petition.web.organiser.door.kept_files import let_with_code, sent
from petition.web.organiser.door.ready_files import ReadyFile, know_of
from petition.web.organiser.signatures.petitions import title_of
from petition.web.site.languages import present_language
from petition.web.site.security import looks_again

ZIP = "application/zip"
PACK = "/<number:pack_number>"
blueprint = Blueprint("packs", __name__, url_prefix="/deliveries/<number:number>/packs")


@blueprint.get("")
def choose(number: int) -> ResponseReturnValue:
    """Show what can be chosen for a pack."""
    delivery = delivery_by_number(number) or abort(404)
    return _form_page(delivery, PackForm(delivery, formdata=None))


@blueprint.post("")
def make(number: int) -> ResponseReturnValue:
    """Ask for a pack, and lead to where one sees how far it is."""
    delivery = delivery_by_number(number) or abort(404)
    form = PackForm(delivery)
    if not form.validate_on_submit() or not there_are_some(delivery):
        return _form_page(delivery, form), 422
    who, tier = session.present().organiser.id, Tier(form.tier.data)
    profile = Profile(form.profile.data)
    with transaction():
        pack = actions.ask(delivery, who, tier, now(), profile=profile, words=form.own_words)
    return _to_pack(pack)


@blueprint.get(PACK)
def show(number: int, pack_number: int) -> ResponseReturnValue:
    """Show how far it is or what is offered."""
    delivery, pack = _pack_or_404(number, pack_number)
    know_of(pack.file)
    return _page(delivery, pack, FreshCodeForm(session.present().organiser, formdata=None))


@blueprint.post(f"{PACK}/cancel")
def cancel_making(number: int, pack_number: int) -> ResponseReturnValue:
    """Break off the making of a pack."""
    _delivery, pack = _pack_or_404(number, pack_number)
    with transaction():
        if not actions.cancel(pack, session.present().organiser.id, now()):
            flash(_("It was made before it could be cancelled."), "info")
    return _to_pack(pack)


@blueprint.post(PACK)
def download(number: int, pack_number: int) -> ResponseReturnValue:
    """Take a fresh code, record the download, and lead to the file."""
    delivery, pack = _pack_or_404(number, pack_number)
    if pack.state_at(now()) is not FileState.READY:
        return _to_pack(pack)
    let, page = partial(actions.let_download, pack), partial(_page, delivery, pack)
    return let_with_code(let, page, _address("file", pack))


@blueprint.get(f"{PACK}/file")
def file(number: int, pack_number: int) -> ResponseReturnValue:
    """Hand over the pack, or the part that was asked for."""
    delivery, pack = _pack_or_404(number, pack_number)
    is_let = may_download(pack, session.present().session.token_hash, now())
    if pack.file is None or pack.state_at(now()) is not FileState.READY or not is_let:
        return _to_pack(pack)
    which = f"delivery-{number}-pack-{numbers_of(number)[pack.id]}"
    name = f"{delivery.petition.slug}-{which}-{pack.asked_at:%Y%m%dT%H%MZ}.zip"
    return sent(pack.file, ZIP, name)


def _pack_or_404(number: int, pack_number: int) -> tuple[Delivery, DeliveryPack]:
    delivery, pack = delivery_by_number(number), pack_of(number, pack_number)
    if delivery is None or pack is None:
        abort(404)
    return delivery, pack


def ready_packs(organiser_id: int, at: datetime) -> Iterator[ReadyFile]:
    """Yield the packs that wait for an organiser."""
    for pack in ready_for(organiser_id, at):
        row = row_of(pack.delivery, title_of(pack.delivery.petition))
        what = _("pack for %(office)s, %(country)s", office=row.office, country=row.country)
        shown_at = url_for("organiser.deliveries.recording.show", number=pack.delivery_id)
        yield ReadyFile(pack.job_id, row.title, what, _address("show", pack), shown_at)


def _to_pack(pack: DeliveryPack) -> ResponseReturnValue:
    return redirect(_address("show", pack), 303)


def _address(view: str, pack: DeliveryPack) -> str:
    where = f"organiser.deliveries.packs.{view}"
    return url_for(where, number=pack.delivery_id, pack_number=pack.id)


def _form_page(delivery: Delivery, form: PackForm) -> str:
    return render_template(
        "organiser/deliveries/packs/choose.html",
        delivery=row_of(delivery, title_of(delivery.petition)),
        form=form,
        until=None if there_are_some(delivery) else delivery.counted_until,
        language=language_name(language_of_papers(delivery), present_language()),
    )


def _page(delivery: Delivery, pack: DeliveryPack, form: FreshCodeForm) -> str:
    [line] = lines_of([pack])
    looks_again()
    return render_template(
        "organiser/deliveries/packs/show.html",
        delivery=row_of(delivery, title_of(delivery.petition)),
        line=line,
        form=form,
        samples=sample_lines(pack.id),
        left=len(left_of(pack)) if pack.finished_at else 0,
        is_empty=line.state is FileState.FAILED and not there_are_some(delivery),
        nobody_works=line.state is FileState.MAKING and not a_worker_is_alive(now()),
    )
