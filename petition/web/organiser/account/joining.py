"""Becoming an organiser: the invitation, the authenticator, the recovery codes."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, PasswordField
from wtforms.validators import ValidationError

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.errors import LinkError
from petition.core.storage.database import transaction
from petition.organisers import authenticators, invitations, passwords, recovery_codes, sessions
from petition.organisers.models import Identity, Organiser
from petition.organisers.passwords import Objection
from petition.organisers.queries import organiser_by_id
from petition.web.drawings.qr import qr_code
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import (
    EmailField,
    TextField,
    answered,
    at_most,
    name_like,
    plain_text,
)
from petition.web.organiser.account.recovery import codes_page
from petition.web.organiser.door import device_mark, session
from petition.web.organiser.door.noting import note
from petition.web.site.errors import error_page
from petition.web.site.settings import settings

blueprint = Blueprint("joining", __name__)


class IdentityForm(BoundedForm):
    """Who somebody is. It stands before the password, on the page and in its list of errors."""

    name = TextField(
        label=lazy("Your name"),
        validators=[
            answered(lambda: _("Enter your name")),
            plain_text(),
            at_most(120),
            name_like,
        ],
    )
    email = EmailField(
        label=lazy("E-mail address"),
        validators=[
            answered(lambda: _("Enter your e-mail address")),
            plain_text(),
            at_most(254),
        ],
    )


class PasswordForm(BoundedForm):
    """A new password, typed twice."""

    password = PasswordField(
        label=lazy("Password"), validators=[answered(lambda: _("Choose a password"))]
    )
    again = PasswordField(
        label=lazy("The same password again"),
        validators=[answered(lambda: _("Enter the same password again"))],
    )

    whose = Identity("", "")

    def identity(self) -> Identity:
        """Return whose password it is."""
        return self.whose

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what is easily guessed."""
        objection = passwords.objection(field.data or "", self.identity())
        if objection is not None:
            raise ValidationError(_objection_words(objection))

    def validate_again(self, field: PasswordField) -> None:
        """Refuse two that differ."""
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords are not the same"))


class JoinForm(IdentityForm, PasswordForm):
    """What an invitation asks for."""

    def identity(self) -> Identity:
        """Return whose password it is."""
        return Identity(self.name.data or "", self.email.data or "")


class EnrolForm(BoundedForm):
    """The first code of a new authenticator."""

    code = TextField(
        label=lazy("Code that the app shows"),
        validators=[answered(lambda: _("Enter the code that the app shows")), at_most(40)],
    )
    offer = HiddenField()


def _objection_words(objection: Objection) -> str:
    return {
        Objection.SHORT: _("Use at least %(n)s characters", n=passwords.SHORTEST),
        Objection.LONG: _("Use at most %(n)s characters", n=passwords.LONGEST),
        Objection.ABOUT_YOU: _("Your name and your address are no passwords: choose another"),
        Objection.MONOTONOUS: _("Use more than a few different characters"),
    }[objection]


@blueprint.route("/join/<token>", methods=["GET", "POST"])
def join(token: str) -> ResponseReturnValue:
    """Open an invitation, or the link for a new password."""
    try:
        invitation = invitations.open_invitation(token, now())
        if invitation.organiser_id is not None:
            return _set_password(token, organiser_by_id(invitation.organiser_id))
        return _accept(token)
    except LinkError:
        return dead_invitation()


def dead_invitation() -> ResponseReturnValue:
    """Say that the link opens nothing, and who makes a new one."""
    login = url_for("organiser.account.logging_in.login")
    return error_page(
        _("This link does not work any more"),
        _("It is too old, it was used, or a newer one has taken its place."),
        [
            (_("Log in, if you have set your password already"), login),
            (_("Ask whoever runs this site for a new link"), None),
        ],
        410,
    )


def _accept(token: str) -> ResponseReturnValue:
    form = JoinForm()
    if not form.validate_on_submit():
        return _join_page(form)
    password_hash = passwords.hash_password(str(form.password.data))
    try:
        with transaction():
            organiser = invitations.accept(token, form.identity(), password_hash, now())
            visit = sessions.begin(organiser.id, now())
            noting.note(Act.JOINED, noting.organiser(organiser.id), now(), role=organiser.role)
    except invitations.InvitedOtherwise:
        form.email.errors = [_("The invitation is for another address")]
        return _join_page(form)
    except invitations.AlreadyOrganiser:
        form.email.errors = [_("There is a login with this address already")]
        return _join_page(form)
    session.carry(visit)
    return redirect(url_for(".enrol"), 303)


def _join_page(form: JoinForm) -> ResponseReturnValue:
    page = render_template(
        "organiser/account/joining/join.html", form=form, shortest=passwords.SHORTEST
    )
    return page, 422 if form.errors else 200


def _set_password(token: str, whose: Organiser) -> ResponseReturnValue:
    form = PasswordForm()
    form.whose = whose.identity_if_whole
    if not form.validate_on_submit():
        page = render_template(
            "organiser/account/joining/set_password.html", form=form, shortest=passwords.SHORTEST
        )
        return page, 422 if form.errors else 200
    password_hash = passwords.hash_password(str(form.password.data))
    with transaction():
        organiser = invitations.set_password(token, password_hash, now())
        visit = sessions.begin(organiser.id, now())
        noting.note(Act.PASSWORD_SET, noting.organiser(organiser.id), now())
    session.carry(visit)
    return redirect(url_for(".enrol"), 303)


@blueprint.route("/authenticator", methods=["GET", "POST"])
def enrol() -> ResponseReturnValue:
    """Show a secret for the authenticator; take its first code; hand over the recovery codes."""
    organiser = session.present().organiser
    if organiser.has_authenticator:
        return redirect(url_for("organiser.signatures.petitions.index"), 303)
    form = EnrolForm()
    secret = _offered_secret(organiser, form)
    if not form.validate_on_submit():
        return _enrol_page(form, organiser, secret)
    step = authenticators.matching_step(secret, str(form.code.data), now())
    if step is None:
        form.code.errors = [_("This is not the code of the app just now; try the next one")]
        return _enrol_page(form, organiser, secret)
    codes = _enrol(organiser, secret, step)
    if codes is None:
        return redirect(url_for("organiser.signatures.petitions.index"), 303)
    device_mark.remember(organiser.email_tag)
    return codes_page(organiser, codes)


def _offered_secret(organiser: Organiser, form: EnrolForm) -> str:
    """Return the secret that the page showed, else a new one."""
    try:
        return authenticators.offered(organiser.id, form.offer.data or "")
    except authenticators.OfferBroken:
        return authenticators.new_secret()


def _enrol_page(form: EnrolForm, organiser: Organiser, secret: str) -> ResponseReturnValue:
    email = organiser.identity_if_whole.email
    form.offer.data = authenticators.offer(organiser.id, secret)
    page = render_template(
        "organiser/account/joining/enrol.html",
        form=form,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        qr=qr_code(authenticators.provisioning_uri(secret, email, settings().site_name)),
        may_wait=settings().on_loopback,
    )
    return page, 422 if form.errors else 200


def _enrol(organiser: Organiser, secret: str, step: int) -> list[str] | None:
    """Keep the secret and end the other sessions; None when another window was faster."""
    with transaction():
        if not authenticators.enrol(organiser, secret, step):
            return None
        codes = recovery_codes.renew(organiser.id)
        here = session.present().session
        if not sessions.end(organiser.id, here.token_hash, now()):
            raise sessions.SessionEnded
        sessions.end_all(organiser.id, now())
        token = sessions.begin(organiser.id, now(), second_factor=True)
        note(Act.AUTHENTICATOR_SET_UP)
    session.carry(token)
    return codes


@blueprint.post("/authenticator/later")
def later() -> ResponseReturnValue:
    """Put the authenticator off: only on a trial install that nobody else reaches."""
    here = session.present()
    if not settings().on_loopback or here.organiser.has_authenticator:
        abort(403)
    with transaction():
        token = sessions.rotate(here.session, now())
        note(Act.LOGGED_IN)
    session.carry(token)
    return redirect(session.arrive() or url_for("organiser.signatures.petitions.index"), 303)
