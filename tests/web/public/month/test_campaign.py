"""The page of the campaign: what people can do in it."""

from tests.grounds.client import ReadingClient
from tests.web.public.people import Person, fresh, words


def test_the_campaign_lists_its_petitions_with_their_counts(person: Person) -> None:
    person.has_signed()
    page = fresh(person, "/en/")

    cards = page.select("#petitions .register > li")
    assert len(cards) == 5
    counted = [card for card in cards if "human trafficking" in words(str(card))]
    assert len(counted) == 1
    assert "1 signature" in words(str(counted[0]))


def test_an_install_without_a_campaign_says_that_it_is_to_come(client: ReadingClient) -> None:
    assert "There is no campaign here yet" in words(str(client.visit("/en/").main))
    client.visit("/en/petitions/none", status=404)
    client.visit("/en/privacy")


def test_an_install_without_a_campaign_says_that_there_is_nothing_yet(
    client: ReadingClient,
) -> None:
    assert "No gap is described yet." in words(client.visit("/en/gaps/"))
    assert "No event is announced" in words(client.visit("/en/events/"))
    assert "No report is out yet." in words(client.visit("/en/reports/"))
    assert "No partner is named yet." in words(client.visit("/en/partners/"))
