"""From a gap to a letter that the office received, on a phone without JavaScript."""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from playwright.sync_api import expect

from tests.browser.people import Supporter, wait_for
from tests.faults.looking import database_of
from tests.grounds.browsing import NewPage
from tests.grounds.mail import Accepted, SmtpServer
from tests.grounds.servers import ONE_PROCESS, StartServer
from tests.letters.posting import newest_letter, put_every_office_to_work

NADIA = "nadia@example.org"
OFFICE = "gb-foreign-secretary@example.org"
SENTENCE = "Last year I met a woman who had been sold to a farm near my town."
LINK = re.compile(r"http\S+/letters/confirm/\S+")

pytestmark = pytest.mark.browser


def mail_to(server: SmtpServer, address: str) -> Accepted:
    """Wait for a mail to an address, and return the newest."""
    wait_for(lambda: bool(server.to(address)), "no mail came")
    return [one for one in server.accepted if address in one.recipients][-1]


@pytest.mark.parametrize("js", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_supporter_writes_about_a_gap_and_the_office_receives_the_letter(
    start_server: StartServer, smtp_server: SmtpServer, new_page: NewPage, js: bool
) -> None:
    server = start_server(MAIL_SERVER=smtp_server.url, **ONE_PROCESS)
    with database_of(server):
        put_every_office_to_work()
    nadia = Supporter(new_page(js=js, phone=True), server, js)
    writes(nadia)
    reads_and_sends(nadia)

    plain = mail_to(smtp_server, NADIA).message.get_body(("plain",))
    asked = LINK.search(plain.get_content() if plain else "")
    assert asked is not None
    assert smtp_server.to(OFFICE) == []
    nadia.page.goto(asked[0])
    nadia.sees("Confirm your letter")
    nadia.presses("Send my letter")
    nadia.sees("Your letter")
    expect(nadia.page.get_by_role("status").first).to_contain_text("confirmed and will leave")
    with database_of(server):
        message_id = newest_letter().message_id
    taken = mail_to(smtp_server, OFFICE)
    hold_against(taken, taken.message, message_id)


def writes(nadia: Supporter) -> None:
    """Go from the gap's page to the letter, and back once."""
    page = nadia.page
    page.goto(f"{nadia.server.url}/en/gaps/sanction-human-trafficking")
    page.get_by_role("link", name="Write about human trafficking").click()
    nadia.sees("Write about human trafficking")
    page.get_by_role("textbox", name="Full name").fill("Nadia Sample")
    page.get_by_role("textbox", name="E-mail address").fill(NADIA)
    page.get_by_label("Country where you live").select_option("GB")
    page.wait_for_timeout(2_100)  # what a person needs, and a program does not
    nadia.presses("Begin my letter")
    nadia.sees("To whom you write")
    expect(page.get_by_role("radio").first).to_be_checked()
    nadia.presses("Continue")
    nadia.sees("Why it matters to you")
    page.get_by_role("textbox").nth(1).fill(SENTENCE)
    nadia.presses("Continue")
    nadia.sees("Your letter")
    if nadia.js:
        page.go_back()
    else:  # the browser would lead to a link that the draft no longer has
        page.get_by_role("link", name="Back", exact=True).click()
    expect(page.get_by_role("textbox").nth(1)).to_have_value(SENTENCE)
    nadia.presses("Continue")
    nadia.presses("Continue")


def reads_and_sends(nadia: Supporter) -> None:
    """Read the letter on the last page, take the paper, and send it."""
    page = nadia.page
    nadia.sees("Send your letter")
    expect(page.get_by_role("main")).to_contain_text(SENTENCE)
    paper = page.get_by_role("link", name="On paper (PDF)").get_attribute("href")
    assert page.request.get(f"{nadia.server.url}{paper}").body().startswith(b"%PDF")
    page.get_by_text("They may see my e-mail address and answer to it").click()
    nadia.presses("Send my letter")
    nadia.sees("Check your inbox")


def hold_against(taken: Accepted, mail: EmailMessage, message_id: str) -> None:
    """See that the office got this letter, from us, in her name, and nothing beside it."""
    [sender], [to], [answer_to] = (mail[name].addresses for name in ("From", "To", "Reply-To"))
    assert sender.display_name == "Nadia Sample via Magnitsky Month"
    local, domain = sender.addr_spec.split("@")
    assert taken.sender == f"{local}+{message_id}@{domain}"
    assert (taken.recipients, to.addr_spec) == ((OFFICE,), OFFICE)
    assert (answer_to.display_name, answer_to.addr_spec) == ("Nadia Sample", NADIA)
    assert mail["Message-ID"] == f"<{message_id}@{domain}>"
    assert abs(parsedate_to_datetime(str(mail["Date"])) - datetime.now(UTC)) < timedelta(minutes=2)
    assert (mail.get_content_type(), mail.is_multipart()) == ("text/plain", False)
    assert [one for one in mail.keys() if one.lower() in {"bcc", "cc", "sender"}] == []  # noqa: SIM118
    words = " ".join(mail.get_content().split())
    assert words.startswith("Dear Foreign Secretary,")
    assert SENTENCE in words
    assert "/en/about-this-letter" in words
