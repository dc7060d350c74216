"""`settings` prints the table that the page about settings has."""

from petition.cli.settings import table
from tests.architecture.sources import ROOT


def test_the_table_of_settings_is_the_one_that_the_product_prints() -> None:
    assert table() in (ROOT / "docs" / "settings.md").read_text("utf-8")
