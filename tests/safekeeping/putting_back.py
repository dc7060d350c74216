"""Making backups and putting them back, by the commands."""

from collections.abc import Callable
from pathlib import Path

from click.testing import Result
from flask import Flask

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.signatures.models import Signature


def run(app: Flask, *words: str | Path, typed: str = "") -> Result:
    """Run one of our commands."""
    session.remove()
    return app.test_cli_runner().invoke(args=[str(word) for word in words], input=typed)


def backed_up(app: Flask, file: Path) -> Result:
    """Make a backup."""
    file.parent.mkdir(exist_ok=True)
    made = run(app, "backup", file)
    assert made.exit_code == 0, made.output
    return made


def restored(app: Flask, file: Path, *options: str | Path) -> Result:
    """Put it back."""
    done = run(app, "restore", file, *options)
    assert done.exit_code == 0, done.output
    return done


def act(verb: Callable[..., object], signature: Signature) -> None:
    """Let a signer press a button."""
    with transaction() as writing:
        verb(writing.get_one(Signature, signature.id), now())


def found(signature: Signature) -> Signature | None:
    """Return a signature as it is now."""
    session.remove()
    return session.get(Signature, signature.id)
