"""Presets of the team's own where a file is made, and what they require."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pyrage
from pyrage.x25519 import Identity
from sqlalchemy import select

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports.choice import Choice
from petition.exports.composing import actions
from petition.exports.composing.drafts import ColumnDraft
from petition.exports.models import Export
from tests.exports.composing.drafting import PRESS, made_preset
from tests.factories import OTHER_SLUG, make_organiser
from tests.grounds.client import filled_in
from tests.grounds.pages import parse
from tests.web.organiser.conftest import SLUG, LogIn, Supporters
from tests.web.organiser.signatures.test_export_previews import look, rows_in
from tests.web.organiser.signatures.test_exports import (
    EXPORTS,
    ask,
    download,
    make,
    record,
)


def test_they_stand_in_a_group_of_their_own_before_the_others(
    log_in: LogIn, supporters: Supporters
) -> None:
    own = made_preset(replace(PRESS, consenting=True))
    page = log_in().visit(EXPORTS)
    headings = [one.get_text() for one in page.select("#preset .radios__heading")]
    choice = page.select_one(f"input[name=preset][value=own-{own.id}]")

    assert headings[0] == "Your team’s"
    assert len(headings) == 3
    assert choice is not None
    about = page.find(id=str(choice["aria-describedby"])).get_text()  # type: ignore[union-attr]
    assert about == "Columns: Who, From where. Only those who said yes to mail."
    fits = {
        str(one.input["value"]): str(one["data-fits-preset"]).split()  # type: ignore[index]
        for one in page.select("[data-fits-preset]")
    }
    fitting = {answer for answer, presets in fits.items() if f"own-{own.id}" in presets}
    assert fitting == {"confirmed", "csv", "xlsx", "jsonl", "whole", "country"}
    assert fits["size"] == ["brevo", "engaging_networks", "nationbuilder"]


def test_a_file_by_one_is_named_for_it_and_recorded_under_its_name(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    client, own = log_in(), made_preset(replace(PRESS, name="Für die Presse 2"))
    answer = download(client, preset=f"own-{own.id}")

    assert answer.text == "\ufeffWho,From where\r\nAda One,United Kingdom\r\n"
    assert f"filename={SLUG}-f-r-die-presse-2-" in answer.headers["Content-Disposition"]
    assert "Für die Presse 2, CSV" in record(client)


def test_a_preset_that_requires_keys_encrypts_for_them_whatever_was_entered(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    team, mine = Identity.generate(), Identity.generate()
    own = made_preset(replace(PRESS, required_keys=(str(team.to_public()),)))
    client = log_in()
    page = client.visit(make(client, preset=f"own-{own.id}"))
    assert str(team.to_public()) in page.get_text()
    answer = download(client, preset=f"own-{own.id}", encrypted_for=str(mine.to_public()))

    assert answer.headers["Content-Disposition"].endswith(".csv.age")
    for one in (team, mine):
        assert b"Ada One" in pyrage.decrypt(answer.data, [one])


def test_what_a_preset_and_the_form_have_not_in_common_is_refused_beside_the_preset(
    log_in: LogIn, supporters: Supporters
) -> None:
    states = (*PRESS.columns, ColumnDraft("state", "State"))
    own = made_preset(replace(PRESS, columns=states, choice=Choice(countries=("FR",))))
    client = log_in()
    page = parse(ask(client, preset=f"own-{own.id}", format="pdf").text)
    assert "Only names and countries can be put on sheets" in page.get_text()
    assert ask(client, preset=f"own-{own.id}", scope="everything").status_code == 303
    refused = ask(client, preset="own-999")
    assert refused.status_code == 422


def test_what_was_made_by_a_preset_that_is_retired_is_not_made_anew(
    log_in: LogIn, supporters: Supporters
) -> None:
    client, own = log_in(), made_preset()
    page, organiser = make(client, preset=f"own-{own.id}"), make_organiser().id
    with transaction():
        actions.retire(own, organiser, now(), may_loosen=True)
    answer = client.submit(page, client.visit(page), {}, form="form[action$=anew]")

    assert answer.location == EXPORTS
    assert "choose it once more" in client.visit(EXPORTS).get_text()
    assert session.query(Export).count() == 1
    session.rollback()


def test_a_file_for_each_country_comes_as_a_zip(log_in: LogIn, supporters: Supporters) -> None:
    supporters.sign("Ada One")
    supporters.sign("Bea Two", country="FR")
    client = log_in()
    answer = download(client, preset="names", split="country")

    assert answer.mimetype == "application/zip"
    assert f"{SLUG}-names-by-country-" in answer.headers["Content-Disposition"]
    with ZipFile(BytesIO(answer.data)) as file:
        assert file.namelist() == ["FR.csv", "GB.csv", "index.csv"]
    assert "Names and countries, CSV, A file for each country, in a ZIP" in record(client)


def test_what_cannot_be_in_several_files_is_refused(log_in: LogIn, supporters: Supporters) -> None:
    client = log_in()
    for values, words in (
        ({"split": "country", "format": "xlsx"}, "Choose CSV or JSON Lines for several files"),
        ({"split": "size"}, "For “Spreadsheet” no file is too large"),
    ):
        answer = ask(client, **values)
        assert answer.status_code == 422
        assert words in parse(answer.text).get_text()


def test_a_preset_of_ones_own_is_looked_at_before_a_file_is_made(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    supporters.sign("Bea Two", country="FR")
    own, client = made_preset(replace(PRESS, choice=Choice(countries=("FR",)))), log_in()
    page = parse(look(client, preset=f"own-{own.id}").text)

    assert "For the press, CSV" in page.get_text()
    assert [cell.get_text() for cell in page.select("thead th")] == ["Who", "From where"]
    assert rows_in(page) == [["Bea Two", "France"]]


def test_a_choice_that_leaves_nothing_of_a_preset_is_refused_beside_it(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    own, client = made_preset(replace(PRESS, choice=Choice(countries=("FR",)))), log_in()
    answer = ask(client, preset=f"own-{own.id}", countries="GB")

    assert answer.status_code == 422
    assert "The preset is for other countries: FR" in parse(answer.text).get_text()


def test_a_file_that_cannot_be_made_is_refused_beside_its_cause_with_all_else_kept(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    client, key = log_in(), str(Identity.generate().to_public())
    assert download(client, preset="names").data
    [first] = session.scalars(select(Export.id))
    given = {
        "why": "For the embassy",
        "preset": "mailing_list",
        "format": "xlsx",
        "split": "country",
        "countries": "GB",
        "last_day": "2026-12-01",
        "petitions": OTHER_SLUG,
        "encrypted_for": key,
    }
    for values, field in (
        ({}, "split"),
        ({"split": "whole", "since": str(first)}, "since"),
        ({"format": "pdf", "split": "whole"}, "format"),
    ):
        answer = ask(client, **given | values)
        page = parse(answer.text)
        form = page.select_one("form.desk__form")
        assert form is not None
        assert answer.status_code == 422
        assert [a["href"] for a in page.select(".error-summary__list a")] == [f"#{field}-0"]
        assert page.select_one(f"#{field}-error")
        assert (given | values).items() <= filled_in(form, {}).items()
    assert form is not None
    fits = {str(one.input["value"]): one.get("data-fits-format") for one in form.select(".choice")}  # type: ignore[index]
    assert (fits["whole"], fits["country"]) == (None, "csv jsonl")
    since = form.select_one(f".choice:has(> [name=since][value='{first}'])")
    assert since is not None
    assert (since["data-fits-preset"], since["data-fits-scope"]) == ("names", "confirmed")
