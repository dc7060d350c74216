"""Origins that may show a form in a frame."""

from pathlib import Path

import pytest

from petition.core.storage.database import transaction
from petition.petitions.models import Petition
from petition.petitions.origins import OriginRefused, read_origin
from petition.petitions.queries import petition_by_slug
from petition.publishing.loading import FolderRefused, load_campaign
from tests.factories import NOON, SLUG, rows
from tests.petitions.test_publishing import broken

FILE = f"petitions/{SLUG}.toml"


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://partner.example.org", "https://partner.example.org"),
        (" HTTPS://Partner.Example.org ", "https://partner.example.org"),
        ("https://xn--bcher-kva.example:8443", "https://xn--bcher-kva.example:8443"),
        ("http://localhost:9000", "http://localhost:9000"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(given: str, origin: str) -> None:
    assert read_origin(given) == origin


@pytest.mark.parametrize(
    "given",
    [
        *("", "*", "https:", "https://", "partner.example.org", "//partner.example.org"),
        *("http://partner.example.org", "http://localhost.evil.example", "data:text/html,x"),
        *("https://partner.example.org/", "https://partner.example.org/page", "https://a.b?c"),
        *("https://*.example.org", "https://user@partner.example.org", "https://a b.example"),
        *("https://a.example; script-src *", "https://a.example\nX: y", "https://a.example 'self'"),
        *("https://bücher.example", "https://-a.example", "https://a..example", "https://a:port"),
    ],
)
def test_what_is_not_one_safe_origin_is_refused(given: str) -> None:
    with pytest.raises(OriginRefused):
        read_origin(given)


@pytest.mark.usefixtures("database")
def test_a_petition_lists_its_origins_in_its_file(tmp_path: Path) -> None:
    line = 'embed_origins = ["https://b.example", "https://a.example", "https://b.example"]\nslug'
    with transaction():
        load_campaign(broken(tmp_path, FILE, "slug", line), NOON)

    petition = petition_by_slug(SLUG)
    assert petition is not None
    assert petition.embed_origins == ["https://b.example", "https://a.example"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            'embed_origins = "https://a.example"',
            r"“embed_origins” is a text; write a list",
        ),
        (
            'embed_origins = ["http://a.example"]',
            r"“http://a\.example” is not an origin",
        ),
        ("embed_origins = [5]", r"“embed_origins” is a number; write a text"),
    ],
)
def test_a_wrong_origin_is_named_with_its_file_and_changes_nothing(
    line: str, words: str, tmp_path: Path
) -> None:
    folder = broken(tmp_path, FILE, "slug", f"{line}\nslug")

    with pytest.raises(FolderRefused, match=f"{SLUG}.toml, line 1: .*{words}"), transaction():
        load_campaign(folder, NOON)
    assert rows(Petition) == 0
