"""Plain links with which a petition is passed on: no scripts, no counters of others."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask_babel import gettext as _

from petition.web.keeping.parts import part


@dataclass(frozen=True, slots=True)
class ShareLink:
    """One way to pass a petition on."""

    name: str
    url: str


@part
def share_links(title: str, url: str) -> tuple[ShareLink, ...]:
    """Return the links; each opens only when its reader chooses it."""
    words = f"{title} {url}"
    return (
        ShareLink(_("E-mail"), f"mailto:?subject={quote(title)}&body={quote(words)}"),
        ShareLink("WhatsApp", "https://wa.me/?" + urlencode({"text": words})),
        ShareLink("Telegram", "https://t.me/share/url?" + urlencode({"url": url, "text": title})),
        ShareLink("Bluesky", "https://bsky.app/intent/compose?" + urlencode({"text": words})),
        ShareLink("X", "https://x.com/intent/post?" + urlencode({"text": title, "url": url})),
        ShareLink(
            "Facebook", "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": url})
        ),
    )
