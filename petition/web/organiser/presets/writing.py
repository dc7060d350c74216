"""Writing a preset down: a new one, a copy, or another in the place of one that is there."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports.composing import actions
from petition.exports.composing.actions import (
    ChangedMeanwhile,
    MayNotLoosen,
    PresetRefused,
)
from petition.exports.composing.drafts import (
    TO_BEGIN_FROM,
    OwnPresetDraft,
    as_draft,
    check,
    draft_from,
    tidied,
)
from petition.exports.models import ExportPreset
from petition.exports.own.models import LONGEST_NAME, OwnPreset
from petition.exports.own.queries import own_preset
from petition.organisers.permissions import Permission, may
from petition.web.organiser.door import session
from petition.web.organiser.presets.preset_form import PresetForm, blank, posted, with_a_row

blueprint = Blueprint("writing", __name__)
LONGEST_NUMBER = 12


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Show the form, empty or with what another preset has."""
    return _page(blank(_beginning(request.args.get("from", ""))))


@blueprint.post("/new")
def make() -> ResponseReturnValue:
    """Make a preset."""
    return _written(None)


@blueprint.get("/<number:number>")
def show(number: int) -> ResponseReturnValue:
    """Show a preset in the form."""
    own = own_preset(number)
    return _page(blank(as_draft(own)), own) if own else _gone()


@blueprint.post("/<number:number>")
def change(number: int) -> ResponseReturnValue:
    """Put another preset in the place of one."""
    return _written(number)


@blueprint.post("/<number:number>/retire")
def retire(number: int) -> ResponseReturnValue:
    """Let a preset be chosen no more."""
    own = own_preset(number)
    if own is None:
        return _gone()
    try:
        with transaction():
            actions.retire(own, session.present().organiser.id, now(), may_loosen=_may_loosen())
    except ChangedMeanwhile:
        return _gone()
    except MayNotLoosen as refused:
        flash(str(refused), "info")
        return redirect(url_for("organiser.presets.writing.show", number=number), 303)
    flash(_("The preset is retired. What was made by it stays in the record."), "success")
    return redirect(url_for("organiser.presets.listing.index"), 303)


def _written(number: int | None) -> ResponseReturnValue:
    form = posted(request.form.get("rows", 1, type=int))
    own = own_preset(number) if number is not None else None
    if "add" in request.form:
        return _page(with_a_row(form), own)
    is_valid = form.validate_on_submit()
    if number is not None and own is None:
        flash(
            _("Somebody changed or retired this preset meanwhile. Save yours as a new one."), "info"
        )
        return _page(form), 409
    return _saved(form, own, is_valid=is_valid)


def _saved(form: PresetForm, own: OwnPreset | None, *, is_valid: bool) -> ResponseReturnValue:
    organiser, draft = session.present().organiser.id, form.draft()
    if not is_valid:
        form.show(list(check(tidied(draft), instead_of=own, may_loosen=_may_loosen())))
        return _page(form, own), 422
    try:
        with transaction():
            if own is None:
                actions.make(draft, organiser, now())
            else:
                actions.change(own, draft, organiser, now(), may_loosen=_may_loosen())
    except PresetRefused as refused:
        form.show(refused.problems)
        return _page(form, own), 422
    except ChangedMeanwhile:
        return _gone()
    flash(_("The preset is saved. It stands with the others where a file is made."), "success")
    return redirect(url_for("organiser.presets.listing.index"), 303)


def _beginning(named: str) -> OwnPresetDraft | None:
    """Return what a preset has from which another is begun: one of ours, or one by its number."""
    if named in {*TO_BEGIN_FROM}:
        return draft_from(ExportPreset(named))
    is_number = named.isascii() and named.isdigit() and len(named) <= LONGEST_NUMBER
    own = own_preset(int(named)) if is_number else None
    if own is None:
        return None
    copied = _("%(name)s, copy", name=own.name)[:LONGEST_NAME]
    return replace(as_draft(own), name=copied)


def _may_loosen() -> bool:
    return may(session.present().organiser.role, Permission.LOOSEN_PRESETS)


def _gone() -> ResponseReturnValue:
    flash(_("This preset was changed or retired meanwhile. Here are those of now."), "info")
    return redirect(url_for("organiser.presets.listing.index"), 303)


def _page(form: PresetForm, own: OwnPreset | None = None) -> str:
    return render_template("organiser/presets/writing/show.html", form=form, own=own)
