"""Logging in and out."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import PasswordField
from wtforms.validators import Length

from petition.audit.acts import Act
from petition.audit.noting import note_failure
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.organisers import authenticators, passwords, sessions, throttling
from petition.organisers.models import Organiser, email_tag
from petition.organisers.queries import organiser_by_email
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import EmailField, answered, at_most
from petition.web.organiser.door import device_mark, session
from petition.web.organiser.door.attempts import attempt_password
from petition.web.organiser.door.code_form import CodeForm, wait_words
from petition.web.organiser.door.noting import note

blueprint = Blueprint("logging_in", __name__)


class LoginForm(BoundedForm):
    """The first step."""

    email = EmailField(
        label=lazy("E-mail address"),
        validators=[answered(lambda: _("Enter your e-mail address")), at_most(254)],
    )
    password = PasswordField(
        label=lazy("Password"),
        validators=[
            answered(lambda: _("Enter your password")),
            Length(max=passwords.LONGEST, message=lazy("This is longer than any password here")),
        ],
    )


def onward() -> ResponseReturnValue:
    """Lead to the page that asked for the login, else to the petitions."""
    return redirect(session.arrive() or url_for("organiser.signatures.petitions.index"), 303)


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Take the address and the password."""
    if session.is_whole():
        return redirect(url_for("organiser.signatures.petitions.index"), 303)
    form = LoginForm()
    if not form.validate_on_submit():
        return _login_page(form, 422 if form.errors else 200)
    email, password = str(form.email.data), str(form.password.data)
    try:
        known = attempt_password(email_tag(email), lambda: _with_password(email, password))
    except throttling.TooManyTries as error:
        form.form_errors.append(wait_words(error))
        return _login_page(form, 429)
    if known is None:
        _note_failure(email)
        form.form_errors.append(_("The address or the password is not right"))
        return _login_page(form, 422)
    _begin(*known, password)
    return redirect(url_for("organiser.signatures.petitions.index"), 303)


def _login_page(form: LoginForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "organiser/account/logging_in/login.html", form=form, waits=status == 429
    )
    return page, status


def _with_password(email: str, password: str) -> tuple[Organiser, str] | None:
    """Return the organiser, and the hash that the password was checked against.

    Whether the address is unknown or the password wrong takes as long.
    """
    organiser = organiser_by_email(email)
    checked = organiser.password_hash if organiser else None
    right = passwords.matches(checked, password)
    if organiser is None or checked is None or organiser.disabled_at is not None:
        return None
    return (organiser, checked) if right else None


def _note_failure(email: str) -> None:
    """Note whose login somebody failed at, never what they typed."""
    whose = organiser_by_email(email)
    with transaction():
        note_failure(Act.LOGIN_FAILED, whose.id if whose else None, now())


def _begin(organiser: Organiser, checked: str, password: str) -> None:
    renewed = passwords.hash_password(password) if passwords.is_outdated(checked) else checked
    with transaction() as database:
        database.refresh(organiser, with_for_update=True)
        if organiser.password_hash != checked:
            raise sessions.SessionEnded  # a reset or a new password came in between
        organiser.password_hash = renewed
        token = sessions.begin(organiser.id, now())
    session.carry(token)


@blueprint.route("/login/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Take the code from the authenticator, or a recovery code."""
    organiser = session.present().organiser
    if session.is_whole() or not organiser.has_authenticator:
        return redirect(url_for("organiser.signatures.petitions.index"), 303)
    form = CodeForm()
    token, status = form.tried(organiser, lambda typed: _second_step(organiser, typed))
    if token is None:
        return render_template("organiser/account/logging_in/code.html", form=form), status
    session.carry(token)
    device_mark.remember(organiser.email_tag)
    return onward()


def _second_step(organiser: Organiser, typed: str) -> str | None:
    """Use the code up and return the token of the session that follows, in one transaction."""
    with transaction():
        if not authenticators.use_any_code(organiser, typed, now()):
            return None
        throttling.clear(*throttling.of_account(organiser.email_tag))
        token = sessions.rotate(session.present().session, now())
        note(Act.LOGGED_IN)
        return token


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session here and on the server."""
    if session.is_begun():
        here = session.present()
        with transaction():
            if sessions.end(here.organiser.id, here.session.token_hash, now()):
                note(Act.LOGGED_OUT)
    session.leave()
    return redirect(url_for(".login"), 303)
