"""Whatever is typed is cut to what a field takes before any work is done with it."""

import http.client
import io
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

import pytest
from flask_wtf import FlaskForm
from werkzeug.test import TestResponse

from petition.web.forms.bounded_form import TIMES, BoundedForm, has_too_many_marks
from petition.web.forms.fields import tidy
from petition.web.public.letters.forms import BODY_LENGTH
from tests.factories import newest_signature
from tests.faults.visitors import Visitor
from tests.grounds.client import ORIGIN, filled_in
from tests.grounds.servers import StartServer
from tests.web.public.letters.writers import Writer
from tests.web.public.people import Person, page_of, problems, words

pytestmark = pytest.mark.any_database

MARKS = "a" + "\u0301" * 25_000 + "\u0323" * 25_000
"""A hundred kilobytes on which composing takes half a minute."""
LONGEST_SECONDS = 3.0
"""Of work, on however slow a machine; unbounded it is ten times as much at least."""
LONGEST_ANSWER = 200_000


@contextmanager
def little_work() -> Iterator[None]:
    """Fail where this process works for long."""
    before = time.process_time()
    yield
    assert time.process_time() - before < LONGEST_SECONDS


def post(person: Person, path: str, form: str, **changes: Any) -> TestResponse:
    """Send a page's own form in parts, some of its fields changed."""
    found = person.client.visit(path).select_one(form)
    assert found is not None
    values = {**filled_in(found, {}), **changes}
    headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
    target = urljoin(path, str(found.get("action") or ""))
    return person.client.post(
        target, data=values, headers=headers, content_type="multipart/form-data"
    )


def good(**changes: str) -> dict[str, str]:
    """Return what the sign form asks for."""
    asked = {"name": "Nadia Sample", "email": "nadia@example.org", "country": "GB"}
    return {**asked, "organiser_mail": "no", **changes}


IN_SIGN_FORM = ("name", "email", "country", "visibility", "organiser_mail", "reason", "token")
IN_LETTER = {
    "you": ("name", "email", "country", "postcode"),
    "ask": ("recipient", "address"),
    "reasons": ("reason_0",),
    "edit": ("subject", "body"),
}


def assert_refused(person: Person, path: str, form: str, fields: Sequence[str]) -> None:
    """Post a hundred kilobytes of accents in each of these fields."""
    for field in fields:
        with little_work():
            answer = post(person, path, form, **{field: MARKS})
        assert answer.status_code == 422, field
        assert len(answer.data) < LONGEST_ANSWER
        beside = [one for one in problems(answer) if one.startswith(f"#{field}")]
        assert beside or field == "token"


def test_100_kb_of_accents_in_any_field_of_a_form_are_no_work(person: Person) -> None:
    assert_refused(person, page_of(), "#sign form", IN_SIGN_FORM)
    assert_refused(person, f"{page_of()}/manage", "main form", ["email", "token"])
    with little_work():
        assert post(person, page_of(), "#sign form", website=MARKS).status_code == 422


def test_nor_on_any_page_of_a_letter(person: Person) -> None:
    writer = Writer(person.client)
    writer.begins(postcode="ZZ8 2AB")  # whose office asks for the full address
    writer.chooses("Foreign Secretary")
    for step, fields in IN_LETTER.items():
        assert_refused(person, f"{writer.draft}/{step}", "main form", fields)


def test_nor_at_the_login(person: Person) -> None:
    assert_refused(person, "/organiser/login", "main form", ["email", "password"])


def test_what_is_far_too_long_says_so_and_its_beginning_is_kept(person: Person) -> None:
    told = "Because of my brother. " + "x" * 3_000
    answer = post(person, page_of(), "#sign form", reason=told)

    assert answer.status_code == 422
    assert "Use at most 500 characters; this has far more" in problems(answer)["#reason"]
    assert told[: TIMES * 500] in answer.text
    assert told[: TIMES * 500 + 1] not in answer.text


def test_spaces_do_not_hide_that_the_end_is_cut_off(person: Person) -> None:
    answer = post(person, page_of(), "#sign form", reason=" " * 3_000 + "Because.")

    assert "far more" in problems(answer)["#reason"]


def test_a_letter_that_is_somewhat_too_long_comes_back_whole(person: Person) -> None:
    writer = Writer(person.client)
    writer.writes()
    letter = "\U0001f64f" * (BODY_LENGTH + 2_000)  # four octets each, twelve in a form
    answer = writer.does("edit", body=letter)

    assert answer.status_code == 422
    assert letter in answer.text


def test_too_many_accents_on_a_letter_are_named_and_stay_to_be_taken_away(person: Person) -> None:
    typed = "I sign, z" + "\u0301\u0323" * 16 + "algo"
    answer = post(person, page_of(), "#sign form", **good(reason=typed))

    assert answer.status_code == 422
    assert list(problems(answer).values()) == [
        "One letter here carries more than 30 accents; take some away"
    ]
    assert typed in words(answer.text)


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Minh Khai",
        "Nguye\u0302\u0303n",
        "בְּרֵאשִׁ֖ית",
        "བསྟན་འཛིན་རྒྱ་མཚོ",
        "Z" + "\u0301" * 30 + "oe",
        "ﾊﾟﾍﾞﾙ",
    ],
)
def test_accents_that_people_write_are_taken(name: str, person: Person) -> None:
    assert post(person, page_of(), "#sign form", **good(name=name)).status_code == 200
    assert newest_signature().opened().name == tidy(name)


@pytest.mark.parametrize(
    "pair",
    [
        "\u0301\u0323",
        "\u0323\u0344",
        "\u0f73",
        "\u0f81\u0f75",
        "\u0323\uff9e",
        "\u0f73\uff9f",
        "\u0345\u0323",
    ],
)
def test_marks_are_seen_in_every_shape_and_cost_nothing(pair: str) -> None:
    assert has_too_many_marks(f"a{pair * 31}")
    assert not has_too_many_marks(f"{pair * 10}a" * 100)
    with little_work():
        assert tidy(pair * 50_000) == pair * 50_000


@pytest.mark.parametrize(
    "body",
    [
        {"json": [1, 2]},
        {"json": {"name": 5}},
        {"json": {"name": ["Nadia"], "reason": {"a": "b"}}},
        {"data": "[" * 100_000, "content_type": "application/json"},
        {"data": "nonsense", "content_type": "application/json"},
    ],
)
def test_json_is_no_form(body: dict[str, Any], person: Person) -> None:
    answer = person.client.post(page_of(), headers={"Origin": ORIGIN}, **body)

    assert answer.status_code == 422
    assert "#name" in problems(answer)


@pytest.mark.parametrize("field", ["reason", "token", "visibility"])
def test_a_file_is_no_field(field: str, person: Person) -> None:
    file = (io.BytesIO(b"Because."), "because.txt")
    answer = person.client.post(page_of(), data={field: file}, headers={"Origin": ORIGIN})

    assert answer.status_code == 422
    assert "#name" in problems(answer)


def test_two_at_once_hold_nobody_up(start_server: StartServer) -> None:
    visitor = Visitor(start_server())
    visitor.form_token()
    body = f'--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\n{MARKS}\r\n--x--\r\n'
    headers = {"Origin": visitor.origin, "Content-Type": "multipart/form-data; boundary=x"}

    def send(_number: int) -> tuple[int, float]:
        began = time.monotonic()
        connection = http.client.HTTPConnection(visitor.host, visitor.port, timeout=60)
        connection.request("POST", visitor.page, body.encode(), headers)
        status = connection.getresponse().status
        connection.close()
        return status, time.monotonic() - began

    with ThreadPoolExecutor(2) as two:
        answers = list(two.map(send, range(4)))

    assert {status for status, _ in answers} == {422}
    assert max(seconds for _, seconds in answers) < LONGEST_SECONDS, answers


def every(kind: type[FlaskForm]) -> Iterator[type[FlaskForm]]:
    """Yield what is derived from a class, however far."""
    for one in kind.__subclasses__():
        yield one
        yield from every(one)


def test_every_form_of_ours_is_bounded(person: Person) -> None:
    ours = {one for one in every(FlaskForm) if one.__module__.startswith("petition.")}

    assert len(ours) > 10
    assert {one for one in ours if not issubclass(one, BoundedForm)} == set()
