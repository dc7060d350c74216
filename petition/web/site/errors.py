"""Errors become pages here, once: what happened, and what to do next."""

import os

from flask import Flask, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from petition.core.errors import OF_THE_DISK, InstallUnfit, LinkError, LinkExpired, LinkUsed
from petition.core.keyring.sealing import SealBroken
from petition.core.log import fault_fields, log
from petition.core.printing.typesetting import TypesettingBusy, TypesettingFailed
from petition.core.seldom import Seldom
from petition.core.storage.database import may_be_saved
from petition.core.storage.database_faults import OF_A_DATABASE, fault_of, log_database_fault
from petition.core.storage.fitness import require_fitness, why_unfit
from petition.letters.drafting.drafts import DraftGone
from petition.links.models import LinkPurpose
from petition.outbox.origins import LETTER
from petition.signatures.links import petition_behind
from petition.web.site.cookies import ORGANISERS
from petition.web.site.languages import present_language
from petition.web.site.security import is_for_a_frame
from petition.web.site.uploads import TOO_LARGE, brings_file

Answer = tuple[str, int]
Headers = list[tuple[str, str]]
Step = tuple[str, str | None]
_unfit = Seldom()

COME_AGAIN_SECONDS = 5


def init_app(app: Flask) -> None:
    """Give every error its page; take nothing in that would become one."""
    app.before_request(take_nothing_while_unfit)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(SecurityError, foreign_host)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(LinkError, dead_link)
    app.register_error_handler(DraftGone, lost_draft)
    app.register_error_handler(InstallUnfit, unfit)
    app.register_error_handler(SealBroken, cannot_open)
    for kind in OF_A_DATABASE:
        app.register_error_handler(kind, database_fault)
    app.register_error_handler(OSError, disk_fault)
    app.register_error_handler(TypesettingFailed, cannot_typeset)
    app.register_error_handler(TypesettingBusy, come_again)


def take_nothing_while_unfit() -> None:
    """Refuse whatever would be written while the install is not as it should be."""
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        require_fitness()


def error_page(
    title: str, message: str, steps: list[Step], code: int, *, script: str = ""
) -> Answer:
    """Return the page of an error."""
    page = render_template(
        "errors/error.html",
        layout=f"layouts/{_layout()}.html",
        title=title,
        message=message,
        next_steps=steps,
        code=code,
        script=script,
        alternates=[],
    )
    return page, code


def _layout() -> str:
    if is_for_a_frame():
        return "embed"
    return "organiser" if _is_organisers() else "public"


def _is_organisers() -> bool:
    return request.path.startswith(ORGANISERS)


def _home() -> Step:
    if _is_organisers():
        return _("Go to the petitions"), url_for("organiser.signatures.petitions.index")
    return _("Go to the campaign"), url_for("public.month.campaign.show", lang=present_language())


def foreign_host(_error: SecurityError) -> Response:
    """Refuse a host that is not ours. Such a request has no addresses, so no page can be made."""
    return Response("This site is not served under that name.\n", 400, mimetype="text/plain")


def http_error(error: HTTPException) -> tuple[str, int, Headers]:
    """Say in plain words what the HTTP error means. A fault of ours comes here as a 500."""
    code = error.code or 500
    if code == 413 and brings_file(f"{request.method} {request.path} ".encode()):
        return *error_page(*TOO_LARGE, [*_once_more(), _home()], code), []
    titles = {
        400: (_("We could not read that"), _("What your browser sent did not make sense to us.")),
        403: (
            _("You may not do this"),
            _("This page is not for you, or the form came from elsewhere."),
        ),
        404: (_("There is no such page"), _("The address may be mistyped, or the page has gone.")),
        405: (_("That does not work here"), _("This address does not take what was sent to it.")),
        413: (
            _("That is too long"),
            _("No answer needs that much room. Nothing is lost: go back and shorten it."),
        ),
        429: (_("Too many tries"), _("Please wait a little and try again.")),
    }
    title, message = titles.get(code, titles[400] if code < 500 else _fault_words())
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    return *error_page(title, message, [_home()], code), headers


def stale_form(_error: CSRFError) -> Answer:
    """Say that a form was open for too long."""
    return error_page(
        _("This form is out of date"),
        _("You may have logged out or in elsewhere, or sent it twice. Look before you repeat it."),
        [_home()],
        400,
    )


def dead_link(error: LinkError) -> Answer:
    """Say why a link from a mail no longer opens, and how to get a new one."""
    if error.kind == LETTER:
        return _dead_letter_link(error)
    slug = petition_behind(str((request.view_args or {}).get("token", "")))
    may_sign = error.purpose == LinkPurpose.CONFIRM and not isinstance(error, LinkUsed)
    steps = [_sign_again(slug)] if may_sign else []
    title, message = _dead_link_words(error)
    code = 410 if isinstance(error, LinkUsed | LinkExpired) else 404
    return error_page(title, message, [*steps, _new_link(slug), _home()], code)


def _dead_letter_link(error: LinkError) -> Answer:
    title, message = _dead_link_words(error)
    if isinstance(error, LinkUsed):
        message = _(
            "You have confirmed a letter to this office already. If you wrote several, that one "
            "was taken and the others are deleted."
        )
    letters = url_for("public.month.campaign.show", lang=present_language()) + "#letters"
    again = _(
        "Write to the same office once more, with the same address: we send you a new link, "
        "and your letter is never sent twice"
    )
    code = 410 if isinstance(error, LinkUsed | LinkExpired) else 404
    return error_page(title, message, [(again, letters), _home()], code)


def lost_draft(_error: DraftGone) -> Answer:
    """Say that no draft is kept under a link any more."""
    return error_page(
        _("This link opens no draft any more"),
        _(
            "A draft is kept for seven days, or until its letter is confirmed. With each page that "
            "you fill in it gets a new link: go forward in your browser, and from there with the "
            "“Back” on the page."
        ),
        [_home()],
        410,
        script="js/draft-gone.js",
    )


def _new_link(slug: str | None) -> Step:
    words = _("Ask for the link to your signature, if you have confirmed it")
    if slug is not None:
        return words, url_for(
            "public.petitions.managing.request_link", lang=present_language(), slug=slug
        )
    return words, url_for("public.privacy.show", lang=present_language()) + "#each-title"


def _sign_again(slug: str | None) -> Step:
    words = _(
        "Sign once more with the same address: we send you a new link, "
        "and you are never counted twice"
    )
    if slug is not None:
        page = url_for("public.petitions.reading.show", lang=present_language(), slug=slug)
        return words, f"{page}#sign"
    return words, url_for("public.month.campaign.show", lang=present_language()) + "#petitions"


def _dead_link_words(error: LinkError) -> tuple[str, str]:
    if isinstance(error, LinkUsed):
        return _("This link has done its work"), _(
            "The button behind it was pressed already. "
            "To see how your signature stands, ask for your link."
        )
    if isinstance(error, LinkExpired):
        return _("This link is too old"), _("For your safety a link works for 72 hours only.")
    return _("We do not know this link"), _(
        "It may have been cut off in the mail, or what it belonged to was withdrawn or erased."
    )


def database_fault(error: Exception) -> Answer:
    """Say that the database cannot serve us at the moment. What is our own mistake stays a 500."""
    if fault_of(error) is None:
        sentence = why_unfit()  # a database of another version lacks what we ask for
        if sentence is None:
            raise error
        return unfit(InstallUnfit(sentence))
    log_database_fault(error)
    return _out_of_reach([*_once_more(), _home()])


def disk_fault(error: OSError) -> Answer:
    """Say that what has to be written first, such as the journal of erasures, cannot be."""
    if error.errno not in OF_THE_DISK:
        raise error
    fields = {"why": os.strerror(error.errno), **fault_fields(error)}
    _unfit.log_error("a file cannot be used", str(error.errno), fields)
    return _out_of_reach([*_once_more(), _home()])


def _out_of_reach(steps: list[Step]) -> Answer:
    ours = _("This is our fault, not yours; please try again in a minute.")
    return error_page(_("We cannot reach our records"), _what_was_saved() or ours, steps, 503)


def cannot_open(error: SealBroken) -> Answer:
    """Say that what is kept here does not open; the others' does."""
    log.error("a seal does not open", extra={"fields": fault_fields(error)})
    return error_page(
        _("We cannot open what is kept here"),
        _("Nothing was changed. This is our fault, not yours; we have noted it."),
        [_home()],
        503,
    )


def unfit(error: InstallUnfit) -> Answer:
    """Say that nothing can be taken in as the install stands; the log says why."""
    _unfit.log_error(str(error), str(error), {})
    return _out_of_reach([_home()])


def _what_was_saved() -> str:
    """Return what became of what was sent, as far as we know; "" where nothing was sent."""
    if request.method in {"GET", "HEAD"}:
        return ""
    if not may_be_saved():
        return _("Nothing was saved. This is our fault, not yours; please try again in a minute.")
    if _is_organisers():
        return "We do not know whether it was saved. Look before you repeat it."
    return _(
        "We do not know whether it was saved. Please press the button again in a minute: "
        "nothing is counted twice."
    )


def _once_more() -> list[Step]:
    """Return the way to the button that was pressed, where its page has the same address."""
    adapter = current_app.create_url_adapter(request)
    if request.method != "POST" or adapter is None or not adapter.test(request.path, "GET"):
        return []
    return [(_("Try once more"), request.path)]


def cannot_typeset(_error: TypesettingFailed) -> Answer:
    """Say that a picture or a paper cannot be made; the log has the cause already."""
    return error_page(
        _("We cannot make this file at the moment"),
        _("This is our fault, not yours; please try again in a minute."),
        [_home()],
        503,
    )


def come_again(_error: TypesettingBusy) -> tuple[str, int, Headers]:
    """Say that other files are being made, and when there is time for this one."""
    page = error_page(
        _("Please come again in a few seconds"),
        _(
            "We are making files for others at this moment. Nothing of yours is lost: "
            "wait a little, go back, and ask for the file once more."
        ),
        [_home()],
        503,
    )
    return *page, [("Retry-After", str(COME_AGAIN_SECONDS))]


def _fault_words() -> tuple[str, str]:
    noted = _("We have noted the fault, without anything about you.")
    return _("Something broke on our side"), f"{_what_was_saved()} {noted}".strip()
