"""Pictures and papers of deliveries open after the keys were changed, and the old ones dropped."""

import pytest

from petition.core.keyring import sealing
from petition.core.storage.database import session
from petition.deliveries.files.contents import content_of, preview_of
from petition.deliveries.files.queries import files_of
from petition.safekeeping.resealing import reseal
from petition.safekeeping.sealed import KEY_COLUMNS
from tests.deliveries.files.keeping import PHOTO, SAID, change, kept
from tests.deliveries.making import handed_over, organiser
from tests.factories import NOON, load_sample


@pytest.mark.any_database
@pytest.mark.usefixtures("app")
def test_a_file_opens_under_the_new_keys_and_one_that_was_removed_holds_nothing_up() -> None:
    load_sample(NOON)
    who = organiser()
    number = handed_over(who)
    kept(number, who)
    kept(number, who)
    change(number, 2, "remove", who)
    keys = sealing.key_file()
    keys.replace(sealing.keys().with_new_current())
    done = {one.column: (one.done, one.broken) for one in reseal()}
    keys.replace(sealing.keys(fresh=True).without(sealing.keys().old))
    session.remove()
    file, _gone = files_of(number)

    assert {("delivery_file", "words_key"), ("delivery_file", "file_key_key")} <= KEY_COLUMNS
    assert done["delivery_file.words_box"] == done["delivery_file.file_key"] == (1, 0)
    assert (content_of(file), preview_of(file)) == (PHOTO.content, PHOTO.preview)
    assert file.words == SAID
