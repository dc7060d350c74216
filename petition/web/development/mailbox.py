"""The file mailbox as a page: what would have been mailed, on this machine only."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from petition.web.site.settings import settings

blueprint = Blueprint("mailbox", __name__, url_prefix="/mailbox")
NEWEST = 100


@blueprint.before_request
def only_while_mail_is_kept() -> None:
    """Refuse everybody where a mail server is configured."""
    if not settings().shows_mailbox:
        abort(404)


def folder() -> Path:
    """Return where mails are written when no mail server is configured."""
    return settings().instance / "mailbox"


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List the newest mails."""
    files = sorted(folder().glob("[!.]*.eml"), reverse=True)[:NEWEST]
    mails = [(file.stem, _read(file)) for file in files]
    return render_template("development/mailbox/index.html", mails=mails)


@blueprint.get("/<name>")
def show(name: str) -> ResponseReturnValue:
    """Show one mail as plain text with its links, and beside it as HTML."""
    mail = _read(_file(name))
    text = mail.get_body(("plain",))
    paragraphs = text.get_content().split("\n\n") if text else []
    return render_template(
        "development/mailbox/show.html", mail=mail, paragraphs=paragraphs, name=name
    )


@blueprint.get("/<name>/html")
def html(name: str) -> ResponseReturnValue:
    """Show the HTML part as a mail program would."""
    part = _read(_file(name)).get_body(("html",))
    if part is None:
        abort(404)
    response = Response(part.get_content(), mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation allow-popups"
    )
    return response


def _file(name: str) -> Path:
    file = folder() / f"{name}.eml"
    if not name.replace("-", "").isalnum() or not file.is_file():
        abort(404)
    return file


def _read(file: Path) -> EmailMessage:
    with file.open("rb") as stream:
        return BytesParser(policy=policy.default).parse(stream)
