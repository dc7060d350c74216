"""The form for what an office found in a sample, and what the pack's page then says."""

import pytest

from petition.organisers.models import Role
from tests.deliveries.making import organiser
from tests.deliveries.samples.test_actions import whole_pack
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import LogIn
from tests.web.organiser.deliveries.records import FORM
from tests.web.public.people import problems, words

pytestmark = [pytest.mark.usefixtures("letters_open"), pytest.mark.any_database]
PACK = "/organiser/deliveries/1/packs/1"
ASK = f"{PACK}/samples"
FOUND = {"size": "3000", "valid": "2700", "automated": "250", "not_a_name": "50"}
FOUND |= {"duplicates": "3", "required": "80000"}


def send(client: ReadingClient, **changes: str) -> dict[str, str]:
    """Fill the form in and send it; return what is wrong, by field."""
    answer = client.submit(ASK, client.visit(ASK), {**FOUND, **changes}, form=FORM)
    if answer.status_code == 303:
        return {}
    assert answer.status_code == 422
    return problems(answer)


def test_both_rules_are_shown_with_what_they_mean(log_in: LogIn) -> None:
    whole_pack(organiser())
    exporter = log_in(Role.EXPORTER)
    form = exporter.visit(ASK)
    assert [field["value"] for field in form.select("#size")] == ["3000"]
    assert send(exporter) == {}
    shown = words(exporter.visit(PACK))

    assert "As projected, 86,766 of 100,000 are valid, each person once." in shown
    assert "Where 80,000 are needed that is too near to tell" in shown
    assert "It leaves no doubt that 80,000 are valid, each person once." in shown
    for part in ("3,000 of 100,000", "90 %", "33.3333", "1,077.7756", "3,234", "WAC 434-379-010"):
        assert part in shown
    assert send(exporter, duplicates="4") == {}
    assert "a sample with 4 duplicates may stand for so many" in words(exporter.visit(PACK))
    assert send(exporter, required="99999") == {}
    assert "so many may be invalid that 99,999 are not sure" in words(exporter.visit(PACK))
    assert send(exporter, required="88000", duplicates="0") == {}
    shown = words(exporter.visit(PACK))
    assert "cannot show that 88,000 are sure, even without a duplicate" in shown
    assert "-0." not in shown


def test_where_all_were_checked_nothing_is_projected(log_in: LogIn) -> None:
    whole_pack(organiser(), 500)
    owner = log_in()
    all_of_it = {"size": "500", "valid": "480", "automated": "15", "not_a_name": "5"}
    assert send(owner, **all_of_it, required="478") == {}
    shown = words(owner.visit(PACK))

    assert "nothing has to be projected: 477 are valid and nobody’s second." in shown
    assert "That is too few where 478 are needed." in shown


def test_numbers_that_cannot_be_are_refused_beside_their_field(log_in: LogIn) -> None:
    whole_pack(organiser())
    owner = log_in()
    most = "The pack has 100,000: enter 1 to 100,000"
    number = "Enter a whole number; 0 where there is none"
    for changes, wrong in (
        ({"size": "100001"}, {"#size": most, "#valid": "Valid and invalid make 3,000 together"}),
        ({"size": "0"}, {"#size": most, "#valid": "Valid and invalid make"}),
        ({"size": "many"}, {"#size": number}),
        ({"size": "9" * 900}, {"#size": number}),
        ({"valid": "2701"}, {"#valid": "make 3,001 together, and the sample has 3,000"}),
        ({"valid": "-1"}, {"#valid": "No number here is below 0"}),
        ({"automated": "-250"}, {"#automated": "below 0"}),
        ({"automated": ""}, {"#automated": number}),
        ({"duplicates": "2700"}, {"#duplicates": "fewer duplicates than valid"}),
        ({"required": "100001"}, {"#required": most}),
        ({"day": "2026-12-24"}, {"#day": "not one to come"}),
        ({"day": ""}, {"#day": "Enter a day"}),
    ):
        found = send(owner, **changes)
        assert found.keys() == wrong.keys(), changes
        for field, said in wrong.items():
            assert said in found[field]
    assert "None yet." in words(owner.visit(PACK))


def test_only_a_whole_pack_has_samples_and_an_auditor_reads_them(log_in: LogIn) -> None:
    whole_pack(organiser())
    owner = log_in()
    assert send(owner) == {}
    for path in (
        "/organiser/deliveries/1/packs/9/samples",
        "/organiser/deliveries/9/packs/1/samples",
    ):
        owner.visit(path, status=404)
    auditor = log_in(Role.AUDITOR)
    assert "As projected, 86,766" in words(auditor.visit(PACK))
    auditor.visit(ASK, status=403)
