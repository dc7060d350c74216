"""`organisers`: who may log in, from the terminal of whoever runs the install."""

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import AppGroup

from config import Config
from petition.audit.acts import Act
from petition.audit.noting import TERMINAL, note
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.organisers import invitations
from petition.organisers.models import Organiser, Role
from petition.organisers.queries import all_organisers, open_invitations, organiser_by_email

organisers = AppGroup("organisers", help="Invite organisers, let them back in, list them.")


@organisers.command()
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="What they may do.",
)
def add(email: str, role: str) -> None:
    """Invite EMAIL and print the link with which they set a name and a password."""
    try:
        with transaction():
            token = invitations.invite(_checked(email), Role(role), now())
            note(Act.INVITED, TERMINAL, now(), role=role, address=_checked(email))
    except invitations.AlreadyOrganiser:
        raise click.ClickException("There is an organiser with this address already.") from None
    _print_link(token)


@organisers.command()
@click.argument("email")
def reset(email: str) -> None:
    """Log EMAIL out everywhere and print a link for a new password and authenticator."""
    with transaction():
        organiser = organiser_at(email)
        token = invitations.reset(organiser, now())
        note(Act.RESET, TERMINAL, now(), organiser=organiser.id)
    _print_link(token)


@organisers.command()
@click.argument("email")
def disable(email: str) -> None:
    """Log EMAIL out and let them in no longer; `reset` lets them back in."""
    with transaction():
        organiser = organiser_at(email)
        invitations.disable(organiser, now())
        note(Act.DISABLED, TERMINAL, now(), organiser=organiser.id)
    click.echo("Disabled.")


@organisers.command("list")
def list_all() -> None:
    """List organisers and open invitations."""
    with transaction():
        note(Act.ORGANISERS_LISTED, TERMINAL, now())
    for organiser in all_organisers():
        identity = organiser.identity_if_whole
        words = (f"{organiser.id}", organiser.role, _state(organiser), identity.email)
        click.echo("\t".join([*words, identity.name]))
    for invitation in open_invitations(now()):
        kind = "invited" if invitation.organiser_id is None else "reset"
        until = invitation.expires_at.isoformat(timespec="minutes")
        click.echo("\t".join(["-", invitation.role, f"{kind}, until {until}"]))


def first_invitation(url: str) -> str | None:
    """Return a new link for the first owner, earlier ones ended; None when there is one."""
    with transaction():
        token = invitations.invite_first(now())
        if token is not None:
            note(Act.INVITED, TERMINAL, now(), role=Role.OWNER)
    return token and join_url(url, token)


def join_url(url: str, token: str) -> str:
    """Return the address at which an invitation opens."""
    return f"{url}/organiser/join/{token}"


def _print_link(token: str) -> None:
    config: Config = current_app.config["PETITION"]
    click.echo("Hand this link over in private. It works once, within 72 hours:")
    click.echo(join_url(config.url, token))


def _checked(email: str) -> str:
    """Return the address as the form will, when its owner types it."""
    try:
        checked = validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise click.ClickException(f"That is no e-mail address: {error}") from None
    return checked.ascii_email or checked.normalized


def organiser_at(email: str) -> Organiser:
    """Return the organiser with an address that was typed. Raises ClickException."""
    organiser = organiser_by_email(_checked(email))
    if organiser is None:
        raise click.ClickException("There is no organiser with this address.")
    return organiser


def _state(organiser: Organiser) -> str:
    if organiser.disabled_at is not None:
        return "disabled"
    return "active" if organiser.has_authenticator else "no authenticator"
