"""Who sees what a supporter tells a petition, from the settings and the petition itself."""

from dataclasses import dataclass

from flask_babel import gettext as _

from petition.petitions.asks import Ask


@dataclass(frozen=True, slots=True)
class SeenBy:
    """One thing that a supporter tells us, and who gets to see it."""

    what: str
    public: str
    organisers: str
    officials: str


def who_sees_what(ask: Ask) -> list[SeenBy]:
    """Return the rows of the table, in the order of the form."""
    never, yes = _("Never"), _("Yes")
    rows = [
        SeenBy(_("Your name"), _("Only if you choose so"), yes, _("When it is handed over")),
        SeenBy(_("Your e-mail address"), never, yes, never),
        SeenBy(
            _("Your country"),
            _("With your name, if you choose so"),
            yes,
            _("When it is handed over"),
        ),
    ]
    if ask.routes_by_area:
        rows.append(SeenBy(_("Your postcode"), never, yes, _("Only the area")))
    rows.append(SeenBy(_("Whether we may e-mail you"), never, yes, never))
    rows.append(
        SeenBy(
            _("Your reason"),
            _("Only with your name, once a moderator has read it"),
            yes,
            _("Only what the public sees"),
        )
    )
    rows.append(
        SeenBy(
            _("The week in which you signed"),
            _("Only how many signed in it"),
            yes,
            _("When it is handed over"),
        )
    )
    rows.append(SeenBy(_("Your IP address"), never, never, never))
    return rows
