"""Load the offices that can act from `recipients.toml`."""

from pathlib import Path

from sqlalchemy import select

from petition.core.database import session
from petition.core.folder import Document
from petition.recipients.jurisdictions import Jurisdiction
from petition.recipients.models import Recipient


def load_recipients(file: Path) -> dict[str, Recipient]:
    """Bring the offices in line with the file; return all there are, by slug.

    Raises CampaignFolderError.
    """
    known = {recipient.slug: recipient for recipient in session.scalars(select(Recipient))}
    for entry in Document.read(file).tables("recipient"):
        slug = entry.slug()
        recipient = known.setdefault(slug, Recipient(slug=slug))
        recipient.jurisdiction = entry.choice("jurisdiction", Jurisdiction)
        recipient.office = entry.by_language("office")
        recipient.holder = entry.optional_text("holder")
        recipient.email = entry.optional_text("email", most=254)
        recipient.languages = [entry.language(code) for code in entry.strings("languages")] or [
            "en"
        ]
        session.add(recipient)
    session.flush()
    return known
