"""How Gunicorn serves: `gunicorn -c python:petition.web.serving.gunicorn_settings`."""

from config import Config, SettingError
from petition.core.log import start_logging
from petition.core.process import close_to_others
from petition.web.serving import server

try:
    _config = Config.from_environment()
except SettingError as problem:
    raise SystemExit(f"Error: {problem}") from None
close_to_others()
start_logging(_config.log_threshold)

wsgi_app = "petition.web.serving.server:application()"
bind = f"{_config.host}:{_config.port}"
workers = _config.web_processes
worker_class = "petition.web.serving.gunicorn_worker.PatientWorker"
threads = _config.web_threads
worker_connections = 500
"""How many visitors a process hears at once; most of them wait, and none holds a thread."""
timeout = 60
"""Seconds after which a process whose loop stands still, or one of whose requests does, ends."""
sendfile = False
"""Its system call would wait for the reader."""
graceful_timeout = 10
control_socket_disable = True
logger_class = "petition.web.serving.gunicorn_log.GunicornLog"
loglevel = "warning"


def on_starting(_arbiter: object) -> None:
    """Load and compile once what the processes are made of, before they are forked."""
    server.prepare(_config)
