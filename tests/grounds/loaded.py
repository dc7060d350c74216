"""What a process has that tests fork the product from: all of it loaded, and its pages compiled."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import gunicorn.app.wsgiapp  # noqa: F401 - how the product is served

import petition.working  # noqa: F401 - the worker, which is no part of the web
from config import Config
from petition.core.keyring.keys import KeyFile
from petition.web.serving.server import prepare

with TemporaryDirectory() as folder:
    KeyFile(Path(folder, "keys.json")).create_if_missing()
    prepare(replace(Config.from_environment({}), instance=Path(folder)))
