"""The key of deliveries: the same on every host, whatever else changes; none is ever forgotten."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from petition.core.keyring.delivery_keys import DeliveryKeys
from petition.core.keyring.keys import KeyFile, Keys, KeysUnreadable


def written(path: Path, document: object) -> KeyFile:
    """Put a key file there."""
    path.touch(0o600)
    path.write_text(json.dumps(document))
    return KeyFile(path)


def of_an_older_version(keys: Keys) -> dict[str, object]:
    document: dict[str, object] = json.loads(keys.to_json())
    del document["delivery"]
    return document


def test_every_host_with_an_older_file_has_the_same_key_and_writes_nothing(tmp_path: Path) -> None:
    document = of_an_older_version(Keys.generate())
    hosts = [written(tmp_path / name, document) for name in ("one.json", "two.json")]
    before = hosts[0].path.read_bytes()

    assert hosts[0].keys().delivery == hosts[1].keys().delivery
    assert hosts[0].path.read_bytes() == before
    other = Keys.from_json(json.dumps(of_an_older_version(Keys.generate())))
    assert other.delivery != hosts[0].keys().delivery


def test_once_an_older_file_is_written_the_key_stands_in_it(tmp_path: Path) -> None:
    file = written(tmp_path / "keys.json", of_an_older_version(Keys.generate()))
    before = file.keys().delivery
    file.replace(file.keys().with_new_current())

    assert json.loads(file.path.read_text())["delivery"] == before.to_document()
    assert file.keys().delivery == before
    assert before.seed not in (file.keys().tagging, file.keys().signing)


def test_no_change_of_sealing_keys_changes_it() -> None:
    keys = Keys.generate()
    changed = keys.with_ready().with_new_current()

    assert changed.without(changed.old).delivery == keys.delivery


def test_a_key_that_was_replaced_stays_known_and_cannot_sign() -> None:
    first = Keys.generate()
    second = first.with_new_delivery_key()
    third = Keys.from_json(second.with_new_delivery_key().to_json())

    assert third.delivery.former == (second.delivery.public, first.delivery.public)
    assert len({first.delivery.seed, second.delivery.seed, third.delivery.seed}) == 3
    assert (third.sealing, third.current) == (first.sealing, first.current)


def test_a_file_that_does_not_know_the_key_in_use_is_an_older_copy() -> None:
    first = Keys.generate()
    second = first.with_new_delivery_key()

    assert second.may_follow(first)
    assert not first.may_follow(second)
    assert not replace(first, delivery=DeliveryKeys.generate()).may_follow(first)


def test_the_keys_of_a_backup_add_those_that_are_not_known() -> None:
    first = Keys.generate()
    now = first.with_new_delivery_key()
    theirs = replace(first, delivery=first.delivery.renewed())

    assert now.with_old(first).delivery == now.delivery
    assert now.with_old(theirs).delivery.known == (*now.delivery.known, theirs.delivery.public)


@pytest.mark.parametrize(
    "delivery",
    [None, [], {}, {"seed": ""}, {"seed": "AAAA", "former": []}, {"seed": 1, "former": []}],
)
def test_a_damaged_key_is_named_as_such(delivery: object) -> None:
    document = json.loads(Keys.generate().to_json())
    with pytest.raises(KeysUnreadable, match="damaged"):
        Keys.from_json(json.dumps({**document, "delivery": delivery}))
