"""Presets of the team's own, from the making to the files of them."""

from dataclasses import replace
from datetime import date

import pyrage
import pytest
from pyrage.x25519 import Identity

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports import actions as exports
from petition.exports.choice import Choice, ChoiceRefused
from petition.exports.composing import actions
from petition.exports.composing.actions import ChangedMeanwhile, MayNotLoosen, PresetRefused
from petition.exports.composing.drafts import ColumnDraft, OwnPresetDraft
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset, ExportScope
from petition.exports.own.models import OwnPreset
from petition.exports.own.queries import own_preset, own_presets
from petition.exports.presets import NoSuchFile, NotEncrypted, PresetGone, settled
from petition.petitions.asks import Ask
from tests.audit.reading import noted
from tests.exports.composing.drafting import NAMES, PRESS, made_preset
from tests.factories import make_ask, make_organiser, sign, signed, signer
from tests.grounds.exporting import as_recorded, made

OWN = ExportPreset.OWN
PROGRAM = replace(PRESS, name="For a program", for_spreadsheets=False)


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def begin(ask: Ask, contents: Contents) -> Export:
    """Ask for an export."""
    organiser = make_organiser().id
    with transaction():
        return exports.begin(ask.petition_id, organiser, "To hand over", contents, now())


def of(own: OwnPreset, format_: ExportFormat = ExportFormat.CSV) -> Contents:
    """Return the contents of a file by a preset."""
    return Contents(preset=OWN, own=own.id, format=format_)


def change(own: OwnPreset, draft: OwnPresetDraft, *, may_loosen: bool = True) -> OwnPreset:
    """Put another in a preset's place."""
    organiser = make_organiser().id
    with transaction():
        return actions.change(own, draft, organiser, now(), may_loosen=may_loosen)


def retire(own: OwnPreset, *, may_loosen: bool = True) -> None:
    """Retire a preset."""
    organiser = make_organiser().id
    with transaction():
        actions.retire(own, organiser, now(), may_loosen=may_loosen)


def test_a_file_has_the_columns_in_their_order_under_their_headings(ask: Ask) -> None:
    signed(ask, signer("ada@example.org", name="Ada Maria =One", country="FR", postcode="75001"))
    sign(ask)
    fields = ("family_name", "email", "country_name", "given_name", "postcode", "mail_allowed")
    columns = tuple(ColumnDraft(field, f"The {field}") for field in fields)
    draft = OwnPresetDraft("Mine", columns)

    assert made(begin(ask, of(made_preset(draft)))).decode() == (
        "\ufeffThe family_name,The email,The country_name,The given_name,The postcode,"
        "The mail_allowed\r\n'=One,ada@example.org,France,Ada Maria,75001,no\r\n"
    )
    program = replace(draft, name="Theirs", for_spreadsheets=False)
    lines = made(begin(ask, of(made_preset(program)))).decode().split("\r\n")
    assert lines[1] == "=One,ada@example.org,France,Ada Maria,75001,no"


def test_a_file_of_it_comes_in_each_format_but_on_sheets(ask: Ask) -> None:
    signed(ask, signer(name="Ada One"))
    own = made_preset()

    assert made(begin(ask, of(own, ExportFormat.JSONL))) == (
        b'{"Who":"Ada One","From where":"United Kingdom"}\n'
    )
    assert made(begin(ask, of(own, ExportFormat.XLSX))).startswith(b"PK")
    with pytest.raises(NoSuchFile):
        begin(ask, of(own, ExportFormat.PDF))


def test_a_reason_is_in_it_only_where_people_read_it(ask: Ask) -> None:
    signed(ask, signer(name="Ada One", reason="My brother"))
    draft = OwnPresetDraft("Reasons", (*NAMES, ColumnDraft("reason", "")))
    own = made_preset(draft)

    assert made(begin(ask, of(own))).decode().splitlines() == [
        "\ufeffWho,From where,reason",
        "Ada One,United Kingdom,My brother",
    ]
    with pytest.raises(NoSuchFile):
        begin(ask, of(own, ExportFormat.JSONL))
    with pytest.raises(PresetRefused, match="only a file to read has it"):
        made_preset(replace(draft, name="A program’s", for_spreadsheets=False))


def test_what_does_not_count_is_in_it_only_where_people_read_of_each_how_it_stands(
    ask: Ask,
) -> None:
    stands = OwnPresetDraft("Stands", (*NAMES, ColumnDraft("state", "State")))
    sign(ask, signer(name="Ada Pending"))
    everything = replace(of(made_preset(stands)), scope=ExportScope.EVERYTHING)

    assert "Ada Pending,United Kingdom,pending" in made(begin(ask, everything)).decode()
    for draft in (
        PRESS,
        replace(stands, name="A program’s", for_spreadsheets=False),
        replace(stands, name="By consent", consenting=True),
    ):
        contents = replace(of(made_preset(draft)), scope=ExportScope.EVERYTHING)
        with pytest.raises(NoSuchFile):
            begin(ask, contents)


def test_a_file_of_it_is_narrowed_as_the_preset_and_the_form_say_both(ask: Ask) -> None:
    for name, country, allowed in (
        ("Ada Yes", "FR", True),
        ("Bea No", "FR", False),
        ("Cleo British", "GB", True),
        ("Dora American", "US", True),
    ):
        signed(ask, signer(name=name, country=country, mail_allowed=allowed))
    european = Choice(countries=("GB", "FR"), first_day=date(2026, 11, 1))
    own = made_preset(replace(PRESS, consenting=True, choice=european))

    def names(choice: Choice) -> list[str]:
        file = made(begin(ask, replace(of(own), choice=choice))).decode()
        return [line.partition(",")[0] for line in file.splitlines()[1:]]

    assert names(Choice()) == ["Ada Yes", "Cleo British"]
    assert names(Choice(countries=("FR", "US"))) == ["Ada Yes"]
    assert names(Choice(last_day=date(2026, 11, 2))) == []
    with pytest.raises(ChoiceRefused, match="for other countries: FR, GB"):
        begin(ask, replace(of(own), choice=Choice(countries=("US",))))


def test_an_export_says_for_good_what_it_held_whatever_becomes_of_its_preset(ask: Ask) -> None:
    signed(ask, signer(name="Ada One"))
    own = made_preset()
    before = begin(ask, of(own))
    changed = change(own, replace(PRESS, columns=NAMES[:1]))
    file = made(before)

    assert file.decode().splitlines()[0] == "\ufeffWho,From where"
    assert made(begin(ask, of(changed))).decode() == "\ufeffWho\r\nAda One\r\n"
    retire(changed)
    kept = as_recorded(before)
    assert kept.own is not None
    assert [one.heading for one in kept.own.columns] == ["Who", "From where"]
    assert kept.contents == of(own)


def test_a_preset_that_was_changed_or_retired_is_chosen_once_more(ask: Ask) -> None:
    own = made_preset()
    changed = change(own, PRESS)
    with pytest.raises(PresetGone, match="choose it once more"):
        begin(ask, of(own))
    retire(changed)
    with pytest.raises(PresetGone):
        begin(ask, of(changed))
    with pytest.raises(PresetGone):
        begin(ask, Contents(preset=OWN))
    with pytest.raises(NoSuchFile):
        begin(ask, Contents(own=changed.id))


def test_who_comes_second_changes_nothing(database: str) -> None:
    own = made_preset()
    changed = change(own, replace(PRESS, name="Press, Europe"))
    for again in (lambda: change(own, PRESS), lambda: retire(own)):
        with pytest.raises(ChangedMeanwhile):
            again()

    assert [one.name for one in own_presets()] == ["Press, Europe"]
    assert own_preset(changed.id) is not None


def test_a_name_is_one_presets_until_that_is_retired(database: str) -> None:
    own = made_preset()
    with pytest.raises(PresetRefused) as refused:
        made_preset(replace(PRESS, name="FOR THE PRESS"))
    assert [problem.field for problem in refused.value.problems] == [("name",)]
    retire(own)

    assert made_preset().id != own.id


def test_a_preset_that_requires_keys_makes_no_file_in_the_clear(ask: Ask) -> None:
    signed(ask, signer(name="Ada One"))
    team, mine = (Identity.generate() for _ in range(2))
    own = made_preset(replace(PRESS, required_keys=(f" {team.to_public()}",)))
    for keys in ((), (str(mine.to_public()),)):
        with pytest.raises(NotEncrypted, match="only for the keys that it requires"):
            begin(ask, replace(of(own), encrypted_for=keys))
    whole = settled(replace(of(own), encrypted_for=(str(mine.to_public()),)))
    file = made(begin(ask, whole))

    assert whole.encrypted_for == (str(team.to_public()), str(mine.to_public()))
    assert b"Ada" not in file
    for identity in (team, mine):
        assert b"Ada One" in pyrage.decrypt(file, [identity])


def test_it_is_noted_who_made_changed_and_retired_which(database: str) -> None:
    own = made_preset()
    retire(change(own, replace(PRESS, name="Press, Europe")))
    presets = [(act, about["preset"]) for act, _, _, about in noted()]

    assert presets == [
        (Act.PRESET_MADE, "For the press"),
        (Act.PRESET_CHANGED, "Press, Europe"),
        (Act.PRESET_RETIRED, "Press, Europe"),
    ]


def test_only_who_may_loosen_one_takes_from_it_what_it_requires(database: str) -> None:
    keys = tuple(str(Identity.generate().to_public()) for _ in range(3))
    own = made_preset(replace(PRESS, required_keys=keys[:2]))
    for draft, field in (
        (PRESS, "required_keys"),
        (replace(PRESS, required_keys=keys[1:]), "required_keys"),
        (replace(PRESS, required_keys=keys, name="For the other press"), "name"),
    ):
        with pytest.raises(PresetRefused, match="Only an owner") as refused:
            change(own, draft, may_loosen=False)
        assert [one.field for one in refused.value.problems] == [(field,)]
    with pytest.raises(MayNotLoosen):
        retire(own, may_loosen=False)
    more = change(own, replace(PRESS, name="For the Press", required_keys=keys), may_loosen=False)
    fewer = change(more, replace(PRESS, required_keys=keys[:1]))
    free = change(change(fewer, replace(PRESS, name="Press")), PRESS, may_loosen=False)
    retire(free, may_loosen=False)

    assert [(act, about.get("keys")) for act, _, _, about in noted()] == [
        (Act.PRESET_MADE, 2),
        (Act.PRESET_CHANGED, 3),
        (Act.PRESET_LOOSENED, 1),
        (Act.PRESET_LOOSENED, 0),
        (Act.PRESET_CHANGED, None),
        (Act.PRESET_RETIRED, None),
    ]
