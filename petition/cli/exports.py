"""`exports make` and `presets`: signatures put into a file, on record like those of the browser."""

import hashlib
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup

from petition.cli.organisers import organiser_at
from petition.core.clock import now
from petition.core.counting import counted
from petition.core.errors import DomainError
from petition.core.files.private_file import on_the_disk, private_file
from petition.core.storage.database import transaction
from petition.exports import actions
from petition.exports.choice import Choice, checked
from petition.exports.models import (
    Contents,
    Export,
    ExportFormat,
    ExportPreset,
    ExportScope,
    ExportSplit,
)
from petition.exports.own.models import OwnPreset
from petition.exports.own.queries import own_preset_named, own_presets
from petition.exports.presets import PRESETS, SPLIT, Preset, of_own, settled
from petition.exports.queries import can_continue
from petition.exports.rows import Count
from petition.exports.writing.age_keys import (
    NoPublicKey,
    TooManyKeys,
    holds_secret_key,
    public_keys,
)
from petition.exports.writing.making import pieces_of
from petition.jobs.work import Whole
from petition.organisers.models import Organiser
from petition.organisers.permissions import Permission, may
from petition.petitions.models import Petition
from petition.petitions.queries import petition_by_slug

exports = AppGroup("exports", help="Signatures, put into files.")
LONGEST_WHY = 400
NOT_CONTINUED = "File {} cannot be continued by this: it is unfinished, or of something else."
FILE = click.Path(dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
ENDS_WITH = {signal.SIGTERM, signal.SIGHUP}


def _any_of(kind: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([one.value for one in kind])


@exports.command()
def presets() -> None:
    """List for what a file can be made, a line each: its name, its formats, whom it holds.

    The first format is the one it comes in where none is asked for. Whom: `confirmed` is those that
    count, `everything` all with their states.
    """
    own = {preset.name: of_own(preset) for preset in own_presets()}
    for name, preset in [*PRESETS.items(), *own.items()]:
        which = "only who said yes to mail" if preset.consenting else ", ".join(preset.scopes)
        click.echo("\t".join([name, ", ".join(preset.formats), which]))


@exports.command()
@click.argument("slugs", metavar="SLUG...", nargs=-1, required=True)
@click.option("--by", "email", metavar="ADDRESS", required=True, help="Of who may export.")
@click.option("--why", metavar="WORDS", required=True, help="What it is for; kept on record.")
@click.option("--out", type=FILE, required=True, help="Where it is to be written.")
@click.option("--preset", metavar="NAME", default="spreadsheet", help="One that `presets` lists.")
@click.option("--format", "format_", type=_any_of(ExportFormat), help="Or its preset’s first.")
@click.option("--scope", type=_any_of(ExportScope), default="confirmed", help="Or all states.")
@click.option("--country", "countries", metavar="CODE", multiple=True, help="Only from GB.")
@click.option("--language", "languages", metavar="CODE", multiple=True, help="Only signed in fr.")
@click.option("--source", "sources", metavar="NAME", multiple=True, help="Only who came by it.")
@click.option("--from", "first", metavar="DAY", type=DAY, help="From 2026-11-01 (UTC).")
@click.option("--to", "last", metavar="DAY", type=DAY, help="Until this day, included.")
@click.option("--split", type=_any_of(ExportSplit), default="whole", help="Into parts, in a ZIP.")
@click.option("--since", metavar="NUMBER", type=int, help="Only who is in no file up to this one.")
@click.option("--age", "keys", metavar="KEY", multiple=True, help="Encrypt it for this public key.")
@click.option("--force", is_flag=True, help="Replace the file that is there.")
def make(slugs: tuple[str, ...], email: str, why: str, out: Path, **asked: Any) -> None:
    """Write the signatures of each SLUG into one file that nobody else may read.

    Whoever signed two of the petitions stands in it twice, once for each signature. --country,
    --language and --age may be given several times.
    """
    replaces = bool(asked.pop("force"))
    with _in_words():
        first, *further = _petitions(slugs)
        contents = _contents(tuple(one.id for one in further), **asked)
        if contents.since is not None and not can_continue(first.id, contents):
            raise click.ClickException(NOT_CONTINUED.format(contents.since))
        organiser, reason = _exporter(email), _reason(why)
        with private_file(out, replaces=replaces) as stream, _ending_in_order():
            with transaction():
                export = actions.begin_at_once(first.id, organiser.id, reason, contents, now())
            count, made = _written(export, stream)
            with transaction():
                actions.finish_at_once(export, count, made, now())
    click.echo(f"{counted(count.rows, 'row')} in {out}\nSHA-256: {made.sha256}")
    if count.unreadable:
        click.echo(f"Of them {count.unreadable} do not open, and have empty cells.", err=True)


def _written(export: Export, stream: BinaryIO) -> tuple[Count, Whole]:
    count, digest, size = Count(), hashlib.sha256(), 0
    for piece in pieces_of(export, count):
        stream.write(piece)
        digest.update(piece)
        size += len(piece)
    on_the_disk(stream)  # before it is recorded: a full disk may say so only now
    return count, Whole(size, digest.hexdigest())


def _petitions(slugs: tuple[str, ...]) -> list[Petition]:
    found = []
    for slug in dict.fromkeys(slugs):
        petition = petition_by_slug(slug)
        if petition is None or not petition.versions:
            raise click.ClickException(f"There is no petition “{slug}”.")
        found.append(petition)
    return found


def _contents(
    further: tuple[int, ...],
    *,
    preset: str,
    format_: str | None,
    scope: str,
    countries: tuple[str, ...],
    languages: tuple[str, ...],
    sources: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    split: str,
    since: int | None,
    keys: tuple[str, ...],
) -> Contents:
    days = first and first.date(), last and last.date()
    choice = checked(Choice(countries, *days, languages, sources))
    kind, own = _preset(preset)
    known = of_own(own) if own else PRESETS[kind]
    contents = Contents(
        ExportScope(scope),
        kind,
        ExportFormat(format_) if format_ else known.formats[0],
        _keys(keys),
        choice,
        tuple(sorted(further)),
        own.id if own else None,
        ExportSplit(split),
        since,
    )
    if why := _why_not(known, contents):
        raise click.ClickException(f"“{preset}” {why}.")
    return settled(contents)


def _why_not(preset: Preset, contents: Contents) -> str | None:
    """Return why there can be no such file, in words that follow the name of its preset."""
    if contents.format not in preset.formats:
        return f"comes as {' or '.join(preset.formats)}, and not as {contents.format}"
    if contents.scope not in preset.scopes:
        return "holds those that count alone: leave --scope out"
    if contents.split is ExportSplit.SIZE and preset.most_bytes is None:
        return "has no largest size: leave --split out"
    if contents.split is not ExportSplit.WHOLE and contents.format not in SPLIT:
        return f"is split as {' or '.join(SPLIT)} alone: choose --format, or leave --split out"
    if not preset.can_be(contents):
        return "on sheets in PDF is of one petition: give one SLUG, or choose another --format"
    return None


def _preset(name: str) -> tuple[ExportPreset, OwnPreset | None]:
    if name in PRESETS:
        return ExportPreset(name), None
    if own := own_preset_named(name):
        return ExportPreset.OWN, own
    raise click.ClickException(f"There is no preset “{name}”: `exports presets` lists them.")


def _keys(given: tuple[str, ...]) -> tuple[str, ...]:
    text = "\n".join(given)
    if holds_secret_key(text):
        raise click.ClickException(
            "That was a secret key. Give the public one that belongs to it: it begins with age1. "
            "The secret one now stands in this terminal's history: take it out, or make another."
        )
    try:
        return public_keys(text)
    except NoPublicKey as fault:
        raise click.ClickException(
            f"Key {fault.line} is not a public key of age. One begins with age1."
        ) from None
    except TooManyKeys:
        raise click.ClickException("A file is encrypted for at most 10 keys.") from None


def _exporter(email: str) -> Organiser:
    organiser = organiser_at(email)
    if organiser.disabled_at is not None or not may(organiser.role, Permission.EXPORT):
        raise click.ClickException("This organiser may not export.")
    return organiser


def _reason(why: str) -> str:
    text = " ".join(why.split())
    if not text or len(text) > LONGEST_WHY or not text.isprintable():
        raise click.ClickException(
            f"Say with --why what the file is needed for, in at most {LONGEST_WHY} characters."
        )
    return text


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except DomainError as reason:
        raise click.ClickException(str(reason)) from None


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let a signal to end be an end like another: what is begun is put away."""

    def end(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    before = {one: signal.signal(one, end) for one in ENDS_WITH}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
