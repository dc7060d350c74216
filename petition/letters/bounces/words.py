"""What mail servers write to people about a letter that came back, in the words that they use.

A report often quotes the letter's own subject ("Undeliverable: Abuse of prisoners"), so that
words of ours stand among those of a server: what a subject begins with counts before the rest.
"""

import re

OPENING = 50
"""Where a server says what has happened; what follows may be the subject of a letter."""
_FAILURES = (
    r"undeliver|non[- ]?deliver|unable to deliver|returned? (mail|to sender)|returning message|"
    r"(delivery|mail|message).{0,40}\bfail|fail(ure|ed)? (notice|reasons|to deliver)|"
    r"deliver(y|ing) (error|problem)|trouble delivering|error.{0,50}(deliver|sending)|"
    r"(not|n.t|cannot) (be )?(deliver|sent)|not able to (be\s+)?deliver|(did|could) not reach|"
    r"permanent (fatal |delivery )?(error|failure)|giv(en|ing) up|"
    r"rejected (by|recipient)|automatically rejected|non[- ]?remis|"
    r"impossible de (remettre|livrer)|pas pu (être|etre) (dé|de)livr|"
    r"nicht (zu|aus)gestellt|unzustellbar|zustellung.{0,30}fehl|no se (pudo|ha podido) entregar|"
    r"não (foi|pôde)|impossibile (consegnare|recapitare)|не.{0,20}доставлен|недостав|"
    r"(送信|配信|配達|送達)でき|(送信|配信|配達|送達|メール).?(エラー|失敗)|无法投递|退信|投递失败|تعذر"
)
_failures = re.compile(_FAILURES, re.IGNORECASE | re.DOTALL)
_replies = re.compile(
    r"(?:^|\bsaid:|error|code|repl(?:y|ied)|returned|:|[\[({<>'\"|])[ \t:(#\[]{0,4}5[05]\d[- ]{1,3}"
    r"(?:\S{0,3}5\.\d\.\d|[^\d\s]|\n)|\bcode[ :]{1,2}5[05]\d\b|(?<![\d.])5\.[0-7]\.\d",
    re.IGNORECASE | re.MULTILINE,
)
_begins_with_a_reply = re.compile(r"^[<>\s]{0,9}55[0-4][- ]{1,3}\D", re.MULTILINE)
_hands_on = re.compile(
    r"\s*(re|aw|sv|antw|odp|fwd?|wg|tr|rv|vs|vb|enc|i)(\[\d\])?\s*:", re.IGNORECASE
)
_answers = re.compile(
    r"auto(matic|mated|matische)?[-: ]+ ?(repl|respon|antw)|\bauto:|out of (the )?office|"
    r"vacation|holiday|abwesen|absen[ct]e|r[ée]ponse automatique|respuesta autom|"
    r"risposta autom|автоответ|رد تلقائي",
    re.IGNORECASE,
)
_complains = re.compile(r"complain|abuse|feedback|spam report|fbl", re.IGNORECASE)
_delays = re.compile(r"\bdelay|still being retried|not yet been delivered", re.IGNORECASE)
_tries_on = re.compile(
    r"still being retried|not yet been delivered|will (be|keep|continue)[^.]{0,20}(retr|try)|"
    r"attempts will continue|do not need to resend|has been (delayed|postponed)",
    re.IGNORECASE | re.DOTALL,
)


def on_one_line(text: str) -> str:
    """Return a text without its line breaks, which fall between any two words."""
    return " ".join(text.split())


def is_handed_on(subject: str) -> bool:
    """Whether a subject is that of a mail that answers or forwards another."""
    return _hands_on.match(subject) is not None


def opens_with_a_failure(subject: str) -> bool:
    """Whether a subject begins as a server's does that could not deliver."""
    return _failure_at(subject) < OPENING


def _failure_at(subject: str) -> int:
    found = None if is_handed_on(subject) else _failures.search(subject)
    return found.start() if found else OPENING


def is_answer(subject: str) -> bool:
    """Whether a subject is that of an answer, of a person or of an absent person's program."""
    return is_handed_on(subject) or _says(_answers, subject)


def is_complaint(subject: str) -> bool:
    """Whether a subject is that of a reader who takes a mail for spam."""
    return _says(_complains, subject)


def is_delay(subject: str) -> bool:
    """Whether a subject says that a server still tries."""
    return _says(_delays, subject)


def _says(words: re.Pattern[str], subject: str) -> bool:
    """Whether words stand in a subject before it tells of a failure, and a letter is quoted."""
    found = words.search(subject)
    return found is not None and not _failure_at(subject) < min(found.start(), OPENING)


def tries_on(said: str) -> bool:
    """Whether a server says that it still tries."""
    return _tries_on.search(on_one_line(said)) is not None


def gave_up(said: str) -> bool:
    """Whether a server says that it could not deliver, or what refused it."""
    return _failures.search(on_one_line(said)) is not None or _replies.search(said) is not None


def begins_with_a_reply(said: str) -> bool:
    """Whether a line begins as a server's refusal does (RFC 5321, section 4.2)."""
    return _begins_with_a_reply.search(said) is not None
