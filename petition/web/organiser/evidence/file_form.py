"""The form that brings a picture or a PDF: looked at, and made anew, before it is taken."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field
from wtforms.validators import ValidationError
from wtforms.widgets import FileInput

from petition.core.uploads.cleaning import Clean, clean
from petition.core.uploads.faults import Fault, Unclean
from petition.deliveries.files.models import LONGEST_ABOUT, LONGEST_CREDIT, FileWords
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import TextField, answered, at_most, plain_text
from petition.web.site.uploads import LARGEST_FILE

ACCEPTED = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"


def fault_words(fault: Fault) -> str:
    """Return why a file is not taken, and what helps."""
    return {
        Fault.NO_KIND: _("This is no PDF, JPEG or PNG. Save or photograph it as one of these"),
        Fault.TWO_KINDS: _(
            "This file is two files in one, which can deceive whoever opens it. Print it to a new "
            "PDF, or take a picture of it, and choose that"
        ),
        Fault.BROKEN: _("This file does not open: it is broken or cut off. Choose it once more"),
        Fault.LOCKED: _("This PDF wants a password. Save it without one"),
        Fault.ACTIVE: _(
            "This PDF has a program, a form that sends, or another file in it. Print it to a new "
            "PDF, and choose that"
        ),
        Fault.TOO_MANY_PIXELS: _("This picture has more than 50 million pixels. Make it smaller"),
        Fault.TOO_MANY_PAGES: _("This PDF has more than 200 pages. Choose the pages that matter"),
        Fault.TOO_MUCH_WORK: _(
            "This file is too much work to open. Print it to a new PDF, or take a picture of it"
        ),
        Fault.BUSY: _("Other files are looked at just now. Choose it again in a minute"),
    }[fault]


class UploadField(Field):
    """A file that a browser sends."""

    widget = FileInput()
    data: FileStorage | None

    def process(self, formdata: Any, *_more: Any, **_most: Any) -> None:
        """Take the file that came under the field's name, if the form was sent."""
        self.errors = self.process_errors = []  # type: ignore[var-annotated]
        self.data = request.files.get(self.name) if formdata is not None else None

    def _value(self) -> bool:
        return False


class FileForm(BoundedForm):
    """A picture or a PDF, with what is said of it."""

    clean: Clean
    """The file made anew, once the form is in order."""

    file = UploadField(
        label=lazy("Picture or PDF"),
        description=lazy(
            "A JPEG, PNG or PDF of at most 10 MB. What a camera wrote into a picture, such as the "
            "place, is taken out, and so are links and programs of a PDF."
        ),
        render_kw={"accept": ACCEPTED, "required": True},
    )
    about = TextField(
        label=lazy("What it shows"),
        description=lazy(
            "One sentence, for whoever cannot see it, such as “Three people hand a box to a "
            "clerk at a door”. In the language of the entry."
        ),
        validators=[
            answered(lambda: _("Say what it shows")),
            at_most(LONGEST_ABOUT),
            plain_text(),
        ],
        render_kw={"dir": "auto"},
    )
    credit = TextField(
        label=lazy("Who made it"),
        description=lazy("Named beside it, if they agree to be."),
        validators=[at_most(LONGEST_CREDIT), plain_text()],
        render_kw={"dir": "auto"},
    )
    shown = BooleanField(
        label=lazy("Show it on the public page"),
        description=lazy(
            "Look first: a receipt can have names, addresses and signatures on it, and everybody "
            "in a picture should have agreed. Without the tick organisers alone see it, and you "
            "can show it later."
        ),
    )

    def validate_file(self, field: UploadField) -> None:
        """Refuse what is none of our kinds, too large, or more than it seems."""
        if field.data is None or not field.data.filename:
            raise ValidationError(_("Choose a file"))
        octets = field.data.read(LARGEST_FILE + 1)
        if len(octets) > LARGEST_FILE:
            raise ValidationError(_("This file has more than 10 MB. Make it smaller"))
        try:
            self.clean = clean(octets)
        except Unclean as refused:
            raise ValidationError(fault_words(refused.fault)) from None

    def validate(self, *more: Any, **most: Any) -> bool:
        """Look at everything; a file that has to be chosen anew is said to be."""
        is_right: bool = super().validate(*more, **most)
        if not is_right and not self.file.errors:
            again = _("Choose the file once more: your browser does not keep it")
            self.file.errors = [again]
        return is_right

    def to_words(self) -> FileWords:
        """Return what was said of it."""
        return FileWords(self.about.data or "", self.credit.data or "")
