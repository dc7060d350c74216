"""From an answer an organiser sets how a government stands towards the gap, for good."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from petition.audit.acts import Act
from petition.core.storage.database import session, transaction
from petition.deliveries.models import StepKind
from petition.gaps.models import Standing
from petition.gaps.queries import gap_by_slug
from petition.organisers.models import Role
from petition.publishing.loading import FolderRefused, load_campaign
from petition.publishing.saving import save_campaign, write_files
from tests.audit.reading import acts
from tests.deliveries.making import ago, go_on, handed_over, organiser
from tests.factories import NOON, SAMPLE, rows
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import SLUG, LogIn
from tests.web.organiser.deliveries.records import FORM
from tests.web.public.people import problems, words

pytestmark = [pytest.mark.usefixtures("letters_open"), pytest.mark.any_database]
ASK = "/organiser/deliveries/1/steps/3/standing"
SET = {"status": "partial", "because": "It will consult the others."}


def answered() -> None:
    """Let the Foreign Secretary answer delivery 1, three days ago."""
    who = organiser()
    go_on(handed_over(who, ago(10)), StepKind.ANSWERED, who, ago(3))


def send(client: ReadingClient, **changes: str) -> dict[str, str]:
    """Fill the form in and send it; return what is wrong, by field."""
    answer = client.submit(ASK, client.visit(ASK), {**SET, **changes}, form=FORM)
    if answer.status_code == 303:
        return {}
    assert answer.status_code == 422
    return problems(answer)


def test_what_the_answer_says_stands_in_the_form_and_then_on_the_gap_s_page(
    log_in: LogIn, client: ReadingClient
) -> None:
    answered()
    exporter = log_in(Role.EXPORTER)
    record = exporter.visit("/organiser/deliveries/1")
    assert len(record.select(f"a[href='{ASK}']")) == 1
    form = exporter.visit(ASK)
    filled = {name: form.select_one(f"#{name}")["value"] for name in ("as_of", "source_url")}  # type: ignore[index]
    assert filled == {"as_of": "2026-11-17", "source_url": "https://example.org/answer"}
    assert send(exporter) == {}
    shown = words(exporter.visit(ASK))
    assert "The standing is set, and the public reads it." in shown
    assert "Answer of the Foreign Secretary, 17 November 2026" in shown

    session.remove()
    gap = gap_by_slug(SLUG)
    assert gap is not None
    [new] = [one for one in gap.standings if one.at_desk is not None]
    assert (new.jurisdiction, new.status, str(new.as_of)) == ("GB", "partial", "2026-11-17")
    assert new.because == {"en": "It will consult the others."}
    assert acts()[-1] is Act.STANDING_SET
    assert "It will consult the others." in words(client.visit(f"/en/gaps/{SLUG}"))


def test_whoever_takes_the_answer_back_reads_that_the_standing_stays(log_in: LogIn) -> None:
    answered()
    owner, taking_back = log_in(), "/organiser/deliveries/1/retracted"
    assert "A standing of the gap" not in words(owner.visit(taking_back))
    assert send(owner) == {}

    assert "A standing of the gap was set from such an answer" in words(owner.visit(taking_back))


def test_a_standing_that_rests_on_an_answer_taken_back_is_set_back_in_a_form_filled_in(
    log_in: LogIn, client: ReadingClient
) -> None:
    answered()
    owner, record = log_in(), "/organiser/deliveries/1"
    assert send(owner, as_of="2026-11-20") == {}
    go_on(1, StepKind.RETRACTED, organiser(), at=NOON + timedelta(minutes=1))
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        assert "An answer was taken back, and a standing" in words(owner.visit(record))
        assert len(owner.visit(record).select(f"a[href='{ASK}']")) == 1
        form = owner.visit(ASK)
        gap = gap_by_slug(SLUG)
        assert gap is not None
        [*_, before, _set] = [one for one in gap.standings if one.jurisdiction == "GB"]
        session.commit()
        [chosen] = form.select("input[name=status][checked]")
        assert chosen["value"] == before.status
        assert form.select_one("#as_of")["value"] == "2026-11-21"  # type: ignore[index]
        assert form.select_one("#source")["value"] == before.source  # type: ignore[index]
        assert "was a mistake" in words(form)
        answer = owner.submit(ASK, form, {}, form=FORM)
        assert answer.status_code == 303
        shown = owner.visit(str(answer.location))

        assert "a standing rests on it" not in words(shown)
        assert shown.select(f"details {FORM}")
        assert "An answer was taken back, and a standing" not in words(owner.visit(record))
        assert "It stands as it did before." in words(client.visit(f"/en/gaps/{SLUG}"))


def test_once_it_is_set_the_page_leads_to_the_gap_and_folds_its_form(log_in: LogIn) -> None:
    answered()
    owner = log_in()
    assert not owner.visit(ASK).select("details form")
    assert send(owner) == {}
    shown = owner.visit(ASK)

    assert "Partial as of 17 November 2026" in words(shown)
    assert shown.select(f"main a[href='/en/gaps/{SLUG}']")
    assert shown.select(f"details {FORM}")


def test_the_folder_still_loads_with_and_without_what_was_set_here(
    log_in: LogIn, tmp_path: Path
) -> None:
    answered()
    owner = log_in()
    assert send(owner) == {}
    page = owner.visit(ASK)
    session.remove()
    before = rows(Standing)
    with transaction():
        load_campaign(SAMPLE, NOON)
    assert rows(Standing) == before

    [lines] = [area.get_text() for area in page.select("textarea[readonly]")]
    [written] = tomllib.loads(lines)["standing"]
    assert written["status"] == "partial"
    write_files(save_campaign("magnitsky-month-2026"), tmp_path / "saved")
    file = tmp_path / "saved" / "gaps" / f"{SLUG}.toml"
    assert lines.strip() in file.read_text("utf-8")
    with transaction():
        load_campaign(tmp_path / "saved", NOON)
    assert rows(Standing) == before
    file.write_text(file.read_text("utf-8").replace("It will consult", "It may consult"), "utf-8")
    with pytest.raises(FolderRefused, match="A past standing never changes"), transaction():
        load_campaign(tmp_path / "saved", NOON)


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_set(log_in: LogIn) -> None:
    answered()
    owner = log_in()
    before = rows(Standing)
    address = "Enter a web address in full, like https://example.org/answer"
    for changes, wrong in (
        ({"status": ""}, {"#status-0": "Choose how it stands"}),
        ({"status": "other"}, {"#status-0": "Not a valid choice"}),
        ({"as_of": ""}, {"#as_of": "Enter a day"}),
        ({"as_of": "2026-12-24"}, {"#as_of": "The day is still to come"}),
        ({"source": ""}, {"#source": "Say what says so"}),
        ({"source": "x" * 301}, {"#source": "Use at most 300"}),
        ({"source_url": "javascript:alert(1)"}, {"#source_url": address}),
        ({"because": ""}, {"#because": "Say why it stands so"}),
    ):
        found = send(owner, **changes)
        assert found.keys() == wrong.keys(), changes
        for field, said in wrong.items():
            assert said in found[field]
    assert rows(Standing) == before
    assert send(owner) == {}
    twice = send(owner, status="acted")
    assert twice == {
        "#as_of": "There is a standing as of that day, and it never changes. Choose another day"
    }
    assert send(owner, status="acted", as_of="2026-11-19") == {}
    assert rows(Standing) == before + 2


def test_only_an_answer_that_stands_sets_one(log_in: LogIn) -> None:
    answered()
    who = organiser()
    owner = log_in()
    for step in (1, 2, 4):
        owner.visit(f"/organiser/deliveries/1/steps/{step}/standing", status=404)
    go_on(1, StepKind.RETRACTED, who)
    owner.visit(ASK, status=404)
    assert not owner.visit("/organiser/deliveries/1").select(f"a[href='{ASK}']")
    owner.visit("/organiser/deliveries/9/steps/3/standing", status=404)
    log_in(Role.AUDITOR).visit(ASK, status=403)
