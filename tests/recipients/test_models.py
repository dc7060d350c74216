"""What one office tells of itself."""

from petition.recipients.models import Recipient


def test_it_is_written_to_in_the_first_of_its_languages_that_we_speak() -> None:
    assert Recipient(languages=["de", "fr-CA", "en"]).language == "fr"
    assert Recipient(languages=["de"]).language == "en"
    assert Recipient(languages=[]).language == "en"
