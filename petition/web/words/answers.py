"""What a writer says of the answer to a letter."""

from flask_babel import gettext as _

from petition.letters.letter.models import Answer


def answer_words(answer: Answer) -> str:
    """Return what a writer said about the office's answer."""
    return {
        Answer.YES: _("They answered"),
        Answer.AUTOMATIC: _("Only an automatic receipt came"),
        Answer.NO: _("No answer yet"),
    }[answer]
