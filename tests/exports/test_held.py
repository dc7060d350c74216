"""Who is new since an export: everybody is once in it and what continues it, whatever happened."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import Connection, delete, insert

from petition.core.clock import now
from petition.core.storage.database import WRITING, engine, rows_of, session, transaction
from petition.exports import actions
from petition.exports.changes import changes_of, corrections, to_take_out
from petition.exports.choice import Choice
from petition.exports.composing.drafts import ColumnDraft
from petition.exports.models import (
    Contents,
    Export,
    ExportHeld,
    ExportPreset,
    ExportScope,
    ExportSplit,
)
from petition.exports.presets import of_own
from petition.exports.writing.changes import has_file
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.actions import stop_mail, tag_for
from petition.signatures.models import Removal, Signature, SignatureState
from tests.exports.composing.drafting import PRESS, made_preset
from tests.factories import (
    OTHER_SLUG,
    confirm,
    make_ask,
    make_organiser,
    rows,
    sign,
    signed,
    signer,
)
from tests.grounds.exporting import as_recorded, made

SPREADSHEET = Contents()
TOOL = Contents(preset=ExportPreset.ACTION_NETWORK)
EVERYTHING = Contents(ExportScope.EVERYTHING)


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def have(ask: Ask, contents: Contents = SPREADSHEET, since: Export | None = None) -> Export:
    """Have an export made, one that continues another where that is given."""
    contents = replace(contents, since=since.id if since else None)
    organiser = since.organiser_id if since else make_organiser().id
    with transaction():
        export = actions.begin(ask.petition_id, organiser, "To look", contents, now())
    made(export)
    return as_recorded(export)


def held_in(export: Export) -> list[int]:
    """Return the numbers of the signatures in the file of an export."""
    text = made(export).decode("utf-8-sig")
    return [
        int(row.get("signature") or row["Signature"])
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def act(verb: Callable[..., object], number: int, *given: object) -> None:
    """Do something with a signature."""
    with transaction():
        verb(session.get_one(Signature, number, populate_existing=True), *given, now())


def put(connection: Connection, like: Signature) -> int:
    """Store a copy of a signature in a transaction that is open; return its number."""
    table, tag = rows_of(Signature), like.id.to_bytes(32, "big")
    row = {name: getattr(like, name) for name in table.columns.keys() if name != "id"}  # noqa: SIM118
    sealed = like.opened().seal(tag)
    row |= {"supporter_tag": tag, "person": sealed.box, "person_key": sealed.key_id}
    return int(connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one())


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_one_who_commits_late_under_a_lower_number_is_new_exactly_once(ask: Ask) -> None:
    first, _ = signed(ask)
    with engine().connect().execution_options(**WRITING) as late:
        number = put(late, first)
        after, _ = signed(ask)
        assert first.id < number < after.id
        export = have(ask)
        late.commit()

    again = have(ask, since=export)
    assert [held_in(one) for one in (export, again, have(ask, since=again))] == [
        [first.id, after.id],
        [number],
        [],
    ]


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_one_who_leaves_late_by_an_earlier_moment_has_changed(ask: Ask) -> None:
    stays, leaves = signed(ask)[0], signed(ask)[0]
    moment = now()
    with engine().connect().execution_options(**WRITING) as late:
        removed = {"cause": "withdrawn", "signed_at": moment, "confirmed_at": moment}
        about = {"petition_id": ask.petition_id, "signature_id": leaves.id, "removed_at": moment}
        late.execute(insert(rows_of(Removal)).values(removed | about))
        its = rows_of(Signature)
        left = its.update().where(its.c.id == leaves.id).values(state=SignatureState.WITHDRAWN)
        late.execute(left)
        act(removals.erase, signed(ask)[0].id)  # a later removal, which the export has seen
        export = have(ask)
        assert held_in(export) == [stays.id, leaves.id]
        assert changes_of(export) == []
        late.commit()

    assert [one.signature for one in changes_of(export)] == [leaves.id]


class Walk:
    """Signatures that come, go and come back while three kinds of exports are continued."""

    def __init__(self, ask: Ask, seed: int) -> None:
        self.ask, self.random = ask, Random(seed)
        self.people = [f"walker{seed}.{number}@example.org" for number in range(7)]
        self.chains = {one: [have(ask, one)] for one in (SPREADSHEET, TOOL)}

    def step(self) -> None:
        """Let something happen to somebody."""
        someone = self.random.choice(self.people)
        tag = tag_for(self.ask.petition_id, someone)
        found = session.query(Signature).filter_by(supporter_tag=tag)
        signature = found.populate_existing().one_or_none()
        session.commit()
        if signature is None or signature.state == SignatureState.WITHDRAWN:
            who = signer(someone, mail_allowed=self.random.random() < 0.7)
            letters = sign(self.ask, who)
            if letters.confirm_tokens and self.random.random() < 0.9:
                confirm(letters)
        elif signature.state == SignatureState.CONFIRMED:
            organiser = self.chains[SPREADSHEET][0].organiser_id
            if self.random.random() < 0.1:
                act(removals.invalidate, signature.id, organiser, "Not genuine")
            else:
                often = [removals.withdraw, stop_mail] * 3
                act(self.random.choice([*often, removals.erase]), signature.id)
        else:
            act(removals.erase, signature.id)

    def look(self, contents: Contents) -> None:
        """Continue one kind of export and hold it against a whole one of this moment."""
        chain = self.chains[contents]
        chain.append(have(self.ask, contents, since=chain[-1]))
        together: Counter[int] = Counter()
        for export in chain:
            gone = to_take_out(export, changes_of(export))
            back = {one.signature for one in changes_of(export) if one.kind == "back"}
            together.update(set(held_in(export)) - set(gone) - back)
            assert set(gone) <= set(held_in(export))
        whole = have(self.ask, contents)
        present = Counter(held_in(whole))
        assert together == present


def test_everybody_is_once_in_an_export_and_its_continuations_whatever_happened(ask: Ask) -> None:
    walk = Walk(ask, seed=20261116)
    for number in range(90):
        walk.step()
        if number % 6 == 5:
            walk.look(walk.random.choice([SPREADSHEET, TOOL]))
    for contents in walk.chains:
        walk.look(contents)


def test_one_who_takes_consent_back_and_gives_it_again_is_new_for_a_tool_that_mails(
    ask: Ask,
) -> None:
    who = signer(mail_allowed=True)
    number = signed(ask, who)[0].id
    first = have(ask, TOOL)
    act(stop_mail, number)
    assert [one.kind for one in changes_of(first)] == ["consent_taken_back"]
    second = have(ask, TOOL, since=first)
    act(removals.withdraw, number)
    confirm(sign(ask, who))
    third = have(ask, TOOL, since=second)

    assert [held_in(one) for one in (first, second, third)] == [[number], [], [number]]
    assert [one.kind for one in changes_of(first)] == ["back"]
    assert (changes_of(second), changes_of(third)) == ([], [])


def test_what_is_gone_without_a_trace_breaks_nothing(ask: Ask) -> None:
    gone, stays = signed(ask)[0], signed(ask)[0]
    export = have(ask)
    with transaction() as writing:
        writing.execute(delete(Signature).where(Signature.id == gone.id))
    new, _ = signed(ask)

    assert changes_of(export) == []
    assert held_in(export) == [gone.id, stays.id]
    assert held_in(have(ask, since=export)) == [new.id]


def test_only_what_is_made_and_of_the_same_rows_can_be_continued(ask: Ask) -> None:
    signed(ask)
    export = have(ask)
    organiser = export.organiser_id
    elsewhere = make_ask("say-who-was-harmed").petition_id
    with transaction():
        unmade = actions.begin(ask.petition_id, organiser, "To look", SPREADSHEET, now())
    refused = [
        (elsewhere, Contents(since=export.id)),
        (ask.petition_id, Contents(since=unmade.id)),
        (ask.petition_id, Contents(since=999)),
        (ask.petition_id, Contents(ExportScope.EVERYTHING, since=export.id)),
        (ask.petition_id, Contents(preset=ExportPreset.NAMES, since=export.id)),
    ]
    for petition, contents in refused:
        with pytest.raises(ValueError, match="would continue"), transaction():
            actions.begin(petition, organiser, "To look", contents, now())
    with transaction():
        session.get_one(Export, export.id).numbers_kept = False  # as one of an older version
    with pytest.raises(ValueError, match="would continue"):
        have(ask, since=export)


def test_a_file_of_all_states_is_not_continued_since_who_confirms_later_is_not_new(
    ask: Ask,
) -> None:
    confirm(sign(ask, signer()))
    everything = have(ask, EVERYTHING)
    with pytest.raises(ValueError, match="would continue"):
        have(ask, EVERYTHING, since=everything)


def test_an_export_keeps_numbers_alone_and_in_few_rows(ask: Ask) -> None:
    for _ in range(3):
        signed(ask)
    act(removals.erase, signed(ask)[0].id)
    export = have(ask)

    assert export.numbers_kept
    assert rows(ExportHeld) == 2  # signatures, and the removal that it had seen


def test_of_several_petitions_in_parts_a_file_is_continued_whichever_was_asked_first(
    ask: Ask,
) -> None:
    other, third = make_ask(OTHER_SLUG), signer(name="Cy Three", country="FR")
    first = [signed(ask, signer(country="GB"))[0].id, signed(other, signer(country="BE"))[0].id]
    both = Contents(choice=Choice(countries=("BE", "FR", "GB")), split=ExportSplit.COUNTRY)
    whole = have(ask, replace(both, further=(other.petition_id,)))
    new = [signed(ask, third)[0].id, signed(other, third)[0].id]
    signed(other, signer(country="US"))
    act(removals.withdraw, first[1])
    in_one = replace(both, further=(ask.petition_id,), split=ExportSplit.WHOLE)
    again = have(other, in_one, since=whole)

    assert (whole.row_count, held_in(again)) == (2, new)
    assert to_take_out(whole, changes_of(whole)) == [first[1]]
    assert corrections(again) == []
    with pytest.raises(ValueError, match="of something else"):
        have(ask, both, since=whole)


def test_a_list_of_changes_by_a_preset_of_ones_own_names_no_address_that_its_file_lacks(
    ask: Ask,
) -> None:
    own = {
        one: of_own(made_preset(replace(PRESS, name=one, columns=PRESS.columns + more)))
        for one, more in (("a", ()), ("b", (ColumnDraft("email", "Mail"),)))
    }

    assert [
        has_file(replace(preset, consenting=True, names_signatures=False))
        for preset in own.values()
    ] == [False, True]
