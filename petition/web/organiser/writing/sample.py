"""Removing the sample campaign, with all that people tried in it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import Field
from wtforms.validators import ValidationError

from petition.audit.acts import Act
from petition.campaigns.models import Campaign
from petition.organisers.models import Organiser
from petition.publishing.removing import contents_of, remove_sample, sample_campaign
from petition.web.forms.fields import TextField, answered, at_most
from petition.web.organiser.door import session
from petition.web.organiser.door.code_form import FreshCodeForm, code_field
from petition.web.organiser.door.noting import note

blueprint = Blueprint("sample", __name__, url_prefix="/sample")


class RemovalForm(FreshCodeForm):
    """The name of what goes, and a code: it does not come back."""

    name = TextField(
        label=lazy("Its name"),
        validators=[answered(lambda: _("Type the name of the sample campaign")), at_most(100)],
    )
    code = code_field()

    def __init__(self, organiser: Organiser, slug: str, **kwargs: Any) -> None:
        super().__init__(organiser, **kwargs)
        self.slug = slug

    def validate_name(self, field: Field) -> None:
        """Refuse any other name."""
        if field.data != self.slug:
            raise ValidationError(_("That is not its name; nothing was removed"))


def _sample_or_404() -> Campaign:
    """Return the campaign that is marked as a sample."""
    found = sample_campaign()
    if found is None:
        abort(404)
    return found


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Say what would go and what stays, and ask for the name."""
    sample = _sample_or_404()
    return _page(sample, RemovalForm(session.present().organiser, sample.slug, formdata=None))


@blueprint.post("")
def remove() -> ResponseReturnValue:
    """Remove the sample campaign, after its name was typed."""
    sample = _sample_or_404()
    slug = sample.slug
    form = RemovalForm(session.present().organiser, slug)
    kept, status = form.done(lambda: _removed(slug))
    if kept is None:
        return _page(_sample_or_404(), form), status
    flash(_("“%(name)s” is removed, with all that people did in it.", name=slug), "success")
    if kept:
        stays = _(
            "These offices stay, for letters of other campaigns may go to them: %(offices)s. "
            "To end that, load a folder of yours that names them without “areas”.",
            offices=", ".join(kept),
        )
        flash(stays, "info")
    return redirect(url_for("organiser.signatures.petitions.index"), 303)


def _removed(slug: str) -> list[str]:
    """Remove it, unless it has gone meanwhile; return the offices that stay."""
    sample = sample_campaign(to_change=True)
    if sample is None or sample.slug != slug:
        abort(404)
    kept = remove_sample(sample)
    note(Act.SAMPLE_REMOVED, campaign=slug)
    return kept


def _page(sample: Campaign, form: RemovalForm) -> str:
    return render_template(
        "organiser/writing/sample/show.html", form=form, contents=contents_of(sample)
    )
