"""What is noted in the log, each with its sentence."""

from enum import StrEnum
from typing import Self


class Act(StrEnum):
    """One kind of thing that somebody did or looked at."""

    sentence: str
    """What was done, in words that follow a name."""

    def __new__(cls, value: str, sentence: str = "") -> Self:
        """Return the member; its value is what the database holds and never changes."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member

    LOG_BEGUN = "log_begun", "Began this log"
    LOG_CHANGED = "log_changed", "Found that this log was changed from outside"

    LOGGED_IN = "logged_in", "Logged in"
    LOGIN_FAILED = "login_failed", "Gave a wrong address or password"
    CODE_REFUSED = "code_refused", "Gave a wrong code"
    LOGGED_OUT = "logged_out", "Logged out"
    SESSION_ENDED = "session_ended", "Ended another session of theirs"
    SESSIONS_ENDED = "sessions_ended", "Logged out everywhere"

    INVITED = "invited", "Invited an organiser"
    JOINED = "joined", "Accepted an invitation"
    RESET = "reset", "Made a link for a new password"
    PASSWORD_SET = "password_set", "Set a new password"
    AUTHENTICATOR_SET_UP = "authenticator_set_up", "Set up an authenticator and logged in"
    CODES_RENEWED = "codes_renewed", "Made new recovery codes"
    DISABLED = "disabled", "Shut an organiser out"
    ORGANISERS_LISTED = "organisers_listed", "Listed the organisers"

    SEARCHED = "searched", "Searched for an address"
    NAMES_READ = "names_read", "Read a page of names"
    SIGNATURE_ACCEPTED = "signature_accepted", "Let a signature on hold count"
    SIGNATURE_INVALIDATED = "signature_struck", "Invalidated a signature"
    REASON_SHOWN = "reason_shown", "Let a reason appear in public"
    REASON_HIDDEN = "reason_hidden", "Took a reason off the public page"

    LETTERS_READ = "letters_read", "Read letters on hold"
    LETTER_DECIDED = "letter_decided", "Decided about a letter"
    LETTERS_HALTED = "letters_halted", "Stopped a letter campaign"
    LETTERS_RESUMED = "letters_resumed", "Let a letter campaign go on"
    RECIPIENT_TRUSTED = "recipient_trusted", "Let letters go to an office again"

    EXPORT_MADE = "export_made", "Had a file of signatures made"
    EXPORT_CANCELLED = "export_cancelled", "Cancelled the making of a file of signatures"
    EXPORT_DOWNLOADED = "export_downloaded", "Downloaded a file of signatures"
    EXPORT_CHANGES_DOWNLOADED = (
        "export_changes_downloaded",
        "Downloaded what has changed since a file of signatures",
    )
    PRESET_MADE = "preset_made", "Made a preset for files of signatures"
    PRESET_CHANGED = "preset_changed", "Changed a preset for files of signatures"
    PRESET_LOOSENED = (
        "preset_loosened",
        "Took away a key that a preset for files of signatures required",
    )
    PRESET_RETIRED = "preset_retired", "Retired a preset for files of signatures"

    DELIVERY_PLANNED = "delivery_planned", "Planned a delivery"
    DELIVERY_PACKED = "delivery_packed", "Noted that a delivery is packed"
    PACK_ASKED_FOR = "pack_asked_for", "Had a delivery’s pack made"
    PACK_CANCELLED = "pack_cancelled", "Cancelled the making of a delivery’s pack"
    PACK_DOWNLOADED = "pack_downloaded", "Downloaded a delivery’s pack"
    DELIVERY_HANDED_OVER = "delivery_handed_over", "Recorded that a delivery was handed over"
    DELIVERY_ANSWERED = "delivery_answered", "Recorded the answer to a delivery"
    DELIVERY_CLOSED = "delivery_closed", "Closed a delivery"
    DELIVERY_STEP_RETRACTED = "delivery_step_retracted", "Took back what was recorded of a delivery"
    DELIVERY_STEP_EMPTIED = "delivery_step_emptied", "Removed the words of what was taken back"
    SAMPLE_RECORDED = "pack_sample_recorded", "Recorded what an office found in a sample of a pack"
    DELIVERY_FILE_ADDED = "delivery_file_added", "Added a file to a delivery"
    DELIVERY_FILE_SHOWN = "delivery_file_shown", "Let the public see a file of a delivery"
    DELIVERY_FILE_HIDDEN = "delivery_file_hidden", "Took a file of a delivery off the public page"
    DELIVERY_FILE_REMOVED = "delivery_file_removed", "Removed a file of a delivery for good"
    DELIVERY_FILE_BROUGHT = "delivery_file_brought", "Kept a file with an entry recorded anew"
    STRIKE_NOTICE_SENT = "strike_notice_sent", "Recorded that a notice of signers who left was sent"
    STANDING_SET = "standing_set", "Set how a government stands towards a gap"

    SIGNERS_TOLD = "signers_told", "Had the signers told of a delivery"
    CORRECTION_SENT = "correction_sent", "Corrected what the signers of a delivery were told"
    TELLING_GONE_ON_WITH = "telling_gone_on_with", "Went on telling the signers of a delivery"
    TELLING_STOPPED = "telling_stopped", "Stopped telling the signers of a delivery"

    FOLDER_PUBLISHED = "folder_published", "Published a campaign’s folder"
    SAMPLE_REMOVED = "sample_removed", "Removed the sample campaign"
    CAMPAIGN_SAVED = "campaign_saved", "Wrote a campaign into a folder"
    RECIPIENTS_IMPORTED = "recipients_imported", "Imported recipients"
    RECIPIENTS_EXPORTED = "recipients_exported", "Exported the recipients"
    KEYS_ROTATED = "keys_rotated", "Made a new key"
    BACKED_UP = "backed_up", "Made a backup"
    RESTORED = "restored", "Put a backup in the database’s place"
    DELIVERY_KEY_RENEWED = "delivery_key_renewed", "Made a new key for deliveries"
    KEYS_RETIRED = "keys_retired", "Dropped old keys"
    SETTINGS_PRINTED = "settings_printed", "Printed the settings"
