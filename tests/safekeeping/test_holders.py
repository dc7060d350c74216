"""An older copy of the key file is not taken by a process that starts."""

from datetime import timedelta

import pytest
from flask import Flask

from config import Config
from petition.core.clock import now
from petition.core.errors import InstallUnfit
from petition.core.keyring import sealing
from petition.core.keyring.keys import Keys
from petition.core.memory import forget_everything
from petition.core.storage.database import session, transaction
from petition.opening import open_instance
from petition.safekeeping.holders import KeyHolder, announce
from petition.web.site.health import Word, look_around
from tests.factories import load_sample
from tests.grounds.client import ORIGIN, ReadingClient
from tests.web.public.people import page_of

LONG = timedelta(days=3)
"""Longer than a host that fell silent counts for a change of keys."""


def use(ring: Keys) -> None:
    """Have these keys in use, and say so, as a change of keys does."""
    sealing.key_file().replace(ring)
    with transaction():
        announce(now())


def put_back(ring: Keys, config: Config) -> None:
    """Put another key file in the place of the one that is there."""
    path = config.instance / "keys.json"
    path.unlink()
    path.touch(0o600)
    path.write_text(ring.to_json())


def start(ring: Keys, config: Config) -> None:
    """Put another key file in place, and start anew."""
    put_back(ring, config)
    session.remove()
    open_instance(config)
    forget_everything()


def another_host(ring: Keys) -> None:
    """Another host has said that it holds these keys, some time ago."""
    with transaction() as writing:
        ids = " ".join(sorted(ring.ids))
        said = {"key_ids": ids, "current": ring.current, "said_at": now() - LONG}
        writing.merge(KeyHolder(place="second", host="second", **said))


def said() -> set[tuple[str, str]]:
    """Return what the database knows of hosts and their keys."""
    found = {(one.key_ids, one.current) for one in session.query(KeyHolder)}
    session.remove()
    return found


def stands(config: Config) -> Word:
    """Return how the keys stand, as `/readyz` says it."""
    return {one.name: one.word for one in look_around(config)}["keys"]


@pytest.mark.parametrize("is_ready", [False, True])
@pytest.mark.parametrize("is_retired", [False, True])
def test_nothing_is_taken_in_with_an_older_copy_until_the_newest_is_back(
    is_retired: bool, is_ready: bool, client: ReadingClient, config: Config
) -> None:
    load_sample(now())
    first = sealing.keys()
    prepared = first.with_ready()
    changed = prepared.with_new_current()
    newest = changed.without(changed.old) if is_retired else changed
    use(newest)
    before = said()
    start(prepared if is_ready else first, config)
    client.worker_rests = True
    posted = client.post(page_of(), headers={"Origin": ORIGIN})

    assert posted.status_code == 503
    assert "Nothing was saved." in posted.text
    assert stands(config) == Word.FAILING
    with pytest.raises(InstallUnfit, match="older copy"), transaction():
        announce(now())

    put_back(newest, config)
    assert client.get(page_of()).status_code == 200
    assert stands(config) == Word.OK
    assert said() == before


def test_a_host_that_was_away_starts_only_with_the_keys_of_the_others(
    app: Flask, config: Config
) -> None:
    first = sealing.keys()
    prepared = first.with_ready()
    changed = prepared.with_new_current()
    use(first)
    another_host(changed)
    start(first, config)
    with pytest.raises(InstallUnfit, match="older copy"), transaction():
        pytest.fail("it was written to")

    start(prepared, config)  # it opens what the other seals, and the other what it seals
    with transaction():
        announce(now())


def test_an_older_copy_does_not_bring_a_replaced_delivery_key_back(
    app: Flask, config: Config
) -> None:
    first = sealing.keys()
    renewed = first.with_new_delivery_key()
    use(renewed)
    before = said()
    start(first, config)
    with pytest.raises(InstallUnfit, match="under a key that was replaced"), transaction():
        announce(now())

    start(renewed.with_new_delivery_key(), config)  # it broke off before it was said
    assert said() == before
    assert stands(config) == Word.OK


def test_a_host_that_has_yet_to_get_a_new_delivery_key_holds_no_other_up(
    app: Flask, config: Config
) -> None:
    first = sealing.keys()
    another_host(first.with_ready())
    start(first.with_new_delivery_key(), config)

    assert stands(config) == Word.OK


def test_a_change_that_broke_off_after_the_file_was_written_is_no_older_copy(
    app: Flask, config: Config
) -> None:
    first = sealing.keys()
    use(first)
    start(first.with_new_current(), config)
    with transaction():
        announce(now())

    assert {current for _, current in said()} == {sealing.keys().current}


def test_a_running_process_does_not_take_a_copy_in_which_its_key_lies_only_ready(
    app: Flask, config: Config
) -> None:
    prepared = sealing.keys().with_ready()
    newest = prepared.with_new_current()
    use(newest)
    put_back(prepared, config)

    assert sealing.keys(fresh=True).current == newest.current
    assert stands(config) == Word.FAILING
