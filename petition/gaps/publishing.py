"""Publishing gaps: what did not change stays the row that it was."""

from datetime import datetime

from sqlalchemy import select

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.storage.database import session
from petition.core.storage.merging import bring_in_line, bring_texts_in_line, set_changed
from petition.gaps.drafts import GapDraft, StandingDraft
from petition.gaps.models import DeskStanding, Gap, GapAsk, GapText, Standing


def publish(draft: GapDraft, campaign_id: int) -> Gap:
    """Bring a gap in line with its draft, which has passed its checks.

    One that belongs to none, as a new one does, is this campaign's from now on.
    """
    gap = session.scalar(select(Gap).where(Gap.slug == draft.slug))
    if gap is None:
        gap = Gap(slug=draft.slug)
        session.add(gap)
    if gap.campaign_id is None:
        gap.campaign_id = campaign_id
    set_changed(gap, {"number": draft.number, "kind": draft.kind})
    session.flush()
    bring_texts_in_line(gap.texts, draft.text, GapText)
    bring_in_line(
        gap.asks,
        {
            one.jurisdiction: {"jurisdiction": one.jurisdiction, "words": dict(one.words)}
            for one in draft.asks
        },
        lambda ask: ask.jurisdiction,
        GapAsk,
    )
    _add_standings(gap, draft)
    return gap


def _add_standings(gap: Gap, draft: GapDraft) -> None:
    """Add the standings that are new, and translations to those that are not."""
    known = {(one.jurisdiction, one.as_of): one for one in gap.standings}
    for one in sorted(draft.standings, key=lambda standing: standing.as_of):
        past = known.get((one.jurisdiction, one.as_of))
        if past is not None:
            set_changed(past, {"because": dict(one.because)})
            continue
        gap.standings.append(_standing(one))
    session.flush()
    session.expire(gap, ["standings"])


def set_standing(gap: Gap, draft: StandingDraft, organiser_id: int, at: datetime) -> Standing:
    """Add a standing at the desk; it has passed its checks. No folder has to have it.

    No commit; noted last of all.
    """
    standing = _standing(draft)
    standing.at_desk = DeskStanding(organiser_id=organiser_id, set_at=at)
    gap.standings.append(standing)
    session.flush()
    session.expire(gap, ["standings"])
    about = {"gap": gap.slug, "jurisdiction": draft.jurisdiction.value, "day": str(draft.as_of)}
    noting.note(Act.STANDING_SET, noting.organiser(organiser_id), at, **about)
    return standing


def _standing(draft: StandingDraft) -> Standing:
    return Standing(
        jurisdiction=draft.jurisdiction,
        status=draft.status,
        as_of=draft.as_of,
        source=draft.source,
        source_url=draft.source_url,
        because=dict(draft.because),
    )
