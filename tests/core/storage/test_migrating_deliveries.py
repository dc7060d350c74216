"""Files and samples of deliveries come with their tables, and go with them; the rest stays."""

import pytest

from petition.core.storage.database import session
from petition.core.storage.migrating import upgrade
from petition.deliveries.files.models import DeliveryFile, DeliveryFilePiece
from petition.deliveries.models import DeliveryStep
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.samples.models import SampleResult
from tests.core.storage.migrations import back_to, differences
from tests.deliveries.files.keeping import kept
from tests.deliveries.making import handed_over, organiser
from tests.deliveries.samples.test_actions import recorded, whole_pack
from tests.factories import NOON, load_sample, rows


@pytest.mark.usefixtures("own_database")
def test_deliveries_from_before_they_had_files_and_samples_take_them_afterwards() -> None:
    load_sample(NOON)
    who = organiser()
    number = handed_over(who)
    kept(number, who, shown=True)
    pack = whole_pack(who)
    recorded(pack, who)
    before = rows(DeliveryStep), rows(DeliveryPack)
    back_to("0037")
    upgrade()

    assert (rows(DeliveryStep), rows(DeliveryPack)) == before
    assert [rows(one) for one in (DeliveryFile, DeliveryFilePiece, SampleResult)] == [0, 0, 0]
    assert differences() == []
    kept(number, who)
    recorded(pack, who)
    session.remove()
