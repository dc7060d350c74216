"""`python -m petition.working`: a worker, with no more of the product in memory than it needs.

`flask --app petition worker` becomes it.
"""

import click

from config import Config
from petition.core import process
from petition.core.storage import database
from petition.opening import open_instance
from petition.worker import loops


@click.command("worker")
@click.option("--end-with-parent", is_flag=True, hidden=True)
def work(*, end_with_parent: bool) -> None:
    """Take in what people send, mail them, and keep the counts, until told to stop."""
    process.close_to_others()
    process.keep_memory_together()
    if end_with_parent:
        process.end_with_parent()
    config = Config.from_environment()
    open_instance(config)
    try:
        loops.work(config)
    finally:
        database.close()


if __name__ == "__main__":
    work()
