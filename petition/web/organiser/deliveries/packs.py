"""A delivery's packs: having one made, how far it is, and its file, with a fresh code."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.core.storage.paging import LARGEST_ID
from petition.deliveries.models import Delivery
from petition.deliveries.pack import actions
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.queries import may_download, pack_of
from petition.deliveries.pack.records import Tier
from petition.deliveries.queries import delivery_by_number
from petition.jobs.models import FileState
from petition.outbox.queries import a_worker_is_alive
from petition.web.organiser.deliveries.listing import row_of
from petition.web.organiser.deliveries.pack_lines import PackForm, lines_of
from petition.web.organiser.deliveries.sample_lines import sample_lines
from petition.web.organiser.door import session
from petition.web.organiser.door.code_form import FreshCodeForm
from petition.web.organiser.door.kept_files import sent
from petition.web.organiser.signatures.petitions import title_of
from petition.web.site.security import looks_again

ZIP = "application/zip"
PACK = f"/<int(max={LARGEST_ID}):pack_number>"
blueprint = Blueprint(
    "packs", __name__, url_prefix=f"/deliveries/<int(max={LARGEST_ID}):number>/packs"
)


@blueprint.post("")
def make(number: int) -> ResponseReturnValue:
    """Ask for a pack, and lead to where one sees how far it is."""
    delivery, form = delivery_by_number(number) or abort(404), PackForm()
    if not form.validate_on_submit():
        flash(_("Choose what the recipient gets to know"), "error")
        return redirect(url_for("organiser.deliveries.recording.show", number=number), 303)
    organiser = session.present().organiser
    with transaction():
        pack = actions.ask(delivery, organiser.id, Tier(form.tier.data), now())
    return _to_pack(pack)


@blueprint.get(PACK)
def show(number: int, pack_number: int) -> ResponseReturnValue:
    """Show how far it is or what is offered."""
    delivery, pack = _pack_or_404(number, pack_number)
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
    here = session.present()
    form = FreshCodeForm(here.organiser)
    if pack.state_at(now()) is not FileState.READY:
        return _to_pack(pack)
    owner, token = here.organiser.id, here.session.token_hash

    def let() -> bool:
        actions.let_download(pack, owner, token, now())
        return True

    done, status = form.done(let)
    if done is None:
        return _page(delivery, pack, form), status
    return _to_pack(pack, "file")


@blueprint.get(f"{PACK}/file")
def file(number: int, pack_number: int) -> ResponseReturnValue:
    """Hand over the pack, or the part that was asked for."""
    delivery, pack = _pack_or_404(number, pack_number)
    is_let = may_download(pack, session.present().session.token_hash, now())
    if pack.file is None or pack.state_at(now()) is not FileState.READY or not is_let:
        return _to_pack(pack)
    return sent(pack.file, ZIP, f"{delivery.petition.slug}-pack-{pack.asked_at:%Y%m%dT%H%MZ}.zip")


def _pack_or_404(number: int, pack_number: int) -> tuple[Delivery, DeliveryPack]:
    delivery, pack = delivery_by_number(number), pack_of(number, pack_number)
    if delivery is None or pack is None:
        abort(404)
    return delivery, pack


def _to_pack(pack: DeliveryPack, view: str = "show") -> ResponseReturnValue:
    where = f"organiser.deliveries.packs.{view}"
    return redirect(url_for(where, number=pack.delivery_id, pack_number=pack.id), 303)


def _page(delivery: Delivery, pack: DeliveryPack, form: FreshCodeForm) -> str:
    [line] = lines_of([pack])
    looks_again()
    return render_template(
        "organiser/deliveries/packs/show.html",
        delivery=row_of(delivery, title_of(delivery.petition)),
        line=line,
        form=form,
        samples=sample_lines(pack.id),
        nobody_works=line.state is FileState.MAKING and not a_worker_is_alive(now()),
    )
