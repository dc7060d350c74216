"""What organisers read of the log, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from petition.audit.acts import Act
from petition.audit.models import Actor
from petition.audit.queries import Listed
from petition.web.organiser.deliveries.pack_lines import tier_words
from petition.web.organiser.signatures.export_words import (
    format_words,
    preset_words,
    scope_words,
)


def sentence(act: str) -> str:
    """Return what was done; its bare name where only a newer version knows it."""
    return Act(act).sentence if act in set(Act) else act


def actor_words() -> dict[Actor, str]:
    """Return who acts, where it is not an organiser."""
    return {
        Actor.SOMEBODY: _("Somebody not logged in"),
        Actor.TERMINAL: _("The terminal"),
        Actor.ITSELF: _("The program"),
    }


def who(entry: Listed, names: dict[int, str]) -> str:
    """Return who did it; `names` are those of organisers."""
    name = names.get(entry.organiser_id or 0, f"#{entry.organiser_id}")
    if entry.actor == Actor.ORGANISER:
        return name
    if entry.organiser_id is not None:
        return _("Somebody, in the name of %(name)s", name=name)
    return actor_words()[entry.actor]


def about(entry: Listed, names: dict[int, str], labels: dict[str, str]) -> list[tuple[str, str]]:
    """Return what it was done to: pairs of what it is, by its label, and which."""
    if entry.about is None:
        return [(_("This does not open"), "")]
    found, words = [], value_words()
    for key in (*labels, *(entry.about.keys() - labels.keys())):
        value = entry.about.get(key)
        if value is not None:
            text = names.get(int(value), f"#{value}") if key == "organiser" else str(value)
            text = words.get(key, {}).get(text, text)
            found.append((labels.get(key, key), "" if key == "more" else text))
    return found


def value_words() -> Mapping[str, Mapping[Any, str]]:
    """Return what the pages of files and packs call what the log has by its bare name."""
    return {
        "preset": preset_words(),
        "format": format_words(),
        "scope": scope_words(),
        "tier": tier_words(),
    }


def thing_labels() -> dict[str, str]:
    """Return what each thing is called, in the order in which they are told."""
    return {
        "campaign": _("Campaign"),
        "versions": _("New versions"),
        "petition": _("Petition"),
        "signature": _("Signature"),
        "letter_campaign": _("Letter"),
        "letter": _("Number"),
        "decision": _("Decision"),
        "recipient": _("Recipient"),
        "export": _("File"),
        "delivery": _("Delivery"),
        "pack": _("Pack"),
        "tier": _("What the recipient gets to know"),
        "scope": _("Which signatures"),
        "preset": _("For whom"),
        "format": _("Format"),
        "since": _("New since file"),
        "rows": _("How many"),
        "organiser": _("Organiser"),
        "address": _("Address"),
        "role": _("Role"),
        "key": _("Key"),
        "keys": _("Keys"),
        "more": _("Further ones within the hour are not listed"),
    }
