"""Every public page with an example of it: what the browser and the HTML checker look at.

A page that answers GET and has no line here fails tests/web/public/test_markup.py; so does a
template of the door that no line shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.factories import SLUG
from tests.grounds.install import CLOSED, UNSIGNED, Install
from tests.letters import posting

Path = str | Callable[[Install], str]


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page by an example: its path below the language, and what is typed where it is sent."""

    name: str
    path: Path
    sends: Mapping[str, str] | None = None
    """What is typed into the form of the page, which is then sent: the answer is looked at."""
    form: str = "main form[method=post]"
    status: int = 200

    def path_on(self, install: Install, lang: str) -> str:
        """Return the path, with links made for this one visit."""
        below = self.path if isinstance(self.path, str) else self.path(install)
        return f"/{lang}{below}"


def signer(**changes: str) -> dict[str, str]:
    """Return what somebody types who signs."""
    return {
        "name": "Nadia Sample", "email": "nadia@example.org", "country": "GB",
        "visibility": "private", "organiser_mail": "no", **changes,
    }  # fmt: skip


def confirm(install: Install) -> str:
    """Return the path of the page behind the link of a mail."""
    return f"/confirm/{install.confirm_token()}"


def manage(install: Install) -> str:
    """Return the path of the page of one signature."""
    return f"/manage/{install.manage_token()}"


def unsubscribe(install: Install) -> str:
    """Return the path of the page that ends news to somebody."""
    return f"/unsubscribe/{install.unsubscribe_token()}"


def drafted(step: str, **more: Any) -> Callable[[Install], str]:
    """Return the way to a page on which a letter is written."""
    return lambda install: f"/letters/draft/{install.draft_token(**more)}/{step}"


PETITION = f"/petitions/{SLUG}"
LETTER = f"/letters/{posting.LETTER}"
UNDER = "form[action$='/{}']"

PUBLIC_PAGES = (
    PublicPage("home", "/"),
    PublicPage("petition", PETITION),
    PublicPage("petition-unsigned", f"/petitions/{UNSIGNED}"),
    PublicPage("petition-closed", f"/petitions/{CLOSED}"),
    PublicPage("petition-errors", PETITION, {"name": "1", "email": "nadia@"}, status=422),
    PublicPage("check-inbox", PETITION, signer()),
    PublicPage("numbers", f"{PETITION}/numbers"),
    PublicPage("numbers-unsigned", f"/petitions/{UNSIGNED}/numbers"),
    PublicPage("gaps", "/gaps/"),
    PublicPage("gap", "/gaps/eu-corruption-sanctions"),
    PublicPage("events", "/events/"),
    PublicPage("event", "/events/including-allies"),
    PublicPage("event-past", "/events/launch-of-the-report"),
    PublicPage("reports", "/reports/"),
    PublicPage("report", "/reports/four-lists-five-gaps"),
    PublicPage("brief", "/reports/four-lists-five-gaps/for/ca"),
    PublicPage("partners", "/partners/"),
    PublicPage("deliveries", "/deliveries/"),
    PublicPage("delivery-answered", "/deliveries/1"),
    PublicPage("delivery-overdue", "/deliveries/2"),
    PublicPage("delivery-taken-back", "/deliveries/3"),
    PublicPage("verifying", "/deliveries/verify"),
    PublicPage("share", f"{PETITION}/share"),
    PublicPage("embed", f"/embed/{SLUG}"),
    PublicPage("embed-sign", f"/embed/{SLUG}/sign"),
    PublicPage("privacy", "/privacy"),
    PublicPage("confirm", confirm),
    PublicPage("declined", confirm, {}, UNDER.format("decline")),
    PublicPage("receipt", lambda install: f"{manage(install)}/receipt"),
    PublicPage("manage", manage),
    PublicPage("manage-errors", manage, {}, UNDER.format("erase"), status=422),
    PublicPage("erased", manage, {"sure": "y"}, UNDER.format("erase")),
    PublicPage("unsubscribe", unsubscribe),
    PublicPage("unsubscribed", unsubscribe, {}),
    PublicPage("ask-for-link", f"{PETITION}/manage"),
    PublicPage("link-sent", f"{PETITION}/manage", {"email": "nadia@example.org"}),
    PublicPage("letter", LETTER),
    PublicPage("letter-errors", LETTER, {"name": "", "email": "nadia@"}, status=422),
    PublicPage("writing-you", drafted("you")),
    PublicPage("writing-ask", drafted("ask")),
    PublicPage("writing-reasons", drafted("reasons")),
    PublicPage("writing-nudged", drafted("reasons?nudge=1")),
    PublicPage("writing-edit", drafted("edit")),
    PublicPage("writing-errors", drafted("edit"), {"body": ""}, status=422),
    PublicPage("writing-preview", drafted("preview")),
    PublicPage("writing-preview-form", drafted("preview", to="us-secretary-of-state")),
    PublicPage("letter-check-inbox", drafted("send", handed_in=True)),
    PublicPage("letter-told", drafted("preview"), {}, UNDER.format("told")),
    PublicPage("letter-confirm", lambda install: f"/letters/confirm/{install.letter_to_confirm()}"),
    PublicPage(
        "letter-declined",
        lambda install: f"/letters/confirm/{install.letter_to_confirm()}",
        {},
        UNDER.format("decline"),
    ),
    PublicPage(
        "letter-manage", lambda install: f"/letters/manage/{install.letter_token()}?done=confirmed"
    ),
    PublicPage("letter-sent", lambda install: f"/letters/manage/{install.letter_token(sent=True)}"),
    PublicPage("draft-gone", "/letters/draft/unknown/edit", status=410),
    PublicPage("about-letter", "/about-this-letter"),
    PublicPage("not-found", "/nothing", status=404),
    PublicPage("unknown-link", "/confirm/unknown", status=404),
    PublicPage("link-again", lambda install: f"/confirm/{install.pressed_token()}"),
    PublicPage("used-link", lambda install: f"/confirm/{install.used_token()}", status=410),
)

LEAD_ELSEWHERE = {
    "public.choose_language",
    "public.short_link",
    "public.petitions.confirming.back",
    "public.petitions.managing.back",
    *("public.letters.reading.back", "public.letters.handing_in.back"),
    *("public.letters.confirming.back", "public.letters.managing.back"),
}
"""Endpoints whose every answer to GET is a redirection."""

NO_PAGES: set[str] = {
    *("public.petitions.social_cards.campaign", "public.petitions.social_cards.petition"),
    *(
        "public.petitions.sharing.qr_as_svg",
        "public.petitions.sharing.qr_as_png",
        "public.petitions.sheets.petition",
    ),
    "public.deliveries.verifying.program",
    *("public.letters.files.paper", "public.letters.files.text", "public.letters.files.mail"),
    *(
        "public.month.events.feed",
        "public.month.events.feed_of_one",
        "public.month.reports.download",
    ),
    *("public.deliveries.files.content", "public.deliveries.files.preview"),
}
"""Endpoints that answer GET with something other than HTML: feeds, pictures, files."""
