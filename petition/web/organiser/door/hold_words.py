"""Why something waits for a moderator, in words for organisers."""

from flask_babel import gettext as _

from petition.holds.models import HoldCause


def hold_words() -> dict[HoldCause, str]:
    """Return each cause as a sentence without its full stop."""
    return {
        HoldCause.HONEYPOT: _("A hidden field was filled in, as programs do"),
        HoldCause.TOO_FAST: _("The form was sent within two seconds"),
        HoldCause.PROGRAM: _(
            "A hidden field was filled in, or the form was sent within two seconds, as programs do"
        ),
        HoldCause.NETWORK: _("Many forms came from one network"),
        HoldCause.MAIL_DOMAIN: _("Many forms came from one small mail domain"),
        HoldCause.ALIKE: _("Five or more letters of the last hour say nearly the same"),
        HoldCause.RESTORED: _("It comes from a backup: its writer may have sent it since"),
        HoldCause.UNNOTED: _("It was held before causes were noted"),
    }
