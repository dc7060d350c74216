"""Planning to hand signatures of one petition over."""

import pytest

from petition.core.storage.database import session
from petition.deliveries.models import Delivery
from petition.organisers.models import Role
from tests.deliveries.making import OFFICE
from tests.web.organiser.conftest import LogIn
from tests.web.organiser.deliveries.records import FORM, PLAN, plan, planned
from tests.web.public.people import problems, texts, words

pytestmark = pytest.mark.usefixtures("letters_open")


def test_an_exporter_plans_a_delivery_of_which_the_public_reads_nothing(log_in: LogIn) -> None:
    client = log_in(Role.EXPORTER)
    page = planned(client)
    said = words(client.visit(page))

    assert "The delivery is planned. The public reads nothing of it yet." in said
    assert "Foreign Secretary , United Kingdom" in said
    assert "To be handed over on 9 December 2026" in said
    assert "Signatures until 8 December 2026, in UTC" in said
    assert "within 30 days" in said
    assert "What the public reads" not in said
    assert "Exa Exporter" in said


def test_the_petition_s_own_recipients_come_first_each_with_its_country(log_in: LogIn) -> None:
    page = log_in().visit(PLAN)
    own, *_others = page.select("#office optgroup")

    assert own["label"] == "The petition’s recipients"
    offered = texts(own.select("option"))
    assert len(offered) == 5
    assert any(one.endswith("United Kingdom") for one in offered)


def test_the_days_are_offered_as_they_are_likely(log_in: LogIn) -> None:
    page = log_in().visit(PLAN)

    days = [field["value"] for field in page.select("input[type=date]")]
    assert days == ["2026-11-20", "2026-11-19"]  # today has not ended: a pack would lack its rest
    [awaited] = page.select("#answer_days")
    assert awaited["value"] == "30"


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"office": ""}, "#office", "Choose an office"),
        ({"office": "nobody"}, "#office", "Choose from the list"),
        ({"day": "tomorrow"}, "#day", "Enter a day, like 2026-11-24"),
        ({"day": ""}, "#day", "Enter a day, like 2026-11-24"),
        ({"counted_until": "0001-01-01"}, "#counted_until", "Enter a day, like 2026-11-24"),
        (
            {"counted_until": "9999-12-31"},
            "#counted_until",
            "The last day of signatures is after the hand-over. Choose an earlier day",
        ),
        ({"day": "9999-12-30"}, "#day", "Enter a day within two years of today"),
        ({"answer_days": "0"}, "#answer_days", "Enter a number of days from 1 to 365"),
        ({"answer_days": "366"}, "#answer_days", "Enter a number of days from 1 to 365"),
        ({"answer_days": "soon"}, "#answer_days", "Enter a number of days from 1 to 365"),
        ({"answer_days": "9" * 900}, "#answer_days", "Enter a number of days from 1 to 365"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_planned(
    log_in: LogIn, wrong: dict[str, str], field: str, said: str
) -> None:
    answer = plan(log_in(), **wrong)

    assert answer.status_code == 422
    assert problems(answer) == {field: said}
    assert session.query(Delivery).count() == 0
    session.commit()


@pytest.mark.any_database
@pytest.mark.parametrize("role", [Role.OWNER, Role.EXPORTER, Role.AUDITOR])
def test_only_who_may_record_is_offered_the_form(log_in: LogIn, role: Role) -> None:
    page = log_in(role).visit(PLAN)

    assert bool(page.select(FORM)) == (role is not Role.AUDITOR)
    assert "None yet." in words(page)


def test_what_was_planned_stands_below_its_petition(log_in: LogIn) -> None:
    client = log_in()
    page = planned(client)
    [row] = client.visit(PLAN).select("tbody tr")

    assert row.select_one(f"a[href='{page}']") is not None
    assert "Planned" in words(str(row))
    assert session.query(Delivery).one().recipient_id is not None
    assert OFFICE not in words(str(row))
    session.commit()
