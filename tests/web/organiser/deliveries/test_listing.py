"""All deliveries in one list, with how each of them stands."""

from datetime import timedelta

import pytest
import time_machine

from petition.deliveries.models import StepKind
from petition.organisers.models import Role
from tests.deliveries.making import OTHER_OFFICE, go_on, handed_over, organiser, planned
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import LogIn
from tests.web.organiser.deliveries.records import LIST, PLAN
from tests.web.public.people import words

pytestmark = pytest.mark.usefixtures("letters_open")


def rows(client: ReadingClient) -> list[str]:
    """Return the list, a text for each delivery."""
    return [words(str(row)) for row in client.visit(LIST).select("tbody tr")]


def test_the_list_says_how_each_delivery_stands(
    log_in: LogIn, noon: time_machine.Traveller
) -> None:
    who = organiser()
    handed_over(who)
    answered = handed_over(who, to=OTHER_OFFICE)
    go_on(answered, StepKind.ANSWERED, who)
    planned(who)
    client = log_in(Role.AUDITOR)

    plan, answer, waiting = rows(client)
    assert "Planned" in plan
    assert "Answered 20 November 2026 1,243 The same day" in answer
    assert "Canada" in answer
    assert "Handed over 20 November 2026 1,243 Expected by 20 December 2026" in waiting
    noon.shift(timedelta(days=31))
    late = log_in(Role.OWNER)
    assert "None after 31 days" in rows(late)[2]
    assert [words(str(one)) for one in late.visit(LIST).select("td strong")] == [
        "None after 31 days"
    ]


def test_an_empty_list_leads_to_where_one_is_planned(log_in: LogIn) -> None:
    page = log_in(Role.EXPORTER).visit(LIST)

    assert "None yet." in words(page)
    assert page.select_one(f"main a[href='{PLAN}']") is not None


@pytest.mark.any_database
@pytest.mark.parametrize("role", Role)
def test_the_way_to_it_is_shown_to_those_who_may_go(log_in: LogIn, role: Role) -> None:
    page = log_in(role).visit("/organiser/")
    may_go = role in {Role.OWNER, Role.EXPORTER, Role.AUDITOR}

    assert bool(page.select(f".masthead a[href='{LIST}']")) == may_go
    assert bool(page.select(f"main a[href='{PLAN}']")) == may_go
