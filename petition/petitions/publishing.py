"""Publishing petitions; what changed makes a new version."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from petition.campaigns.publishing import Known
from petition.core.i18n import translations
from petition.core.storage.database import session
from petition.core.storage.merging import set_changed
from petition.petitions.drafts import PetitionDraft, PetitionTextDraft
from petition.petitions.models import Petition, PetitionRecipient, PetitionText, PetitionVersion
from petition.petitions.origins import read_origin
from petition.recipients.models import Recipient
from petition.versions.publishing import publish_next

Texts = Mapping[str, PetitionTextDraft]


def publish(draft: PetitionDraft, known: Known, at: datetime) -> bool:
    """Bring a petition in line with its draft, which has passed its checks.

    Returns whether there is a new version.
    """
    petition = session.scalar(select(Petition).where(Petition.slug == draft.slug))
    if petition is None:
        petition = Petition(slug=draft.slug, campaign=known.campaign)
        session.add(petition)
    values = {
        "kind": draft.kind,
        "gap": known.gaps[draft.gap] if draft.gap else None,
        "routes_by_area": draft.routes_by_area,
        "opens_on": draft.opens_on,
        "closes_on": draft.closes_on,
        "embed_origins": list(dict.fromkeys(map(read_origin, draft.embed_origins))),
    }
    set_changed(petition, values)
    session.flush()
    return publish_version(petition, draft.text, known.named(draft.recipients), at)


def publish_version(
    petition: Petition, texts: Texts, recipients: list[Recipient], at: datetime
) -> bool:
    """Make this the petition's present version; false when it says just that already."""
    organisation = petition.campaign.organisation
    written = [
        PetitionText(
            petition_id=petition.id,
            language=language,
            title=text.title,
            summary=text.summary,
            body=text.body,
            mail_question=mail_question(organisation, language),
        )
        for language, text in texts.items()
    ]
    version = PetitionVersion(recipients=PetitionRecipient.freeze(recipients))
    return publish_next(petition, version, written, at)


def mail_question(organisation: str, language: str) -> str:
    """Return the consent question that supporters are asked in `language`."""
    question = translations(language).gettext("May %(organisation)s e-mail you?")
    return question % {"organisation": organisation}
