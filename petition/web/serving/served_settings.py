"""How Gunicorn serves under `bin/serve`: as ever, and it ends when that does."""

from petition.core.process import end_with_parent
from petition.web.serving.gunicorn_settings import *  # noqa: F403 - Gunicorn reads a module's names

end_with_parent()
