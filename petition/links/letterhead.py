"""What a mail with a link needs to know: of the site, and of whom it goes to."""

from dataclasses import dataclass

from petition.links.models import LinkPurpose
from petition.outbox.origins import LETTER, SIGNATURE

PAGES = {
    (SIGNATURE, LinkPurpose.CONFIRM): "confirm",
    (SIGNATURE, LinkPurpose.MANAGE): "manage",
    (LETTER, LinkPurpose.CONFIRM): "letters/confirm",
    (LETTER, LinkPurpose.MANAGE): "letters/manage",
}
"""The pages that links open, by the kind of what they open and the purpose.

The worker mails links too, and has no routes to ask.
"""


@dataclass(frozen=True)
class Letterhead:
    """The site's name and the addresses of its pages, in one language."""

    site_name: str
    url: str
    language: str

    def address(self, kind: str, purpose: LinkPurpose, token: str) -> str:
        """Return the address of the page that a link opens."""
        return f"{self.url}/{self.language}/{PAGES[kind, purpose]}/{token}"


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a mail goes, and in which language."""

    email: str
    language: str
