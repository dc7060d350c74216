"""The guard that keeps tests on this machine."""

import socket

import pytest

from tests.grounds.mail import free_port
from tests.grounds.network import NetworkRefused


def test_another_machine_cannot_be_reached() -> None:
    with socket.socket() as connection, pytest.raises(NetworkRefused):
        connection.connect(("192.0.2.1", 80))


def test_a_datagram_cannot_leave_the_machine() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection,
        pytest.raises(NetworkRefused),
    ):
        connection.sendto(b"who is it", ("192.0.2.1", 53))


def test_a_name_of_another_machine_cannot_be_resolved() -> None:
    with pytest.raises(NetworkRefused):
        socket.create_connection(("example.org", 80))


def test_this_machine_can_be_reached() -> None:
    with socket.socket() as connection, pytest.raises(ConnectionRefusedError):
        connection.connect(("127.0.0.1", free_port()))
