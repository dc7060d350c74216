"""Every component in all its states, as it is seen."""

import pytest

from tests.browser.conftest import Shoot
from tests.browser.visits import LOOKED_AT, too_wide
from tests.grounds.accessibility import violations
from tests.grounds.browsing import NewPage
from tests.grounds.install import Install

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", LOOKED_AT)
def test_no_component_shuts_anybody_out(
    install: Install, new_page: NewPage, shoot: Shoot, lang: str, scheme: str
) -> None:
    page = new_page(color_scheme=scheme)
    page.goto(f"{install.url}/styleguide?lang={lang}")
    assert violations(page) == []
    shoot(page, f"styleguide-{lang}-{scheme}-desktop")
    assert too_wide(page, 320, 740) == []
    shoot(page, f"styleguide-{lang}-{scheme}-phone")
