"""What organisers read of exports: each preset is found, and says for whom it is."""

from petition.exports.models import ExportPreset
from tests.web.organiser.conftest import LogIn, Supporters
from tests.web.organiser.signatures.test_exports import EXPORTS


def test_each_preset_says_for_whom_it_is(log_in: LogIn, supporters: Supporters) -> None:
    page = log_in().visit(EXPORTS)
    choices = page.select("input[name=preset]")

    assert {str(one["value"]) for one in choices} == set(ExportPreset)
    for one in choices:
        assert page.find(id=str(one["aria-describedby"])).get_text(strip=True)  # type: ignore[union-attr]


def test_presets_stand_under_two_headings_and_tools_from_a_to_z(
    log_in: LogIn, supporters: Supporters
) -> None:
    page = log_in().visit(EXPORTS)
    groups = page.select("#preset [role=group]")
    headings = [page.find(id=str(group["aria-labelledby"])).get_text() for group in groups]  # type: ignore[union-attr]
    to_read, for_tools = [[label.get_text() for label in group.select("label")] for group in groups]

    assert headings == [
        "To read or to hand over",
        "For a tool that sends mail or keeps supporters",
    ]
    assert to_read == ["Spreadsheet", "Names and countries"]
    assert for_tools[0] == "Mailing list"
    first_words = [name.split()[0] for name in for_tools[1:]]
    assert first_words == sorted(first_words)
    help_of_brevo = page.select_one("#preset input[value=brevo]")["aria-describedby"]  # type: ignore[index]
    assert page.find(id=str(help_of_brevo)).get_text().endswith("As CSV or Excel (XLSX).")  # type: ignore[union-attr]
