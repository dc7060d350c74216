"""`settings`: the table of settings, as the README has it."""

from dataclasses import fields

import click

from config import Config


@click.command()
def settings() -> None:
    """Print every setting as a Markdown table."""
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
