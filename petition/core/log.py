"""The log: JSON lines on standard error, without personal data."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

log = logging.getLogger("petition.events")  # "petition" itself is Flask's, and silenced


class JsonLines(logging.Formatter):
    """Writes records as JSON objects. Of an error: its kind and where, not its words."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= fault_fields(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def fault_fields(error: BaseException) -> dict[str, object]:
    """Return the kind of an error and its places in the code; its message may name a person."""
    return {"error": type(error).__name__, "at": _places(traceback.extract_tb(error.__traceback__))}


def thread_fields(thread: int) -> dict[str, object]:
    """Return the places in the code where the thread of this identity stands."""
    frame = sys._current_frames().get(thread)
    return {"at": _places(traceback.extract_stack(frame)) if frame else []}


def _places(frames: traceback.StackSummary) -> list[str]:
    ours = [frame for frame in frames if "/petition/" in frame.filename]
    return [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in (ours or frames)[-8:]
    ]


def start_logging(level: str) -> None:
    """Write the log of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    log.handlers = [handler]
    log.setLevel(level)
    log.propagate = False
    # A pool's own words about a connection that it lost: whoever used it says so.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
