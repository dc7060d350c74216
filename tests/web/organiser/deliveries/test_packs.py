"""A delivery's pack, from the desk: asked for, made, and taken away with a fresh code."""

import pytest
from werkzeug.test import TestResponse

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries.pack.models import DeliveryPack, DeliveryPackDownload
from petition.deliveries.pack.writing.names import FURTHER_SHEET, LETTER, TOP_SHEET
from petition.jobs import files
from petition.organisers.models import Role
from petition.signatures.models import Signature
from petition.signatures.removals import erase
from tests.audit.reading import acts
from tests.deliveries.pack.asking import KEPT, records, verified, work_off
from tests.deliveries.pack.packs import unpacked
from tests.factories import NOON, rows
from tests.grounds.client import ReadingClient
from tests.grounds.papers import words_of
from tests.organisers.people import code_of
from tests.web.organiser.conftest import LogIn, Supporters, whose
from tests.web.organiser.deliveries.records import FORM, plan, planned
from tests.web.public.people import problems, texts, words

pytestmark = pytest.mark.usefixtures("letters_open")


@pytest.fixture
def one_signed(letters_open: None) -> None:
    """One signature of the petition."""
    Supporters().sign("Ada One", at=NOON)


def ask(client: ReadingClient, delivery: str, **values: str) -> str:
    """Ask for a pack on the page of a delivery; return the pack's own."""
    page = f"{delivery}/packs"
    answer = client.submit(page, client.visit(page), values, form=FORM)
    assert answer.status_code == 303
    return str(answer.location)


def take(client: ReadingClient, page: str, code: str = "", **options: bool) -> TestResponse:
    """Take a pack away with a fresh code."""
    given = {"code": code or code_of(whose(client))}
    return client.submit(page, client.visit(page), given, form=FORM, **options)


@pytest.mark.usefixtures("one_signed")
def test_a_pack_is_asked_for_followed_made_and_taken_away(log_in: LogIn) -> None:
    client = log_in(Role.EXPORTER)
    delivery = planned(client)
    page = ask(client, delivery)
    assert "Waiting for its turn" in words(client.visit(page))
    assert client.visit(page).select_one("noscript meta[http-equiv=refresh]")
    work_off()
    answer = take(client, page, follow_redirects=True)

    assert answer.mimetype == "application/zip"
    assert verified(answer.data).status == 0
    assert [record["name"] for record in records(answer.data)] == ["Ada One"]
    assert acts()[-1] == Act.PACK_DOWNLOADED
    assert rows(DeliveryPackDownload) == 1
    rest = client.get(f"{page}/file", headers={"Range": "bytes=100-"})
    assert (rest.status_code, rest.data) == (206, answer.data[100:])


@pytest.mark.usefixtures("one_signed")
def test_its_page_names_root_sum_and_key_and_the_delivery_is_packed(log_in: LogIn) -> None:
    client = log_in()
    delivery = planned(client)
    page = ask(client, delivery)
    work_off()
    pack = session.query(DeliveryPack).one()
    session.commit()

    said = words(client.visit(page))
    assert f"Root {pack.root} SHA-256 {pack.sha256} Key {pack.signed_under}" in said
    assert "1 signature, kept until" in said
    record = client.visit(delivery)
    assert texts(record.select(".timeline__title")) == ["Planned", "Packed"]
    assert texts(record.select(f"tbody a[href='{page}']")) == ["Pack 1"]
    assert "A minister" in texts(record.select("tbody [data-label='Who gets it']"))[0]


@pytest.mark.usefixtures("one_signed")
def test_names_are_packed_as_people_were_told_and_counts_where_an_organiser_says_so(
    log_in: LogIn,
) -> None:
    client = log_in()
    delivery = planned(client)
    chosen = client.visit(f"{delivery}/packs").select("input[type=radio][checked]")
    assert [choice["value"] for choice in chosen] == ["minister", "names"]
    page = ask(client, delivery, tier="counts")
    work_off()

    assert b"Ada One" not in take(client, page, follow_redirects=True).data


@pytest.mark.usefixtures("one_signed")
def test_what_is_no_tier_of_ours_is_not_packed(log_in: LogIn) -> None:
    client = log_in()
    page = f"{planned(client)}/packs"
    answer = client.submit(page, client.visit(page), {"tier": "addresses"}, form=FORM)

    assert answer.status_code == 422
    assert rows(DeliveryPack) == 0


@pytest.mark.usefixtures("one_signed")
def test_own_words_are_in_its_letter_and_on_its_sheets(log_in: LogIn) -> None:
    client = log_in()
    said = {
        "profile": "uk-paper",
        "letter": "We met in May.",
        "declares": "money is hidden.",
        "requests": "acts.",
    }
    page = ask(client, planned(client), **said)
    assert "UK House of Commons" in words(client.visit(page))
    work_off()
    files = unpacked(take(client, page, follow_redirects=True).data)

    assert "We met in May." in words_of(files[LETTER])
    assert "Declares that money is hidden." in words_of(files[TOP_SHEET])
    assert "request that the House of Commons acts." in words_of(files[FURTHER_SHEET])


@pytest.mark.usefixtures("one_signed")
def test_only_what_the_office_s_country_takes_can_be_chosen(log_in: LogIn) -> None:
    client = log_in()
    for office, offered, said in (
        ("gb-foreign-secretary", ["minister", "uk-paper"], "Follows “Declares that …”."),
        ("ca-minister-of-foreign-affairs", ["minister", "canada-paper"], "of Commons to the foll"),
        ("eu-high-representative", ["minister", "european-parliament"], "fields, and how it"),
        ("us-secretary-of-state", ["minister"], ""),
    ):
        page = f"{plan(client, office=office).location}/packs"
        form = client.visit(page)
        assert [one["value"] for one in form.select("input[name=profile]")] == offered
        assert said in words(form)
        assert bool(form.select("#declares")) == bool(said)
    answer = client.submit(page, form, {"profile": "uk-paper"}, form=FORM)

    wrong = "That is for another country’s offices. Choose from these"
    assert problems(answer) == {"#profile-0": wrong}
    assert rows(DeliveryPack) == 0


def test_a_pack_of_nobody_is_refused_before_it_is_made_and_while_it_is(log_in: LogIn) -> None:
    client = log_in()
    delivery = planned(client)
    page = f"{delivery}/packs"
    form = client.visit(page)
    assert "There is nothing to pack" in words(form)
    assert not form.select(FORM)
    signature = Supporters().sign("Ada One", at=NOON)
    form = client.visit(page)
    with transaction():
        erase(session.get_one(Signature, signature.id), now())
    answer = client.submit(page, form, {"letter": "We met in May."}, form=FORM)
    assert answer.status_code == 422
    assert "There is nothing to pack" in answer.text
    assert "We met in May." in answer.text
    signature = Supporters().sign("Bo Two", at=NOON)
    pack = ask(client, delivery)
    with transaction():
        erase(session.get_one(Signature, signature.id), now())
    work_off()

    assert "There was nothing to pack" in words(client.visit(pack))
    assert texts(client.visit(delivery).select(".timeline__title")) == ["Planned"]


@pytest.mark.usefixtures("one_signed")
def test_sheets_want_their_words_and_what_was_typed_stays(log_in: LogIn) -> None:
    client = log_in()
    page = f"{planned(client)}/packs"
    given = {"profile": "uk-paper", "letter": "We met in May.", "declares": "x" * 801}
    answer = client.submit(page, client.visit(page), given, form=FORM)

    assert answer.status_code == 422
    assert "Use at most 800 characters" in answer.text
    assert "Say what it requests" in answer.text
    assert "We met in May." in answer.text
    assert rows(DeliveryPack) == 0


@pytest.mark.usefixtures("one_signed")
def test_a_pack_that_is_cancelled_is_not_made(log_in: LogIn) -> None:
    client = log_in()
    page = ask(client, planned(client))
    answer = client.submit(f"{page}/cancel", client.visit(page), {}, form="form[action$='/cancel']")
    work_off()

    assert answer.location == page
    assert "It was cancelled" in words(client.visit(page))
    assert acts()[-1] == Act.PACK_CANCELLED


@pytest.mark.usefixtures("one_signed")
def test_a_refused_code_lets_nothing_go(log_in: LogIn) -> None:
    client = log_in()
    page = ask(client, planned(client))
    work_off()

    assert take(client, page, "000000").status_code == 422
    assert client.get(f"{page}/file").location == page
    assert rows(DeliveryPackDownload) == 0


@pytest.mark.usefixtures("one_signed")
def test_without_a_code_no_address_opens_the_file_nor_does_anothers_code(log_in: LogIn) -> None:
    client = log_in()
    page = ask(client, planned(client))
    work_off()

    assert client.get(f"{page}/file").location == page
    assert take(client, page).status_code == 303
    assert log_in(Role.EXPORTER).get(f"{page}/file").location == page


@pytest.mark.usefixtures("one_signed")
def test_a_file_whose_time_is_up_is_not_handed_over(log_in: LogIn) -> None:
    client = log_in()
    delivery = planned(client)
    page = ask(client, delivery)
    work_off()
    assert take(client, page).status_code == 303
    with transaction():
        files.purge(now() + KEPT)

    assert "The file was deleted" in words(client.visit(page))
    assert client.get(f"{page}/file").location == page
    assert client.visit(delivery).find(string="File deleted")


@pytest.mark.usefixtures("one_signed")
def test_an_auditor_sees_the_packs_and_makes_none(log_in: LogIn) -> None:
    client = log_in()
    delivery = planned(client)
    page = ask(client, delivery)
    auditor = log_in(Role.AUDITOR)

    assert "Make a pack" not in words(auditor.visit(delivery))
    assert auditor.visit(delivery).find(string="Being made")
    assert "Cancel" not in words(auditor.visit(page))


@pytest.mark.usefixtures("one_signed")
def test_a_pack_of_another_delivery_is_not_found(log_in: LogIn) -> None:
    client = log_in()
    page, other = ask(client, planned(client)), planned(client)
    number = page.rpartition("/")[2]

    client.visit(f"{other}/packs/{number}", status=404)
