"""The doors that speak to a terminal: `flask --app petition …`."""

from flask import Flask

from config import Config
from petition.cli import (
    audit,
    backup,
    campaigns,
    deliveries,
    exports,
    keys,
    letters,
    migrate,
    organisers,
    recipients,
    serve,
    settings,
    tally,
    worker,
)
from petition.cli.plainly import in_plain_words

FOR_ANY_DATABASE = {"backup", "migrate", "restore", "serve", "settings", "worker"}
"""What makes a database what it has to be, or waits until it is; and what needs none."""


def init_app(app: Flask, config: Config) -> None:
    """Add our commands to the `flask` command."""
    app.cli.add_command(audit.audit)
    app.cli.add_command(backup.backup)
    app.cli.add_command(backup.restore)
    app.cli.add_command(campaigns.campaigns)
    app.cli.add_command(deliveries.deliveries)
    app.cli.add_command(exports.exports)
    app.cli.add_command(keys.keys)
    app.cli.add_command(letters.letters)
    app.cli.add_command(migrate.migrate)
    app.cli.add_command(organisers.organisers)
    app.cli.add_command(recipients.recipients)
    app.cli.add_command(serve.make_command(config))
    app.cli.add_command(settings.settings)
    app.cli.add_command(tally.tally)
    app.cli.add_command(worker.worker)
    for name, command in app.cli.commands.items():
        in_plain_words(command, for_any_database=name in FOR_ANY_DATABASE)
