"""`deliveries verify`, `sample`, `check-sample` and `key`: what of a pack holds, and its key."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

import click

from petition.cli.plainly import in_plain_words
from petition.core.errors import DomainError
from petition.deliveries.pack.archive import Refused
from petition.deliveries.pack.keys import public_keys
from petition.deliveries.pack.packing import VERIFIER, verifier
from petition.deliveries.pack.sample_check import LARGEST_SAMPLE, check_sample
from petition.deliveries.pack.sampling import sample as draw_sample
from petition.deliveries.pack.sampling import usual_size
from petition.deliveries.pack.verify import Findings, check, hash_of, public_key

REPLACED = (
    "That key was replaced; rely on this only if you had this pack, or its root, before that."
)
PACK = click.Path(exists=True, dir_okay=False, path_type=Path)
UNPACKED_OR_NOT = click.Path(exists=True, path_type=Path)


@click.group()
def deliveries() -> None:
    """Signatures handed over, in packs that the other side can check."""


@deliveries.command()
@click.argument("pack", type=UNPACKED_OR_NOT)
@click.option("--key", help="The public key of whoever delivers; ours, where it is left out.")
def verify(pack: Path, key: str | None) -> None:
    """Say of PACK, or of its folder, what holds and what does not; exit 1 when something does not.

    Exit 2 where it holds under a key of ours that was replaced: somebody else may have that key.
    The pack has this verifier in it too: others need nothing of ours.
    """
    found = _checked(pack, key)
    click.echo("\n".join(found.lines()))
    _end(found)


@deliveries.command()
@click.argument("pack", type=PACK)
@click.argument("file", type=click.File("wb", atomic=True), default="-")
@click.option("--seed", required=True, help="What the office has chosen after it had the root.")
@click.option("--size", type=int, help="How many; by default 500 or 3 %, whichever is more.")
@click.option("--key", help="The public key of whoever delivers; ours, where it is left out.")
def sample(pack: Path, file: BinaryIO, seed: str, size: int | None, key: str | None) -> None:
    """Draw a sample of PACK into FILE or the terminal, each row with the proof that it is in it.

    Exit 2 where PACK is signed under a key of ours that was replaced.
    """
    found = _checked(pack, key)
    if found.fails:
        raise click.ClickException("\n".join(found.lines()))
    try:
        with _readable_to_us_alone(), pack.open("rb") as stream:
            for piece in draw_sample(stream, seed, size):
                file.write(piece)
    except DomainError as reason:
        raise click.ClickException(str(reason)) from None
    _end(found)


@deliveries.command("check-sample")
@click.argument("file", type=click.File("rb"))
@click.option("--root", required=True, help="What the office had before it chose the seed.")
@click.option("--size", type=int, help="How many it asked for; by default 500 or 3 %.")
def check_a_sample(file: BinaryIO, root: str, size: int | None) -> None:
    """Say of a sample in FILE whether its seed drew it, and each row lies under the root.

    Exit 1 where something does not hold.
    """
    try:
        found = check_sample(file.read(LARGEST_SAMPLE + 1), root)
    except DomainError as reason:
        raise click.ClickException(str(reason)) from None
    wanted = usual_size(found.size) if size is None else min(size, found.size)
    faults = list(found.faults)
    if found.drawn != wanted:
        faults.append(f"It has {found.drawn} rows of {found.size}, and not {wanted}.")
    if faults:
        raise click.ClickException("\n".join(faults))
    click.echo(
        f"The seed “{found.seed}” draws these {found.drawn} of {found.size} rows, and each of them "
        "lies under that root."
    )


@deliveries.command()
def key() -> None:
    """Print the public key under which packs are signed, those before it, and verify.py's hash."""
    now, *before = public_keys()
    click.echo(now.file.decode(), nl=False)
    for one in before:
        click.echo(f"Until it was replaced: {one.line} ({one.shown_id})")
    click.echo(f"SHA-256 of {VERIFIER} in packs of this version: {hash_of(verifier()).hex()}")


@contextmanager
def _readable_to_us_alone() -> Iterator[None]:
    """Let nobody else read a file that is made meanwhile: a sample has names in it."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _checked(pack: Path, key: str | None) -> Findings:
    try:
        ours = [(one.key_id, one.octets) for one in public_keys()]
        trusted = ours if key is None else [public_key(key)]
    except Refused as reason:
        raise click.ClickException(str(reason)) from None
    try:
        if pack.is_dir():
            return check(pack, dict(trusted))
        with pack.open("rb") as stream:
            return check(stream, dict(trusted))
    except OSError as reason:
        raise click.BadParameter(str(reason), param_hint="PACK") from None


def _end(found: Findings) -> NoReturn:
    """End with the status of a pack; say it where its key is one of ours that was replaced."""
    _now, *before = public_keys()
    if not found.fails and found.key_id in {one.key_id for one in before}:
        click.echo(REPLACED, err=True)
        sys.exit(2)
    sys.exit(found.status)


in_plain_words(deliveries, for_any_database=True)  # none of these asks it anything
