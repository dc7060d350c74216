"""The form of a hand-over asks which pack it was, and keeps what was chosen."""

import pytest
from bs4 import BeautifulSoup

from petition.core.storage.database import session
from petition.deliveries.models import HandedPack
from petition.deliveries.pack.models import DeliveryPack
from tests.deliveries.pack.asking import work_off
from tests.factories import NOON, rows
from tests.organisers.people import code_of
from tests.web.organiser.conftest import LogIn, Supporters, whose
from tests.web.organiser.deliveries.records import FORM, HANDED_OVER, planned, record, recorded
from tests.web.public.people import problems, texts, words

pytestmark = pytest.mark.usefixtures("letters_open")


def chosen(page: BeautifulSoup) -> str:
    """Return what stands in the list of packs."""
    [option] = page.select("#pack_id option[selected]")
    return option.get_text()


def test_which_pack_was_handed_over_is_asked_and_recorded(log_in: LogIn) -> None:
    client = log_in()
    other, page = planned(client), planned(client)
    Supporters().sign("Ada One", at=NOON)
    packs = []
    for delivery in (other, page, page):
        where = f"{delivery}/packs"
        packs.append(str(client.submit(where, client.visit(where), {}, form=FORM).location))
        work_off()
        Supporters().sign(f"Bo {len(packs)}", at=NOON)
    client.submit(packs[1], client.visit(packs[1]), {"code": code_of(whose(client))}, form=FORM)
    form = client.visit(f"{page}/handed_over")
    options = form.select("#pack_id option")
    assert [text.split(",")[0] for text in texts(options)] == [
        *("Pack 2", "Pack 1", "None of these: paper alone"),
    ]
    assert chosen(form).startswith("Pack 1, 2 signatures, Names and countries")
    assert form.select_one("#signature_count")["value"] == "2"  # type: ignore[index]

    second = str(options[0]["value"])
    given = {**HANDED_OVER, "pack_id": second, "signature_count": "2"}
    answer = record(client, page, "handed_over", **given)
    wrong = "The pack that you chose has 3: enter that, or choose another"
    assert problems(answer) == {"#signature_count": wrong}
    assert chosen(BeautifulSoup(answer.text, "html.parser")).startswith("Pack 2")
    shown = recorded(client, page, "handed_over", **{**given, "signature_count": "3"})
    assert "Signatures 3 Pack 2 Where" in words(shown)
    pack = session.get_one(DeliveryPack, int(second)).id
    assert session.query(HandedPack.pack_id).all() == [(pack,)]
    session.commit()

    recorded(client, page, "retracted", words="It was the list on paper.")
    assert chosen(client.visit(f"{page}/handed_over")).startswith("Pack 2")
    recorded(client, page, "handed_over", pack_id="none")
    assert rows(HandedPack) == 1
    client.visit(f"{page}/withdrawals", status=404)


def test_where_no_pack_is_whole_none_is_asked_for(log_in: LogIn) -> None:
    client = log_in()
    page = planned(client)

    assert not client.visit(f"{page}/handed_over").select("#pack_id")
