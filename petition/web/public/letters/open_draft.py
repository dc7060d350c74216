"""The draft behind a link: what is in it, and what it is made from."""

from dataclasses import dataclass, replace
from typing import Any

from flask import request

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.core.tokens import digest
from petition.letters.campaigns.models import LetterText
from petition.letters.campaigns.queries import text_with_its_campaign
from petition.letters.drafting import drafts
from petition.letters.drafting.composing import (
    Template,
    body_of,
    follow,
    given_words,
    subject_of,
    template_for,
)
from petition.letters.drafting.own_words import own_share
from petition.letters.letter.written import Draft, Written
from petition.letters.readdressing import take_back
from petition.recipients.models import Channel, Recipient
from petition.versions.models import Office
from petition.web.public.letters.letter_page import LetterPage, offices_for, page_of_text


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft whose writer may still have to choose to whom it goes."""

    token: str
    draft: Draft
    text: LetterText
    offices: list[Recipient]
    came_again: bool = False
    """Whether the page that was sent had led here already."""

    @property
    def page(self) -> LetterPage:
        """The letter campaign."""
        return page_of_text(self.text)

    @property
    def recipient(self) -> Recipient | None:
        """To whom it goes, once that is chosen and as long as the office takes letters."""
        return {office.id: office for office in self.offices}.get(self.draft.recipient_id or 0)

    def addressed(self) -> "AddressedDraft | None":
        """Return the draft with its office; None while none is chosen."""
        office = self.recipient
        if office is None or office.mailroom is None:
            return None
        return AddressedDraft(self, office, template_for(self.text, office.mailroom))

    def keep(self, **changes: Any) -> "OpenDraft":
        """Keep the draft with these changes; an edited letter follows them. Raises DraftGone."""
        changed = self.changed(**changes)
        with transaction():
            drafts.keep(self.token, changed.draft, now())
        return changed

    def changed(self, **changes: Any) -> "OpenDraft":
        """Return the draft with these changes, not kept yet; an edited letter follows them."""
        changed = replace(self, draft=replace(self.draft, **changes))
        before, after = self.addressed(), changed.addressed()
        if self.draft.body and "body" not in changes and before and after:
            pair = ((before.template, self.draft), (after.template, changed.draft))
            changed = replace(
                changed, draft=replace(changed.draft, body=follow(self.draft.body, *pair))
            )
        return changed

    def moved(self, **changes: Any) -> "OpenDraft":
        """Keep the draft with these changes under a new link, which only this page leads to.

        Raises DraftGone.
        """
        changed, sheet, hashed = self.changed(**changes), _sheet(), digest(self.token)
        campaign, email = self.text.letter_campaign_id, changed.draft.writer.email
        with transaction():
            take_back(campaign, hashed, self.draft, email, now())
            if self.came_again:
                drafts.keep(self.token, changed.draft, now())
                return changed
            try:
                token = drafts.move(self.token, changed.draft, now(), sheet=sheet)
            except drafts.DraftGone:  # since it was opened: the same page has come twice
                token = drafts.successor(self.token, sheet)
                drafts.keep(token, changed.draft, now())
        return replace(changed, token=token)


@dataclass(frozen=True, slots=True)
class AddressedDraft:
    """A draft with the office that it goes to."""

    here: OpenDraft
    office: Recipient
    template: Template

    @property
    def named(self) -> Office:
        """The office as the version names it that the draft is made from."""
        return self.here.text.version.naming(self.office)

    def takes(self, channel: Channel) -> bool:
        """Whether its office takes letters this way."""
        return self.office.mailroom is not None and self.office.mailroom.takes(channel)

    @property
    def subject(self) -> str:
        """The subject as it would leave."""
        return subject_of(self.template, self.here.draft)

    @property
    def body(self) -> str:
        """The letter as it would leave."""
        return body_of(self.template, self.here.draft)

    @property
    def written(self) -> Written:
        """The letter as it would leave on paper."""
        return Written(self.here.draft.writer, self.subject, self.body, reply_allowed=False)

    @property
    def own_share(self) -> int:
        """How much of it is its writer's own, in percent."""
        return own_share(self.body, given_words(self.template, self.here.draft.writer))


def open_draft(token: str) -> OpenDraft:
    """Return the draft behind a link, or behind the one that this page has led to already.

    Raises DraftGone.
    """
    came_again = False
    try:
        row, draft = drafts.open_draft(token, now())
    except drafts.DraftGone:
        token, came_again = drafts.successor(token, _sheet()), True
        row, draft = drafts.open_draft(token, now())
    text = text_with_its_campaign(row.text_id)
    return OpenDraft(token, draft, text, offices_for(text.version, draft.writer), came_again)


def _sheet() -> str:
    return request.form.get("sheet", "")
