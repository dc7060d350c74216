"""kill -9 at random points under load loses nothing that anybody was told has worked."""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import psutil
import pytest

from petition.core.storage.database import session
from petition.safekeeping.tallies import drifts
from petition.signatures.queries import tallied
from tests.faults.crowd import Crowd, Ledger
from tests.faults.looking import (
    addresses_waiting,
    counts_waiting,
    database_of,
    exported,
    mails_waiting,
    petition_id,
)
from tests.faults.visitors import Visitor, mailbox_of, wait_until
from tests.grounds.databases import KINDS
from tests.grounds.replays import Note
from tests.grounds.servers import Server, StartServer, ready

MOST_BEFORE_A_KILL = 60
NO_LIMITS = {
    "PETITION_NETWORK_LIMIT": "10000000",
    "PETITION_DOMAIN_LIMIT": "10000000",
    "PETITION_UNCONFIRMED_MAIL": "10000000",
}


def web_master(server: Server) -> list[psutil.Process]:
    """Return the process that holds the web server's socket."""
    web = server.processes("petition web")
    numbers = {one.pid for one in web}
    return [one for one in web if parent_of(one) not in numbers]


def web_workers(server: Server) -> list[psutil.Process]:
    """Return the processes that answer."""
    masters = {one.pid for one in web_master(server)}
    return [one for one in server.processes("petition web") if one.pid not in masters]


def workers(server: Server) -> list[psutil.Process]:
    """Return the processes that send mail and count."""
    return server.processes("petition worker")


def parent_of(process: psutil.Process) -> int:
    """Return who started a process; 0 when it has ended meanwhile."""
    with suppress(psutil.NoSuchProcess):
        return process.ppid()
    return 0


def kill_one_of(
    find: Callable[[Server], list[psutil.Process]], server: Server, dice: random.Random
) -> None:
    """Kill one of the processes found, as the kernel does when memory is short."""
    wait_until(lambda: find(server) != [], "there is nothing to kill")
    with suppress(psutil.NoSuchProcess):
        dice.choice(sorted(find(server), key=lambda one: one.pid)).kill()


def kill_web_worker(server: Server, dice: random.Random) -> None:
    """Kill a web process; its master starts another."""
    kill_one_of(web_workers, server, dice)


def kill_web_master(server: Server, dice: random.Random) -> None:
    """Kill the web server's master; `serve` starts another."""
    kill_one_of(web_master, server, dice)


def kill_worker(server: Server, dice: random.Random) -> None:
    """Kill a worker; `serve` starts another."""
    kill_one_of(workers, server, dice)


def kill_everything(server: Server, _dice: random.Random) -> None:
    """Cut the power, and switch it on again."""
    server.kill()
    server.start()


KILLS = (kill_web_worker, kill_worker, kill_web_master, kill_everything)


@pytest.mark.fault
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_acknowledged_is_lost_when_processes_are_killed(
    kind: str, start_server: StartServer, fault_rounds: int, dice: random.Random, note: Note
) -> None:
    server = start_server(kind, **NO_LIMITS)
    ledger, token = Ledger(), aged_token(server)
    with database_of(server):
        for number in range(fault_rounds):
            kill = KILLS[number % len(KILLS)]
            one_round(server, ledger, token, kill, dice)
            hold_against_the_ledger(server, ledger, f"round {number}, {kill.__name__}")
        wait_until(lambda: mails_waiting() == 0, "mail still waits")
        assert ledger.signed - mailbox_of(server).look().keys() == set()
    signed, confirmed = len(ledger.signed), len(ledger.confirmed)
    note(kills=fault_rounds, signed=signed, confirmed=confirmed, lost=0, doubled=0, untrue=0)


def aged_token(server: Server) -> str:
    """Return a form's token that is old enough for nobody to be taken for a program."""
    token = Visitor(server).form_token()
    born = float(token.partition("-")[2].rpartition(".")[0])
    wait_until(lambda: time.time() > born + 2.1, "time stands still")
    return token


def one_round(
    server: Server,
    ledger: Ledger,
    token: str,
    kill: Callable[[Server, random.Random], None],
    dice: random.Random,
) -> None:
    """Put the install under load, kill at a random point, and see it at work again."""
    until = dice.randrange(1, MOST_BEFORE_A_KILL)
    sys.stdout.write(f"{kill.__name__} after {until} acknowledgements\n")
    with Crowd(server, ledger, token) as crowd:
        crowd.after(until)
        kill(server, dice)
        crowd.after(10)
    wait_until(lambda: ready(server.url), "the install did not become ready again")


def hold_against_the_ledger(server: Server, ledger: Ledger, moment: str) -> None:
    """Wait for quiet; then compare what was acknowledged with what is there."""
    wait_until(lambda: counts_waiting() == 0, f"{moment}: the tally takes nothing in")
    session.remove()
    assert ledger.strange == [], moment
    assert drifts() == [], moment

    listed = Counter(row["email"] for row in exported())
    assert ledger.confirmed - listed.keys() == set(), moment
    assert {address: times for address, times in listed.items() if times > 1} == {}, moment
    assert listed.keys() <= ledger.asked, moment
    assert tallied(petition_id()) == listed.total(), moment

    waiting_for = set(addresses_waiting())
    assert ledger.signed - waiting_for - mailbox_of(server).look().keys() == set(), moment
