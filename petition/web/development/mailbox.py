"""The file mailbox as a page: what would have been mailed, on this machine only."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from petition.web.site.settings import settings

mailbox = Blueprint("mailbox", __name__, url_prefix="/mailbox")
NEWEST = 100
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@mailbox.before_request
def only_this_machine() -> None:
    """Refuse everybody who does not sit at this machine, also behind a proxy on it."""
    forwarded = any(name in request.headers for name in FORWARDED)
    if forwarded or request.remote_addr not in {"127.0.0.1", "::1"}:
        abort(404)


def folder() -> Path:
    """Return where mails are written when no mail server is configured."""
    return settings().instance / "mailbox"


@mailbox.get("/")
def index() -> ResponseReturnValue:
    """List the newest mails."""
    files = sorted(folder().glob("[!.]*.eml"), reverse=True)[:NEWEST]
    mails = [(file.stem, _read(file)) for file in files]
    return render_template("development/mailbox/index.html", mails=mails)


@mailbox.get("/<name>")
def show(name: str) -> ResponseReturnValue:
    """Show one mail as plain text with its links, and beside it as HTML."""
    mail = _read(_file(name))
    text = mail.get_body(("plain",))
    paragraphs = text.get_content().split("\n\n") if text else []
    return render_template(
        "development/mailbox/show.html", mail=mail, paragraphs=paragraphs, name=name
    )


@mailbox.get("/<name>/html")
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
