"""Who may open what: every page of this door has its line here, or it stays shut."""

from collections.abc import Mapping
from enum import Enum, auto

from petition.organisers.permissions import Permission


class Door(Enum):
    """What a page asks for where it is not a permission."""

    ANYONE = auto()
    FIRST_STEP = auto()
    """A login whose password was right; the second step may be missing."""
    SIGNED_IN = auto()


ACCESS: Mapping[str, Door | Permission] = {
    "organiser.account.login": Door.ANYONE,
    "organiser.account.code": Door.FIRST_STEP,
    "organiser.account.logout": Door.ANYONE,
    "organiser.account.sessions": Door.SIGNED_IN,
    "organiser.account.end_session": Door.SIGNED_IN,
    "organiser.account.end_all_sessions": Door.SIGNED_IN,
    "organiser.joining.join": Door.ANYONE,
    "organiser.joining.enrol": Door.FIRST_STEP,
    "organiser.joining.later": Door.FIRST_STEP,
    "organiser.recovery.renew": Door.SIGNED_IN,
    "organiser.recovery.file": Door.SIGNED_IN,
    "organiser.petitions.index": Permission.SEE_PETITIONS,
    "organiser.signatures.index": Permission.SEE_SIGNATURES,
    "organiser.signatures.search": Permission.SEE_NAMES,
    "organiser.signatures.accept": Permission.REVIEW,
    "organiser.signatures.strike": Permission.REVIEW,
    "organiser.signatures.show_reason": Permission.REVIEW,
    "organiser.exports.index": Permission.SEE_EXPORTS,
    "organiser.exports.make": Permission.EXPORT,
    "organiser.letters.index": Permission.SEE_PETITIONS,
    "organiser.letters.show": Permission.SEE_PETITIONS,
    "organiser.letters.answers": Permission.SEE_PETITIONS,
    "organiser.letters.stop": Permission.STOP_LETTERS,
    "organiser.letters.resume": Permission.STOP_LETTERS,
    "organiser.waiting_letters.index": Permission.SEE_LETTERS,
    "organiser.waiting_letters.decide": Permission.DECIDE_LETTERS,
    "organiser.recipients.index": Permission.SEE_PETITIONS,
    "organiser.recipients.send_again": Permission.EDIT_RECIPIENTS,
    "organiser.audit.index": Permission.SEE_AUDIT,
}
