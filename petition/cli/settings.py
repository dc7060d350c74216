"""`settings`: the table of settings, as the README has it."""

from dataclasses import fields

import click
from sqlalchemy import inspect

from config import Config
from petition.audit.acts import Act
from petition.audit.models import AuditEntry
from petition.audit.noting import TERMINAL, note
from petition.core.clock import now
from petition.core.storage.database import engine, transaction


@click.command()
def settings() -> None:
    """Print every setting as a Markdown table."""
    if inspect(engine()).has_table(AuditEntry.__tablename__):  # an install, and not a fresh clone
        with transaction():
            note(Act.SETTINGS_PRINTED, TERMINAL, now())
    click.echo(table())


def table() -> str:
    """Return the settings as a Markdown table."""
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    for field in fields(Config):
        default = f"`{field.default}`" if str(field.default) else ""
        lines.append(
            f"| `{field.metadata['variable']}` | {default} | {field.metadata['meaning']} |"
        )
    return "\n".join(lines)
