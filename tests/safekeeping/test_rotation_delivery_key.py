"""The delivery key is renewed on one host at a time, and never beside a change of sealing keys."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from petition.audit.noting import ITSELF
from petition.core.clock import now
from petition.core.keyring import sealing
from petition.safekeeping import rotation
from petition.safekeeping.rotation import why_keys_need_a_person
from tests.safekeeping.hosts import another_host

EVERY = timedelta(days=30)


def test_a_host_that_signs_deliveries_under_another_key_is_named(app: Flask) -> None:
    another_host(sealing.keys())
    assert why_keys_need_a_person(EVERY) is None
    with rotation.alone() as file:
        rotation.renew_delivery_key(file, ITSELF)

    assert "This one differs from: second." in str(why_keys_need_a_person(EVERY))
    another_host(sealing.keys())  # the file was copied
    assert "differs" not in str(why_keys_need_a_person(EVERY))


def test_for_some_days_it_is_said_that_a_new_delivery_key_wants_a_copy(app: Flask) -> None:
    with time_machine.travel(now(), tick=True) as days:
        with rotation.alone() as file:
            rotation.renew_delivery_key(file, ITSELF)
        assert "deliveries are signed under was renewed" in str(why_keys_need_a_person(EVERY))

        days.shift(timedelta(days=3, minutes=1))
        assert why_keys_need_a_person(EVERY) is None


def test_no_delivery_key_is_renewed_while_a_sealing_key_lies_ready(app: Flask) -> None:
    with rotation.alone() as file:
        rotation.prepare(file)
        before = file.path.read_bytes()
        with pytest.raises(rotation.NotNow, match="lies ready: run “keys rotate” first"):
            rotation.renew_delivery_key(file, ITSELF)

        assert file.path.read_bytes() == before


def test_no_delivery_key_is_renewed_while_a_host_has_another_key_file(app: Flask) -> None:
    another_host(sealing.keys().with_new_current())
    with rotation.alone() as file:
        with pytest.raises(rotation.NotNow, match="another key file than this one: second"):
            rotation.renew_delivery_key(file, ITSELF)

        another_host(sealing.keys())  # the file was copied
        rotation.renew_delivery_key(file, ITSELF)


def test_no_key_seals_before_every_host_signs_deliveries_under_the_same(app: Flask) -> None:
    prepared = sealing.keys().with_ready()
    sealing.key_file().replace(prepared)
    another_host(prepared.with_new_delivery_key())
    with rotation.alone() as file:
        with pytest.raises(rotation.NotNow, match="deliveries under another key: second"):
            rotation.change(file, ITSELF)

        another_host(prepared)
        rotation.change(file, ITSELF)
