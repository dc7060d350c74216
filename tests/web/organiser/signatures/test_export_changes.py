"""The page of what has changed since an export, and its file, with a fresh code."""

import pyrage
import pytest
from pyrage.x25519 import Identity

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports.composing.drafts import ColumnDraft, OwnPresetDraft
from petition.exports.models import Export, ExportDownload
from petition.organisers.models import Role
from petition.petitions.asks import ask_of
from petition.petitions.models import Petition
from petition.signatures.actions import stop_mail
from petition.signatures.models import Signature
from petition.signatures.removals import erase, withdraw
from tests.audit.reading import acts
from tests.exports.composing.drafting import made_preset
from tests.factories import rows, signed, signer
from tests.grounds.client import ReadingClient
from tests.grounds.exporting import made, work_off
from tests.grounds.pages import parse
from tests.web.organiser.conftest import LogIn, Supporters
from tests.web.organiser.signatures.test_exports import EXPORTS, download, make, record, take


def words(client: ReadingClient, page: str) -> str:
    """Return what a page says."""
    return client.visit(page).select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]


def test_it_tells_what_has_happened_to_whom_and_what_is_to_be_done(
    log_in: LogIn, supporters: Supporters
) -> None:
    left, erased = supporters.sign("Ada One"), supporters.sign("Bea Two")
    supporters.sign("Cy Three")
    client = log_in()
    page = make(client)
    link = client.visit(page).find("a", string="What has changed since it was made")
    assert link
    assert link["href"] == f"{page}/changes"
    assert "Nothing: everybody in the file is there still" in words(client, f"{page}/changes")
    with transaction():
        withdraw(session.get_one(Signature, left.id), now())
        erase(session.get_one(Signature, erased.id), now())

    said = words(client, f"{page}/changes")
    to_do = "Delete these numbers from your tool and from your copies of the file."
    assert f"Withdrawn 1 {to_do} Their numbers {left.id}" in said
    assert f"Erased 1 {to_do} We know nothing else of these people any more" in said


def test_the_list_is_handed_over_for_a_fresh_code_which_lets_nobody_at_the_file(
    log_in: LogIn, supporters: Supporters
) -> None:
    signature = supporters.sign("Ada One")
    client = log_in(Role.EXPORTER)
    page = make(client)
    with transaction():
        withdraw(session.get_one(Signature, signature.id), now())
    refused = take(client, f"{page}/changes", "000000")
    assert refused.status_code == 422
    assert parse(refused.text).select_one(".error-summary a")["href"] == "#code"  # type: ignore[index]
    answer = take(client, f"{page}/changes")

    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "-changes-since-" in answer.headers["Content-Disposition"]
    assert f"{signature.id},withdrawn" in answer.text
    assert acts()[-1] == Act.EXPORT_CHANGES_DOWNLOADED
    assert rows(ExportDownload) == 0
    assert client.get(f"{page}/file").location == page


def test_for_a_mailing_list_it_says_whom_to_unsubscribe_and_what_to_do_about_the_unknown(
    log_in: LogIn, petition: Petition
) -> None:
    ask = ask_of(petition, "en")
    quiet, gone = (
        signed(ask, signer(f"{name}@example.org", mail_allowed=True))[0]
        for name in ("quiet", "gone")
    )
    client = log_in()
    page = make(client, preset="mailing_list")
    with transaction():
        stop_mail(session.get_one(Signature, quiet.id), now())
        erase(session.get_one(Signature, gone.id), now())

    said = words(client, f"{page}/changes")
    assert "Consent to mail taken back 1 Unsubscribe these addresses at once" in said
    assert "delete from your tool whoever is not in it" in said
    assert "quiet@example.org" not in said
    answer = take(client, f"{page}/changes")
    assert answer.text.splitlines()[1].endswith(",quiet@example.org")
    assert len(answer.text.splitlines()) == 2


def test_the_list_is_encrypted_as_the_file_is(log_in: LogIn, petition: Petition) -> None:
    quiet = signed(ask_of(petition, "en"), signer("quiet@example.org", mail_allowed=True))[0]
    team = Identity.generate()
    columns = ColumnDraft("email", "Address"), ColumnDraft("name", "Name")
    key = str(team.to_public())
    own = made_preset(OwnPresetDraft("News", columns, consenting=True, required_keys=(key,)))
    client = log_in()
    page = make(client, preset=f"own-{own.id}")
    with transaction():
        stop_mail(session.get_one(Signature, quiet.id), now())
    answer = take(client, f"{page}/changes")

    assert b"quiet@example.org" not in answer.data
    assert answer.headers["Content-Disposition"].endswith(".csv.age")
    assert b"quiet@example.org" in pyrage.decrypt(answer.data, [team])


def test_a_file_of_names_is_made_anew(log_in: LogIn, supporters: Supporters) -> None:
    signature = supporters.sign("Ada One")
    client = log_in()
    page = make(client, preset="names")
    with transaction():
        withdraw(session.get_one(Signature, signature.id), now())

    assert "Make a whole file anew, and delete this one" in words(client, f"{page}/changes")
    assert client.visit(f"{page}/changes").select("main form:not([data-put-away])") == []


def test_an_auditor_reads_it_and_takes_nothing(log_in: LogIn, supporters: Supporters) -> None:
    signature = supporters.sign("Ada One")
    page = make(log_in(Role.EXPORTER))
    with transaction():
        withdraw(session.get_one(Signature, signature.id), now())

    auditor = log_in(Role.AUDITOR)
    assert "Withdrawn 1" in words(auditor, f"{page}/changes")
    assert auditor.visit(f"{page}/changes").select("main form") == []


def test_of_an_older_export_nothing_is_told(log_in: LogIn, supporters: Supporters) -> None:
    supporters.sign("Ada One")
    client = log_in()
    page = make(client)
    with transaction():
        session.query(Export).one().numbers_kept = False

    client.visit(f"{page}/changes", status=404)
    assert not client.visit(page).find("a", string="What has changed since it was made")
    client.visit(f"{EXPORTS}/999/changes", status=404)


@pytest.mark.parametrize("from_its_page", [True, False])
def test_a_file_that_was_taken_is_continued_with_those_who_are_new_since(
    log_in: LogIn, supporters: Supporters, from_its_page: bool
) -> None:
    first = supporters.sign("Ada One")
    client = log_in()
    page = make(client)
    assert client.visit(EXPORTS).select("input[name=since]") == []
    assert client.visit(page).select("form[action$='/continue']") == []
    take(client, page)
    supporters.sign("Bea Two")
    with transaction():
        withdraw(session.get_one(Signature, first.id), now())
    number = page.rpartition("/")[2]
    if from_its_page:
        answer = client.submit(page, client.visit(page), {}, form="form[action$='/continue']")
        work_off()
        again = str(answer.location)
    else:
        label = client.visit(EXPORTS).select_one(f"input[name=since][value='{number}'] + label")
        assert label
        assert label.get_text().startswith("Only those who are new since the file of ")
        assert label.get_text().endswith("(Spreadsheet, those that count; 1 row)")
        again = make(client, since=number)

    assert f"Those that count, new since file {number}" in words(client, again)
    assert f"new since file {number}" in record(client)
    newest = session.query(Export).order_by(Export.id.desc()).first()
    assert newest
    content = made(newest).decode()
    assert ("Bea Two" in content, "Ada One" in content) == (True, False)
    said = words(client, f"{again}/changes")
    assert f"This file continues file {number}" in said
    assert f"Their numbers {first.id}" in said


def test_what_is_of_another_kind_is_not_continued(log_in: LogIn, supporters: Supporters) -> None:
    client = log_in()
    download(client)
    [export] = session.query(Export)
    session.commit()
    given = {"why": "To look", "scope": "confirmed", "preset": "names", "since": str(export.id)}
    form = "form.desk__form"
    answer = client.submit(EXPORTS, client.visit(EXPORTS), given, form=form)
    made_up = client.submit(EXPORTS, client.visit(EXPORTS), given | {"since": "999"}, form=form)

    assert (answer.status_code, made_up.status_code) == (422, 422)
    assert "That file is of another kind: Spreadsheet, those that count" in answer.text
    assert session.query(Export).count() == 1
    untaken = make(client)
    with transaction() as writing:
        writing.delete(writing.query(ExportDownload).one())
    csrf = client.visit(untaken).select_one("input[name=csrf_token]")
    assert csrf
    answer = client.post(
        f"{untaken}/continue",
        data={"csrf_token": csrf["value"]},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.location == EXPORTS
