"""What the styleguide shows in its components. Plain English: no visitor ever reads it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from flask import url_for
from markupsafe import Markup
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice

from petition.gaps.kinds import GapKind
from petition.petitions.asks import Ask, AskedGap, AskedOffice
from petition.web.drawings.charts import Datum, bars, columns
from petition.web.forms.fields import EmailField, PublicForm, answered, at_most
from petition.web.forms.several_field import SeveralField
from petition.web.public.petitions.petition_cards import PetitionCard
from petition.web.public.petitions.petition_page import petition_page, progress
from petition.web.public.petitions.reading import ReasonLine
from petition.web.public.petitions.share_links import share_links
from petition.web.public.petitions.sign_form import SignForm
from petition.web.words.seen_by import who_sees_what

Form = TypeVar("Form", "ExampleForm", SignForm)

DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG = "A label that goes on for so long that it needs a second line even on a wide screen"
WORDS = {
    "title": "Components",
    "sign": "Sign",
    "long": LONG,
    "hint": "A hint says what the answer is for.",
    "summary": "Something to read, in a sentence or two.",
    "label": "Label",
}


class ExampleForm(PublicForm):
    """One field of each kind."""

    text = StringField("A line of text", validators=[answered(lambda: "")])
    email = EmailField(label="An e-mail address", validators=[answered(lambda: "")])
    password = PasswordField("A password", validators=[answered(lambda: "")])
    long = TextAreaField("Several lines", validators=[at_most(500)])
    select = SelectField(
        "One of a list",
        choices=[SelectChoice("", "Choose"), SelectChoice("b", LONG)],
        validators=[answered(lambda: "")],
    )
    radio = RadioField(
        "One of few",
        choices=[SelectChoice("a", "The first"), SelectChoice("b", "The second")],
        validators=[answered(lambda: "")],
    )
    several = SeveralField(
        label="Any of several",
        choices=[SelectChoice("a", "The first"), SelectChoice("b", LONG), SelectChoice("c", "C")],
    )
    box = BooleanField("I have read it", validators=[answered(lambda: "")])


def examples() -> dict[str, Any]:
    """Return everything that the templates of the styleguide show."""
    ask = example_ask()
    return {
        "words": WORDS,
        **{name: ExampleForm(formdata=None, prefix=name) for name in ("plain", "more", "filter")},
        "filled": filled(),
        "wrong": wrong(),
        "sign_form": example_sign_form(ask, "sign"),
        "wrong_sign_form": refused(example_sign_form(ask, "refused")),
        "sign_action": url_for("public.petitions.signing.sign", lang="en", slug=ask.slug),
        "here": url_for("development.styleguide.show"),
        "petition": petition_page(ask),
        "cards": cards(),
        "progress_of": [progress(count) for count in (0, 1, 1_243, 999_999)],
        "reasons": reasons(),
        "seen": who_sees_what(ask),
        "links": share_links(ask.title, "https://example.org/p/example"),
        "details": [("Name", "Nadia Sample"), ("Country", "United Kingdom"), ("Reason", LONG)],
        "rows": [("Nadia Sample", 1_243, "confirmed"), ("Jonas Example", 7, "hold")],
        "codes": ["k7qf-2m9x", "p3wd-8h5t", "r6yn-4c2v", "z9gb-7j3s"],
        **charts(),
    }


def filled() -> ExampleForm:
    """Return the form with answers in it."""
    return ExampleForm(
        formdata=None,
        prefix="filled",
        text="Nadia Sample",
        email="nadia@example.org",
        long="Because silence\nhelps nobody.",
        select="b",
        radio="b",
        several=["a", "b"],
        box=True,
    )


def wrong() -> ExampleForm:
    """Return the form as it comes back with an error in each field."""
    return refused(ExampleForm(formdata=None, prefix="wrong", text="1", email="nadia@"))


def refused(form: Form) -> Form:
    """Give each field an error that it could have."""
    for field in form:
        if field.short_name not in {"token", "website", "visibility"}:
            field.errors = (f"Enter what “{field.label.text}” asks for",)
    return form


def example_ask() -> Ask:
    """Return a petition that is in no database."""
    return Ask(
        petition_id=0,
        text_id=0,
        slug="example",
        kind=GapKind.LEGAL,
        gap=AskedGap("example", "GAP-07", "Something left undone", "en"),
        language="en",
        title="An example of a petition",
        summary="What it is about, in a sentence.",
        body=Markup("<p>The text.</p>"),
        source="The text.",
        version=2,
        published_at=DAY,
        organisation="Sample Coalition",
        contact="contact@example.org",
        mail_question="May Sample Coalition e-mail you?",
        recipients=(
            AskedOffice("Foreign Secretary", None, "GB"),
            AskedOffice("Minister of Foreign Affairs", "Somebody Sample", "CA"),
        ),
        routes_by_area=True,
        opens_on=date(2020, 1, 1),
        closes_on=date(2999, 12, 31),
        embed_origins=(),
    )


def example_sign_form(ask: Ask, prefix: str) -> SignForm:
    """Return the form under a petition, with ids of its own."""
    form = SignForm.for_ask(ask, formdata=None, prefix=prefix)
    form.token.data = "example"
    form.offer_choices()
    return form


def cards() -> list[PetitionCard]:
    """Return a petition that is open, and one that is closed, with many signatures."""
    summary = "What it is about, in a sentence."
    return [
        PetitionCard("An open petition", summary, "#", 0, "Power missing", True, "", "en", "ltr"),
        PetitionCard(
            LONG, summary * 3, "#", 1_234_567, "Partners spared", False, "closed", "en", "ltr"
        ),
    ]


def reasons() -> list[ReasonLine]:
    """Return reasons in scripts from both sides."""
    return [
        ReasonLine("Because silence\nhelps nobody.", "Nadia, United Kingdom", DAY),
        ReasonLine("لأن الصمت يحمي من يؤذي الناس.", "ليلى, Canada", DAY),
    ]


def charts() -> dict[str, Any]:
    """Return one column, few, and a year of them; and bars with one that is hardly seen."""
    weeks = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(52)]
    year = [
        Datum(f"{week:%d %B %Y}", number * 37 % 101 * number, f"{week:%d %b}")
        for number, week in enumerate(weeks)
    ]
    shares = {"United Kingdom": 1_204, "Canada": 610, "Other countries": 3}
    return {
        "one_column": columns(year[1:2]),
        "few_columns": columns(year[2:6]),
        "many_columns": columns(year),
        "lying_bars": bars([Datum(name, count) for name, count in shares.items()]),
    }
