"""A campaign's folder of TOML and Markdown, read into drafts: every file, whatever is wrong."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

from petition.campaigns.drafts import CampaignDraft, PartnersDraft
from petition.campaigns.event_drafts import EventDraft
from petition.campaigns.report_drafts import ReportDraft
from petition.core.drafts.shapes import listed
from petition.core.files.plain_file import FileRefused, files_in, names_in
from petition.gaps.drafts import GapDraft
from petition.letters.campaigns.drafts import LetterCampaignDraft
from petition.petitions.drafts import PetitionDraft
from petition.publishing.documents import Document, read_document
from petition.recipients.drafts import RecipientDraft

Draft = TypeVar("Draft")
FILES = ("campaign.toml", "recipients.toml", "partners.toml")
FOLDERS = ("gaps", "petitions", "letters", "events", "reports")


@dataclass(frozen=True, slots=True)
class RecipientsDraft:
    """The offices that a folder names."""

    recipients: tuple[RecipientDraft, ...] = listed("recipient")


@dataclass(slots=True)
class Room(Generic[Draft]):
    """The files of one folder within a campaign's, and what of them is no TOML."""

    name: str
    documents: list[Document[Draft]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether it is known what everything in it is called."""
        return not self.refusals and all(one.could_read("slug") for one in self.documents)


@dataclass(slots=True)
class Folder:
    """What a campaign's folder says."""

    campaign: Room[CampaignDraft]
    recipients: Room[RecipientsDraft]
    partners: Room[PartnersDraft]
    gaps: Room[GapDraft]
    petitions: Room[PetitionDraft]
    letters: Room[LetterCampaignDraft]
    events: Room[EventDraft]
    reports: Room[ReportDraft]
    strays: list[str]
    """Words for each file that would be overlooked."""

    @property
    def rooms(self) -> tuple[Room[Any], ...]:
        """All that was read."""
        return (
            *(self.campaign, self.recipients, self.partners, self.gaps),
            *(self.petitions, self.letters, self.events, self.reports),
        )


def read_folder(folder: Path) -> Folder:
    """Read every file of a folder. What is wrong with them is in what is returned."""
    return Folder(
        campaign=_read_file(folder, "campaign.toml", CampaignDraft),
        recipients=_read_file(folder, "recipients.toml", RecipientsDraft),
        partners=_read_file(folder, "partners.toml", PartnersDraft, may_be_missing=True),
        gaps=_read_files(folder, "gaps", GapDraft),
        petitions=_read_files(folder, "petitions", PetitionDraft),
        letters=_read_files(folder, "letters", LetterCampaignDraft),
        events=_read_files(folder, "events", EventDraft),
        reports=_read_files(folder, "reports", ReportDraft),
        strays=list(_strays(folder)),
    )


def _read_file(
    folder: Path, name: str, draft: type[Draft], *, may_be_missing: bool = False
) -> Room[Draft]:
    room: Room[Draft] = Room(name)
    if may_be_missing and not os.path.lexists(folder / name):
        return room
    try:
        room.documents.append(read_document(folder / name, name, draft))
    except FileRefused as refused:
        room.refusals.append(str(refused))
    return room


def _read_files(folder: Path, name: str, draft: type[Draft]) -> Room[Draft]:
    room: Room[Draft] = Room(name)
    try:
        files = files_in(folder / name, "*.toml")
    except FileRefused as refused:
        room.refusals.append(str(refused))
        return room
    for file in files:
        try:
            room.documents.append(read_document(file, f"{name}/{file.name}", draft))
        except FileRefused as refused:
            room.refusals.append(str(refused))
    return room


def _strays(folder: Path) -> Iterator[str]:
    """Yield words for each file and folder that nothing would read."""
    for name in names_in(folder):
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            yield from _strays_in(path, name) if name in FOLDERS else _stray_folder(name)
        else:
            yield from _misnamed(name, "")
            if name.endswith(".toml") and name not in FILES:
                near = get_close_matches(name, FILES, n=1)
                meant = (
                    f"did you mean {near[0]}?" if near else f"it belongs in {', '.join(FOLDERS)}."
                )
                yield f"{name}: no file has this name here; {meant}"


def _stray_folder(name: str) -> Iterator[str]:
    near = get_close_matches(name.lower(), FOLDERS, n=1, cutoff=0.8)
    if near:
        yield f"{name}: the folder has to be called “{near[0]}”."


def _strays_in(folder: Path, room: str) -> Iterator[str]:
    for name in names_in(folder):
        yield from _misnamed(name, f"{room}/")
        path = folder / name
        if path.is_dir() and any(one.endswith(".toml") for one in names_in(path)):
            yield f"{room}/{name}: it is not read; put its files into “{room}” itself."


def _misnamed(name: str, room: str) -> Iterator[str]:
    """Yield words for a file whose ending hides that it is TOML."""
    plain = name.lower()
    for hidden in (".txt", ".text", ""):
        if plain.endswith(f".toml{hidden}") and not name.endswith(".toml"):
            right = name[: len(name) - len(f".toml{hidden}")] + ".toml"
            yield (
                f"{room}{name}: give it the name {right}. Windows hides endings: in the Explorer, "
                "View, show “File name extensions”."
            )
            return
