"""What a link keeps of its button being pressed, so that it leads on whoever presses again."""

from datetime import datetime, timedelta
from hmac import compare_digest

from petition.core.keyring.sealing import tag

SPAN = timedelta(minutes=5)
SPANS_REMEMBERED = 3
"""For how long a link that was pressed leads on whoever presses again: 10 to 15 minutes."""


def pressed_mark(token: str, at: datetime) -> bytes:
    """Return what a link keeps when its button is pressed.

    Only who has the link and our keys can tell from it when that was.
    """
    return tag("pressed", f"{int(at.timestamp() // SPAN.total_seconds())}:{token}")


def was_just_pressed(mark: bytes | None, token: str, at: datetime) -> bool:
    """Whether the button of this link, and no other, was pressed some minutes ago."""
    spans = (at - number * SPAN for number in range(SPANS_REMEMBERED))
    return mark is not None and any(
        compare_digest(mark, pressed_mark(token, span)) for span in spans
    )
