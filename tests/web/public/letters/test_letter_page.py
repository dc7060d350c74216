"""Every page of a letter names an office as its version does, and the holder as of today."""

from collections.abc import Iterator

from sqlalchemy import update

from petition.core.memory import forget_everything
from petition.core.storage.database import transaction
from petition.recipients.models import Holder, Mailroom, Recipient
from tests.grounds.papers import open_paper
from tests.letters.posting import office
from tests.web.public.letters.writers import Writer
from tests.web.public.people import Person, mails_to, words

PUBLISHED = "Foreign Secretary"
RENAMED = "Minister for the World"
HOLDER = "Sample Holder"


def rename() -> None:
    """Call the office otherwise, as a table of recipients does, and give it a holder."""
    number = office().id
    with transaction() as writing:
        titles = {"en": RENAMED, "de": "Außenminister"}
        writing.execute(update(Recipient).where(Recipient.id == number).values(office=titles))
        writing.add(Holder(recipient_id=number, name=HOLDER))
    forget_everything()


def pages(writer: Writer) -> Iterator[str]:
    """Yield what a writer reads from the first page to the last, mails included."""
    client = writer.client
    for page in (client.visit(f"/en/letters/{writer.slug}"), writer.page("ask")):
        assert HOLDER in words(page)
        yield words(page)
    yield words(writer.page("preview"))
    yield words(writer.sends().text)
    yield words(client.visit(writer.link()))
    manage = writer.confirms()
    yield words(client.visit(manage))
    yield mails_to(writer.email)[-1].text


def test_every_page_names_an_office_as_the_version_does_that_people_write_from(
    person: Person,
) -> None:
    writer = Writer(person.client)
    writer.writes(PUBLISHED)
    rename()

    for page in pages(writer):
        assert PUBLISHED in page
        assert RENAMED not in page


def test_paper_for_an_office_without_an_address_names_it_as_the_version_does(
    person: Person,
) -> None:
    writer = Writer(person.client)
    writer.writes(PUBLISHED)
    rename()
    with transaction() as writing:
        its = Mailroom.recipient_id == office().id
        writing.execute(update(Mailroom).where(its).values(address=None))
    paper = person.client.get(f"{writer.draft}/letter.pdf").data
    lines = open_paper(paper).pages[0].extract_text().splitlines()

    assert PUBLISHED in lines
    assert RENAMED not in lines


def test_a_representative_whom_no_version_names_is_called_as_of_today(person: Person) -> None:
    writer = Writer(person.client)
    writer.begins(postcode="ZZ8 1AA")
    mine = office("gb-mp-example-north")
    with transaction() as writing:
        renamed = update(Recipient).where(Recipient.id == mine.id)
        writing.execute(renamed.values(office={"en": RENAMED}))

    assert RENAMED in words(writer.page("ask"))
