"""What the web server itself has to say, as JSON lines and without addresses of people or pages."""

import sys
from typing import Any

from gunicorn.glogging import Logger

from petition.core.log import fault_fields, log


class GunicornLog(Logger):
    """Gunicorn's logger. Its own would write who sent a broken request, and links with tokens."""

    def warning(self, msg: object, *_args: Any, **_kwargs: Any) -> None:
        """Log a warning as far as it names nobody."""
        log.warning(str(msg).partition(" from ip=")[0])

    def exception(self, msg: object, *_args: Any, **_kwargs: Any) -> None:
        """Log the kind and the place of an error, without the address that was asked for."""
        error = sys.exc_info()[1]
        fields = fault_fields(error) if error else {}
        log.error(str(msg).partition(" %s")[0], extra={"fields": fields})

    def error(self, msg: object, *args: Any, **_kwargs: Any) -> None:
        """Log trouble with processes and sockets."""
        log.error(str(msg), *args)

    def critical(self, msg: object, *args: Any, **_kwargs: Any) -> None:
        """Log grave trouble with processes."""
        log.critical(str(msg), *args)
