"""Enhanced status codes of mail (RFC 3463): why a delivery failed, in three numbers.

A server writes one beside its reply, or says only in words what it means. Some words have had a
code of their own since then; they are taken for it.
"""

import re

from petition.letters.bounces.words import on_one_line

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
        r"(?:mailbox|inbox)\b.{0,40}\bexceed|(?:too many|number of) messages",
        r"exceed.{0,30}quota|mailbox size limit|storage limit|mailfolder is full",
        r"disk (?:quota|space|full)|quota violation|insufficient (?:system )?storage",
        r"(?:not|n.t|have) enough (?:storage )?space|space not enough",
        r"postfach.{0,40}voll|bo[iî]te.{0,40}pleine|buz[oó]n.{0,40}lleno|メールボックス.{0,9}一杯",
    ),
    "5.2.1": (
        r"(?:account|mailbox)\b.{0,30}(?:disabled|suspended|inactive|deactivated|closed|frozen)",
        r"(?:disabled|suspended|inactive|deactivated|closed) (?:account|mailbox)",
    ),
    "5.7.1": (
        r"block.?list|blacklist|black list|blocked (?:using|by|due|because)|unsolicited",
        r"\bspam(?![\w-]*\.\w)",
        r"\bdmarc\b|\bspf\b|reputation|access denied|not (?:authori[sz]ed|permitted|allowed)",
        r"blocked.{0,20}\bip\b|\bip\b.{0,20}(?:blocked|banned|listed)|banned|relaying denied",
        r"polic(?:y|ies).{0,40}(?:reject|refus|violat|reason)|(?:reject|refus).{0,40}polic",
        r"content (?:was |is )?reject|infected (?:with|by)|requires confirmation",
    ),
    "5.1.8": (
        r"sender (?:address|domain)\b.{0,30}(?:reject|invalid|exist|not found|denied|refused)",
        r"sender (?:verif|rejected|denied|blocked|unknown|invalid)",
        r"(?:unroute?able|invalid|unknown|malformed|verify|bad) sender",
    ),
    "5.1.2": (
        r"(?:host|domain)(?: name)? (?:is )?(?:unknown|not found(?!,? try again)|does not exist)",
        r"no such domain|unknown (?:host|domain)|unrouteable (?:mail )?domain",
        r"name or service not known",
    ),
    "5.1.3": (r"malformed (?:recipient )?address|bad (?:recipient )?address syntax",),
    "5.3.4": (
        r"message.{0,30}too (?:large|big)|exceed.{0,40}\bsize|size.{0,9}(?:limit|exceed)",
        r"exceeds.{0,30}maximum (?:message|length)",
    ),
    "5.4.6": (r"hop count|too many hops|(?:mail|routing) loop|loop detected|looping|loops back",),
    "5.1.1": (
        r"user.{0,3} unknown|unknown (?:user|recipient|address|mailbox|local)",
        r"no such (?:user|recipient|mailbox|address|person|account|local)|no mail.?box\b",
        _ABOUT_A_MAILBOX + r"(?:not (?:be )?found|wasn.t found|not known|unknown|not listed)",
        _ABOUT_A_MAILBOX + r"(?:(?:does|do)(?: not|n.t) exist|invalid|not recogni[sz]ed)",
        _ABOUT_A_MAILBOX + r"(?<!temporarily )unavailable|invalid final delivery userid",
        _ABOUT_A_MAILBOX + r"no longer|(?:user|recipient|mailbox|address) rejected",
        r"(?:doesn.t|does not) have an? .{0,40}account|no valid recipient|bad.?recipient",
        r"invalid (?:recipient|mailbox|address|user)|recipient.?not.?found|not listed in",
        r"not a (?:known|valid) (?:user|recipient)|unbekannt|introuvable",
        r"destinataire.{0,9}invalide|見つかりません|リストにありません|不存在",
    ),
    "4.4.7": (
        r"(?:retry|delivery|queue).{0,20}(?:time.?out|expired)|timed out|not responding",
        r"not reachable within|could not initiate|connection (?:was )?(?:dropped|refused|reset)",
        r"failing for a long time|(?:envelope|message) (?:has )?expired|our requests to connect",
        r"maximum (?:delivery|number of) attempts|failed \d+ attempts",
    ),
}
_words = tuple(
    (code, re.compile("|".join(words), re.IGNORECASE | re.DOTALL)) for code, words in _WORDS.items()
)
NEAR = 200
"""How far from a code the words stand that explain it."""


def code_in(fields: str, said: str, subject: str = "") -> str | None:
    """Return the code that says most of why a delivery failed; None where nothing does.

    `fields` are those of a report for programs (RFC 3464), `said` is what is written for people;
    the subject comes last, since it may quote the letter's own. A code beside a reply tells more
    than one in a field, and words more than a code that leaves the detail open.
    """
    vague = None
    for text in map(on_one_line, (fields, said, subject)):
        for found in (*_beside_a_reply.finditer(text), *_alone.finditer(text)):
            code = found[1]
            if _is_exact(code):
                return _weighed(code, text[found.end() : found.end() + NEAR])
            if vague is None and code[0] != "2" and not code.endswith(".0.0"):
                vague = code
        meant = _meant_by(text)
        if meant:
            return meant
    return vague


def _is_exact(code: str) -> bool:
    """Whether a code says more than which part failed, or that servers spoke past each other."""
    _class, subject, detail = code.split(".")
    return code[0] != "2" and detail != "0" and subject not in {"0", "5"}


def _weighed(code: str, beside: str) -> str:
    """Return a code, or what the words beside it mean where they clear the address of it.

    Some servers say "5.1.1" of all that they refuse. An office is not stopped for a full mailbox.
    """
    if not blames_the_address(code):
        return code
    meant = [other for other, known in _words if known.search(beside)]
    return meant[0] if meant and not any(map(blames_the_address, meant)) else code


def _meant_by(words: str) -> str | None:
    return next((code for code, known in _words if known.search(words)), None)


def names_a_fault(said: str) -> bool:
    """Whether something in these words is a reason why mail comes back, other than a policy.

    Of spam and of what is not allowed, people write as well.
    """
    meant = _meant_by(on_one_line(said))
    return meant is not None and not blames_our_server(meant)


def blames_the_address(code: str | None) -> bool:
    """Whether a code says that there is no such mailbox, so that every letter to it is lost.

    5.1.x without those that blame our own sender's address (RFC 3463, section 3.2). What a server
    takes for passing (4.1.x) was only given up.
    """
    kind, _dot, detail = (code or "").rpartition(".")
    return kind == "5.1" and detail not in OUR_SENDER


def blames_our_server(code: str | None) -> bool:
    """Whether a code says that mail of ours is not taken for anybody: X.7.x, or our sender."""
    subject, _dot, detail = (code or "")[2:].partition(".")
    return subject == "7" or (subject == "1" and detail in OUR_SENDER)
