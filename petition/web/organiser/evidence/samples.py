"""Recording what an office found in a sample of a pack."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.queries import pack_of
from petition.deliveries.pack.sampling import usual_size
from petition.deliveries.samples import actions
from petition.web.organiser.deliveries.listing import row_of
from petition.web.organiser.door import session
from petition.web.organiser.evidence.sample_form import SampleForm
from petition.web.organiser.signatures.petitions import title_of

blueprint = Blueprint(
    "samples", __name__, url_prefix="/deliveries/<number:number>/packs/<number:pack_number>/samples"
)


@blueprint.get("")
def ask(number: int, pack_number: int) -> ResponseReturnValue:
    """Show the form, with the usual size of a sample in it."""
    pack = _whole_pack_or_404(number, pack_number)
    likely = {"day": now().date(), "size": usual_size(pack.row_count or 0)}
    return _form_page(pack, SampleForm(pack, formdata=None, data=likely))


@blueprint.post("")
def record(number: int, pack_number: int) -> ResponseReturnValue:
    """Record it, and lead to what follows from it."""
    pack = _whole_pack_or_404(number, pack_number)
    form = SampleForm(pack)
    if not form.validate_on_submit():
        return _form_page(pack, form), 422
    with transaction():
        actions.record(pack, form.to_found(), session.present().organiser.id, now())
    flash(_("What the office found is recorded. Below is what follows from it."), "success")
    where = "organiser.deliveries.packs.show"
    return redirect(url_for(where, number=number, pack_number=pack_number) + "#samples", 303)


def _whole_pack_or_404(number: int, pack_number: int) -> DeliveryPack:
    pack = pack_of(number, pack_number)
    if pack is None or not pack.row_count:
        abort(404)
    return pack


def _form_page(pack: DeliveryPack, form: SampleForm) -> str:
    return render_template(
        "organiser/evidence/samples/ask.html",
        delivery=row_of(pack.delivery, title_of(pack.delivery.petition)),
        pack=pack,
        form=form,
    )
