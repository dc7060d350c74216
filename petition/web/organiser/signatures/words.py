"""What organisers read of signatures, in words."""

from flask_babel import gettext as _

from petition.signatures.models import Visibility


def visibility_words() -> dict[Visibility, str]:
    """Return how a name appears in public."""
    return {
        Visibility.PRIVATE: _("Not publicly"),
        Visibility.FIRST_NAME: _("First name"),
        Visibility.FULL_NAME: _("Full name"),
    }


def accepted(number: int, *, was_mailed: bool | None) -> tuple[str, str]:
    """Return what to say of a signature that a moderator has accepted, and in which tone.

    `was_mailed` is what `mail_at_last` has returned.
    """
    if was_mailed is None:
        return _("Signature %(n)s is accepted.", n=number), "success"
    if not was_mailed:
        words = _("Signature %(n)s is accepted, but does not open: nobody is mailed.", n=number)
        return words, "error"
    words = _(
        "Signature %(n)s is accepted. Its owner is mailed the link now; once they have pressed "
        "the button there, it counts.",
        n=number,
    )
    return words, "success"
