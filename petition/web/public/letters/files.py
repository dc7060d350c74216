"""A letter as a file to take away: on paper, as text, and for a mail program."""

from email.contentmanager import raw_data_manager
from email.message import EmailMessage

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.core.printing.typesetting import typeset_lately
from petition.core.tokens import digest
from petition.letters.paper.setting import letter_on_paper
from petition.outbox.headers import AS_GIVEN, bare, mailbox, words
from petition.web.public.letters.open_draft import AddressedDraft, open_draft

blueprint = Blueprint("files", __name__, url_prefix="/letters/draft/<token>")
NAME = "letter"
"""Says nothing of a campaign to whoever sees the file on somebody's screen."""


def _addressed_or_404(token: str) -> AddressedDraft:
    there = open_draft(token).addressed()
    if there is None:
        abort(404)
    return there


@blueprint.get("/letter.pdf")
def paper(lang: str, token: str) -> ResponseReturnValue:
    """Set the letter on paper as letters are where it goes."""
    asked_as = digest(token)
    file = typeset_lately(asked_as) or _paper(token, asked_as)
    return _file(file, "application/pdf", f"{NAME}.pdf")


def _paper(token: str, asked_as: bytes) -> bytes:
    there = _addressed_or_404(token)
    mailroom = there.office.mailroom
    if mailroom is None:
        abort(404)
    language, day = there.here.text.language, now().date()
    return letter_on_paper(
        written=there.written,
        office=there.named,
        mailroom=mailroom,
        language=language,
        day=day,
        asked_as=asked_as,
    )


@blueprint.get("/letter.txt")
def text(lang: str, token: str) -> ResponseReturnValue:
    """Give the letter as plain text."""
    there = _addressed_or_404(token)
    lines = f"{there.subject}\n\n{there.body}\n".replace("\n", "\r\n")
    return _file(lines.encode(), "text/plain", f"{NAME}.txt")


@blueprint.get("/letter.eml")
def mail(lang: str, token: str) -> ResponseReturnValue:
    """Give the letter as a mail that a mail program opens to be sent."""
    there = _addressed_or_404(token)
    writer, message = there.here.draft.writer, EmailMessage(policy=AS_GIVEN)
    message["From"] = mailbox(writer.name, writer.email)
    if there.office.email:
        message["To"] = bare(there.office.email)
    message["Subject"] = words(there.subject)
    message["X-Unsent"] = "1"  # several mail programs open it as a draft
    message.set_content(there.body + "\n", cte="quoted-printable", content_manager=raw_data_manager)
    return _file(bytes(message), "message/rfc822", f"{NAME}.eml")


def _file(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
