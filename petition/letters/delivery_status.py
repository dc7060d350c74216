"""Enhanced status codes of mail (RFC 3463): why a delivery failed, in three numbers.

A server writes one beside its reply, or says only in words what it means. Some words have had a
code of their own since then; they are taken for it.
"""

import re

NO_CODE = "bounce"
"""What is noted where a server gave no reason that we understand."""
OUR_SENDER = {"7", "8"}
"""Details of an address that blame the sender's: X.1.7 and X.1.8."""
_code = r"[245]\.[0-7]\.\d{1,4}"
_beside_a_reply = re.compile(rf"\b[245]\d\d[ -]{{1,3}}\(?#?({_code})(?!\.?\d)")
_alone = re.compile(rf"(?<![\d.])({_code})(?!\.?\d)")
_ABOUT_A_MAILBOX = r"(?:user|recipient|mailbox|account|address|addressee)\b.{0,60}"
_WORDS = {
    "5.2.2": (
        r"mailbox (?:is |was )?(?:full|too large)|over.?quota|quota.{0,20}exceed",
        r"exceed.{0,30}quota|mailbox size limit|storage limit|mailfolder is full|disk quota",
        r"postfach.{0,40}voll|bo[iî]te.{0,40}pleine|buz[oó]n.{0,40}lleno",
    ),
    "5.2.1": (r"(?:account|mailbox)\b.{0,30}(?:disabled|suspended|inactive|deactivated|closed)",),
    "5.7.1": (
        r"block.?list|blacklist|blocked (?:using|by|due|because)|\bspam\b|\bdmarc\b|\bspf\b",
        r"reputation|access denied|not (?:authori[sz]ed|permitted|allowed)",
        r"polic(?:y|ies).{0,40}(?:reject|refus|violat|reason)|(?:reject|refus).{0,40}polic",
    ),
    "5.1.2": (
        r"(?:host|domain)(?: name)? (?:is )?(?:unknown|not found|does not exist)",
        r"no such domain|unknown (?:host|domain)|unrouteable (?:mail )?domain",
        r"name or service not known",
    ),
    "5.3.4": (r"message.{0,30}too (?:large|big)|exceeds.{0,30}(?:size|maximum)|size limit",),
    "5.1.1": (
        r"user.{0,3} unknown|unknown (?:user|recipient|address|mailbox|local)",
        r"no such (?:user|recipient|mailbox|address|person|account|local)|no mailbox here",
        _ABOUT_A_MAILBOX + r"(?:not (?:be )?found|wasn.t found|not known|unknown|not listed)",
        _ABOUT_A_MAILBOX + r"(?:(?:does|do)(?: not|n.t) exist|unavailable|invalid|rejected)",
        _ABOUT_A_MAILBOX + r"no longer",
        r"invalid (?:recipient|mailbox|address|user)|recipient.?not.?found|not listed in",
        r"not a (?:known|valid) (?:user|recipient)|unbekannt|introuvable|見つかりません|不存在",
    ),
    "4.4.7": (r"(?:retry|delivery|queue).{0,20}(?:time.?out|expired)|timed out",),
}
_words = tuple(
    (code, re.compile("|".join(words), re.IGNORECASE | re.DOTALL)) for code, words in _WORDS.items()
)


def code_in(fields: str, said: str) -> str | None:
    """Return the code that says most of why a delivery failed; None where nothing does.

    `fields` are those of a report for programs (RFC 3464), `said` is what is written for people.
    A code beside a reply tells more than "5.0.0" in a field, and so do the words.
    """
    for text in (fields, said):
        for found in (*_beside_a_reply.findall(text), *_alone.findall(text)):
            if found[0] != "2" and not found.endswith(".0.0"):
                return str(found)
    for code, words in _words:
        if words.search(fields) or words.search(said):
            return code
    return None


def names_a_cause(said: str) -> bool:
    """Whether something in these words is a reason for which mail comes back."""
    return any(words.search(said) for _code, words in _words)


def blames_the_address(code: str | None) -> bool:
    """Whether a code says that there is no such mailbox, so that every letter to it is lost.

    X.1.x without those that blame our own sender's address (RFC 3463, section 3.2).
    """
    subject, _dot, detail = (code or "")[2:].partition(".")
    return subject == "1" and detail not in OUR_SENDER


def blames_our_server(code: str | None) -> bool:
    """Whether a code says that mail of ours is not taken for anybody: X.7.x, or our sender."""
    subject, _dot, detail = (code or "")[2:].partition(".")
    return subject == "7" or (subject == "1" and detail in OUR_SENDER)
