"""Ten thousand signatures and letters in every state come up from migration 0023, and back."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Flask

from petition.letters.desk.numbers import Count
from tests.migrations.before import CAME, CONFIRMED, DECIDED
from tests.migrations.campaign_before import MODERATOR, NOBODYS, OFFICES
from tests.migrations.comparing import Snapshot
from tests.migrations.conftest import Upgraded
from tests.migrations.letter_fates import BESIDE, Letter, letters
from tests.migrations.letters_before import TOLD
from tests.migrations.signatures_before import signatures

MERGED = {"signature_link", "letter_link", "review"}
"""Their rows are in tables of other names now."""
LESS = {"outbox_mail", "letter_transition"}
"""Rows of these that said nothing, or said it in another place, are gone."""
Held = tuple[Any, ...]
OPEN = (None, None, None)
"""When a hold was closed, by whom and how, where it was not."""


def states(install: Upgraded, table: str) -> Counter[str]:
    """Return how many rows of a table were in each state."""
    return Counter(row["state"] for row in install.before.records(table))


def test_there_is_something_in_every_state(upgraded: Upgraded) -> None:
    signed, written = states(upgraded, "signature"), states(upgraded, "letter")

    assert signed.total() == written.total() == 10_000
    assert len(signed) == 4
    assert len(written) == 8  # a drafted one is no row
    assert len(states(upgraded, "outbox_mail")) == 4


def test_every_row_says_what_it_said(upgraded: Upgraded) -> None:
    before, columns = upgraded.before.rows, upgraded.before.columns
    kept = before.keys() & upgraded.after.rows.keys()
    after = {name: upgraded.after.only(name, columns[name]) for name in kept}

    assert before.keys() - kept == MERGED
    assert [name for name in kept - LESS if after[name] != before[name]] == []
    assert all(after[name] <= before[name] for name in LESS)
    gone = {name: before[name] - after[name] for name in LESS}
    kind = columns["outbox_mail"].index("kind")
    assert Counter(row[kind] for row in gone["outbox_mail"].elements()) == {"nothing": TOLD}
    first, then = (columns["letter_transition"].index(name) for name in ("before", "after"))
    assert all(way[first] == way[then] for way in gone["letter_transition"])
    releases = sum(one.fate.steps.count("released") for one in letters())
    assert gone["letter_transition"].total() == releases


def links_before(before: Snapshot) -> Iterator[dict[str, Any]]:
    """Yield every link of before as it is to stand in the one table now."""
    nothing = {"signature_id": None, "letter_id": None, "number": None, "used_at": None}
    nothing |= {"given": None, "given_key": None}
    for link in before.records("signature_link"):
        yield {**nothing, **link, "number": link.pop("mail_number")}
    confirmed = {row["id"]: row["confirmed_at"] for row in before.records("letter")}
    for link in before.records("letter_link"):
        is_to_confirm = link["purpose"] == "confirm"
        yield {**nothing, **link} | (
            {"used_at": confirmed[link["letter_id"]]} if is_to_confirm else {}
        )


def test_every_link_is_in_the_one_table(upgraded: Upgraded) -> None:
    names = upgraded.after.columns["mailed_link"]
    found = [
        {name: value for name, value in link.items() if name != "mail_number"}
        for link in links_before(upgraded.before)
    ]

    assert {frozenset(link) for link in found} == {frozenset(names)}
    assert upgraded.after.rows["mailed_link"] == Counter(
        tuple(link[name] for name in names) for link in found
    )


def holds_of(letter: Letter) -> Iterator[Held]:
    """Yield what is known of the holds of a letter, from each step that it went."""
    on_hold, state, by = False, "awaiting", None
    for step in letter.fate.steps.split():
        if step == "held":
            on_hold = True
        elif step == "released":
            on_hold = False
            cause = "program" if state == "awaiting" else "unnoted"
            yield _held(letter, state, cause, (DECIDED, MODERATOR, True))
        elif step not in BESIDE:
            state, by = step.rstrip("*"), MODERATOR if step.endswith("*") else None
            on_hold &= step != "queued*"
    if on_hold:
        cause = "program" if state == "awaiting" and not letter.fate.links else "unnoted"
        is_decided = state == "stopped" and by is not None
        yield _held(letter, state, cause, (DECIDED, by, False) if is_decided else OPEN)


def _held(letter: Letter, state: str, cause: str, verdict: Held) -> Held:
    return (None, letter.number, cause, CAME if state == "awaiting" else CONFIRMED, *verdict)


def test_every_hold_says_what_was_known_of_it(upgraded: Upgraded) -> None:
    expected: list[Held] = [
        (one.number, None, one.fate.cause, CAME)
        + (OPEN if one.fate.accepted is None else (DECIDED, MODERATOR, one.fate.accepted))
        for _, one in signatures()
        if one.fate.cause
    ]
    expected += [hold for letter in letters() for hold in holds_of(letter)]

    assert upgraded.holds == Counter(expected)


def test_what_the_campaign_names_is_its_own(upgraded: Upgraded) -> None:
    owners = {row["id"]: row["campaign_id"] for row in upgraded.after.records("recipient")}

    assert owners == {**dict.fromkeys(OFFICES, 1), NOBODYS: None}
    assert [row["campaign_id"] for row in upgraded.after.records("gap")] == [1]


def test_versions_of_letters_name_their_offices_as_petitions_do(upgraded: Upgraded) -> None:
    def named(table: str, number: str) -> set[tuple[Any, ...]]:
        found = upgraded.after.records(table)
        return {(row[number], row["office"], row["jurisdiction"]) for row in found}

    letters_to = named("letter_version_recipient", "recipient_id")
    assert {number for number, *_ in letters_to} == {*OFFICES}
    assert letters_to <= named("recipient", "id")
    assert named("petition_version_recipient", "recipient_id") <= letters_to


def test_down_and_up_again_everything_is_as_it_was(upgraded: Upgraded) -> None:
    before, back = upgraded.before.rows, upgraded.back.rows
    new, again = upgraded.after.rows, upgraded.again.rows

    assert [name for name in before if name not in LESS and back[name] != before[name]] == []
    columns = upgraded.before.columns["outbox_mail"]
    assert back["outbox_mail"] == upgraded.after.only("outbox_mail", columns)
    ways = (one.without("letter_transition", "id") for one in (upgraded.back, upgraded.before))
    assert next(ways) == next(ways)
    assert [name for name in new if name != "hold" and again[name] != new[name]] == []
    holds = (one.without("hold", "id") for one in (upgraded.after, upgraded.again))
    assert next(holds) == next(holds)


def test_the_tally_agrees_with_the_rows(app: Flask, upgraded: Upgraded) -> None:
    counted = Counter(one.petition for _, one in signatures() if one.counts)

    assert upgraded.counts == counted
    for words in (["tally", "check"], ["audit", "verify"]):
        said = app.test_cli_runner().invoke(args=words)
        assert said.exit_code == 0, said.output


def test_the_numbers_of_letters_agree_with_their_fates(upgraded: Upgraded) -> None:
    expected: Counter[Count] = Counter()
    for letter in letters():
        state = letter.states[-1]
        causes = [hold[2] for hold in holds_of(letter) if hold[4] is None]
        is_waiting = state == "queued" if causes == ["unnoted"] else bool(causes)
        place = Count.QUEUED if state == "sending" else Count(state)
        expected[Count.ON_HOLD if is_waiting else place] += 1
    expected[Count.SENT_ELSEWHERE] += TOLD
    found = sum((one.counts for one in upgraded.numbers.values()), Counter())

    assert found == expected
