"""`worker`: takes in what arrives, sends mail, keeps the tally. Run as many as you like."""

import os
import sys

import click

PROGRAM = "petition.working"
"""A worker serves no page: in a program of its own none of them lies in its memory."""


@click.command("worker")
def worker() -> None:
    """Take in what people send, mail them, and keep the counts, until told to stop."""
    os.putenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))  # it finds what we found
    os.execv(sys.executable, [sys.executable, "-P", "-m", PROGRAM])  # noqa: S606 - our own
