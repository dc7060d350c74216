"""Publishing gaps: what did not change stays the row that it was."""

from sqlalchemy import select

from petition.core.storage.database import session
from petition.core.storage.merging import bring_in_line, bring_texts_in_line, set_changed
from petition.gaps.drafts import GapDraft
from petition.gaps.models import Gap, GapAsk, GapText, Standing


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
        gap.standings.append(
            Standing(
                jurisdiction=one.jurisdiction,
                status=one.status,
                as_of=one.as_of,
                source=one.source,
                source_url=one.source_url,
                because=dict(one.because),
            )
        )
    session.flush()
    session.expire(gap, ["standings"])
