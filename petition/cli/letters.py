"""`letters bounce`: take a mail that came back, from a mail server's pipe."""

import sys
from datetime import datetime

import click

from petition.cli.plainly import TRY_LATER
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.letters.bounces.actions import Verdict, take_bounce
from petition.letters.bounces.reading import BounceReport, read_report

LONGEST_MAIL = 5 * 1024 * 1024
SENTENCES = {
    Verdict.BOUNCED: "The letter came back. Its office is shown on the page of recipients.",
    Verdict.TEMPORARY: "A server still tries to deliver the letter. Nothing changes.",
    Verdict.TOO_SOON: "The letter is being handed over at this moment. Try again later.",
    Verdict.UNKNOWN_LETTER: "This is about no letter that left here. Nothing changes.",
    Verdict.NO_BOUNCE: "This does not say that a letter came back. Nothing changes.",
}


@click.group()
def letters() -> None:
    """Letters to offices."""


@letters.command()
def bounce() -> None:
    """Read a mail from standard input; if it says that a letter came back, note it.

    Exits 0 whatever the mail is, so that none is returned to anybody, and 75 when it is to be
    given again later.
    """
    stream = sys.stdin.buffer
    report = read_report(stream.read(LONGEST_MAIL))
    while stream.read(LONGEST_MAIL):
        pass  # a server that cannot hand over the rest would call that a failure
    verdict = _taken(report, now())
    click.echo(SENTENCES[verdict])
    if verdict == Verdict.TOO_SOON:
        sys.exit(TRY_LATER)


def _taken(report: BounceReport, at: datetime) -> Verdict:
    with transaction():
        return take_bounce(report, at)
