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
    "organiser.account.logging_in.login": Door.ANYONE,
    "organiser.account.logging_in.code": Door.FIRST_STEP,
    "organiser.account.logging_in.logout": Door.ANYONE,
    "organiser.account.sessions.index": Door.SIGNED_IN,
    "organiser.account.sessions.end": Door.SIGNED_IN,
    "organiser.account.sessions.end_all": Door.SIGNED_IN,
    "organiser.account.joining.join": Door.ANYONE,
    "organiser.account.joining.enrol": Door.FIRST_STEP,
    "organiser.account.joining.later": Door.FIRST_STEP,
    "organiser.account.recovery.renew": Door.SIGNED_IN,
    "organiser.account.recovery.file": Door.SIGNED_IN,
    "organiser.account.news.put_away": Permission.EXPORT,
    "organiser.writing.sample.show": Permission.REMOVE_SAMPLE,
    "organiser.writing.sample.remove": Permission.REMOVE_SAMPLE,
    "organiser.signatures.petitions.index": Permission.SEE_PETITIONS,
    "organiser.signatures.reading.index": Permission.SEE_SIGNATURES,
    "organiser.signatures.reading.search": Permission.SEE_NAMES,
    "organiser.signatures.deciding.accept": Permission.DECIDE_SIGNATURES,
    "organiser.signatures.deciding.invalidate": Permission.DECIDE_SIGNATURES,
    "organiser.signatures.deciding.show_reason": Permission.DECIDE_SIGNATURES,
    "organiser.signatures.exports.index": Permission.SEE_EXPORTS,
    "organiser.signatures.exports.make": Permission.EXPORT,
    "organiser.signatures.export_previews.show": Permission.EXPORT,
    "organiser.signatures.export_previews.change": Permission.EXPORT,
    "organiser.signatures.exports.make_anew": Permission.EXPORT,
    "organiser.signatures.exports.make_continuation": Permission.EXPORT,
    "organiser.signatures.exports.cancel_making": Permission.EXPORT,
    "organiser.signatures.export_changes.show": Permission.SEE_EXPORTS,
    "organiser.signatures.export_changes.take": Permission.EXPORT,
    "organiser.signatures.export_files.show": Permission.SEE_EXPORTS,
    "organiser.signatures.export_files.download": Permission.EXPORT,
    "organiser.signatures.export_files.file": Permission.EXPORT,
    "organiser.presets.listing.index": Permission.EXPORT,
    "organiser.presets.writing.new": Permission.EXPORT,
    "organiser.presets.writing.make": Permission.EXPORT,
    "organiser.presets.writing.show": Permission.EXPORT,
    "organiser.presets.writing.change": Permission.EXPORT,
    "organiser.presets.writing.retire": Permission.EXPORT,
    "organiser.deliveries.listing.index": Permission.SEE_DELIVERIES,
    "organiser.deliveries.planning.index": Permission.SEE_DELIVERIES,
    "organiser.deliveries.planning.plan": Permission.RECORD_DELIVERIES,
    "organiser.deliveries.recording.show": Permission.SEE_DELIVERIES,
    "organiser.deliveries.recording.ask": Permission.RECORD_DELIVERIES,
    "organiser.deliveries.recording.record": Permission.RECORD_DELIVERIES,
    "organiser.deliveries.packs.choose": Permission.EXPORT,
    "organiser.deliveries.packs.make": Permission.EXPORT,
    "organiser.deliveries.packs.show": Permission.SEE_EXPORTS,
    "organiser.deliveries.packs.cancel_making": Permission.EXPORT,
    "organiser.deliveries.packs.download": Permission.EXPORT,
    "organiser.deliveries.packs.file": Permission.EXPORT,
    "organiser.deliveries.recording.empty": Permission.RECORD_DELIVERIES,
    "organiser.evidence.files.ask": Permission.RECORD_DELIVERIES,
    "organiser.evidence.files.add": Permission.RECORD_DELIVERIES,
    "organiser.evidence.files.content": Permission.SEE_DELIVERIES,
    "organiser.evidence.files.preview": Permission.SEE_DELIVERIES,
    "organiser.evidence.files.show": Permission.RECORD_DELIVERIES,
    "organiser.evidence.files.hide": Permission.RECORD_DELIVERIES,
    "organiser.evidence.files.remove": Permission.RECORD_DELIVERIES,
    "organiser.evidence.samples.ask": Permission.RECORD_DELIVERIES,
    "organiser.evidence.samples.record": Permission.RECORD_DELIVERIES,
    "organiser.deliveries.standings.ask": Permission.RECORD_DELIVERIES,
    "organiser.deliveries.standings.put": Permission.RECORD_DELIVERIES,
    "organiser.deliveries.telling.show": Permission.SEE_DELIVERIES,
    "organiser.deliveries.telling.tell": Permission.TELL_SIGNERS,
    "organiser.deliveries.telling.stop": Permission.TELL_SIGNERS,
    "organiser.deliveries.telling.go_on": Permission.TELL_SIGNERS,
    "organiser.deliveries.withdrawals.show": Permission.SEE_DELIVERIES,
    "organiser.deliveries.withdrawals.record": Permission.RECORD_DELIVERIES,
    "organiser.letters.campaigns.index": Permission.SEE_PETITIONS,
    "organiser.letters.campaigns.show": Permission.SEE_PETITIONS,
    "organiser.letters.campaigns.answers": Permission.SEE_PETITIONS,
    "organiser.letters.halting.halt": Permission.HALT_LETTERS,
    "organiser.letters.halting.resume": Permission.HALT_LETTERS,
    "organiser.letters.waiting.index": Permission.SEE_LETTERS,
    "organiser.letters.waiting.decide": Permission.DECIDE_LETTERS,
    "organiser.letters.recipients.index": Permission.SEE_PETITIONS,
    "organiser.letters.recipients.send_again": Permission.EDIT_RECIPIENTS,
    "organiser.team.audit.index": Permission.SEE_AUDIT,
}

TAKES_FILES = frozenset({"organiser.evidence.files.add"})
"""What may be sent more than a form, by whoever may open it (`petition.web.site.uploads`)."""
