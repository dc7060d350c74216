"""Files are kept with what was handed over or answered, shown when told, and removed for good."""

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from petition.audit.acts import Act
from petition.core.storage.database import rows_of, session, transaction
from petition.deliveries.files import actions
from petition.deliveries.files.contents import content_of, preview_of
from petition.deliveries.files.models import DeliveryFile, DeliveryFilePiece, FileWords
from petition.deliveries.files.queries import MOST_OF_A_STEP, file_of, files_of, shown_of
from petition.deliveries.models import StepKind
from petition.deliveries.queries import delivery_to_change
from petition.jobs.files import FileGone
from tests.audit.reading import acts
from tests.deliveries.files.keeping import PHOTO, RECEIPT, SAID, change, kept
from tests.deliveries.making import found, go_on, handed_over, organiser, planned
from tests.factories import NOON, load_sample, rows

FILES = rows_of(DeliveryFile)


@pytest.fixture
def who(database: str) -> int:
    """Somebody who records, once the sample is there."""
    load_sample(NOON)
    return organiser()


def shown(number: int) -> list[int]:
    """Return the numbers of the files that the public sees."""
    return [file.number for file in shown_of(found(number))]


def test_a_file_is_kept_sealed_and_opens_as_it_came(who: int) -> None:
    number = handed_over(who)
    assert (kept(number, who), kept(number, who, RECEIPT, said=FileWords("A receipt"))) == (1, 2)
    session.remove()
    photo, receipt = files_of(number)

    assert (content_of(photo), preview_of(photo)) == (PHOTO.content, PHOTO.preview)
    assert content_of(receipt) == RECEIPT.content
    assert rows(DeliveryFilePiece) == 1 + 3
    assert (photo.words, receipt.words.credit) == (SAID, "")
    assert (photo.width, photo.height, receipt.pages) == (1600, 1200, 2)
    for box in (photo.words_box, photo.preview, photo.file_key):
        assert box is not None
        assert b"people" not in box
        assert PHOTO.preview not in box


@pytest.mark.any_database
def test_only_a_hand_over_or_an_answer_that_stands_takes_files_and_not_too_many(who: int) -> None:
    number = planned(who)
    with pytest.raises(ValueError, match="no file is kept with step 1"):
        kept(number, who, step=1)
    go_on(number, StepKind.HANDED_OVER, who)
    for _file in range(MOST_OF_A_STEP):
        kept(number, who)
    with pytest.raises(ValueError, match="step 2"):
        kept(number, who)
    change(number, 1, "remove", who)
    assert kept(number, who) == MOST_OF_A_STEP + 1
    go_on(number, StepKind.RETRACTED, who)
    for step in (2, 3, 9):
        with pytest.raises(ValueError, match=f"step {step}"):
            kept(number, who, step=step)


@pytest.mark.any_database
def test_the_public_sees_what_one_said_so_of_and_nothing_of_what_was_taken_back(who: int) -> None:
    number = handed_over(who)
    first, second = kept(number, who), kept(number, who, RECEIPT)
    assert shown(number) == []
    for _time in (1, 2):
        change(number, second, "show", who)
    assert shown(number) == [second]
    change(number, second, "hide", who)
    change(number, first, "show", who)
    assert shown(number) == [first]
    go_on(number, StepKind.RETRACTED, who)
    assert shown(number) == []
    with pytest.raises(ValueError, match="taken back"):
        change(number, second, "show", who)

    noted = [act for act in acts() if act.startswith("delivery_file")]
    assert noted == [
        *([Act.DELIVERY_FILE_ADDED] * 2),
        *(Act.DELIVERY_FILE_SHOWN, Act.DELIVERY_FILE_HIDDEN, Act.DELIVERY_FILE_SHOWN),
    ]


def test_what_is_removed_is_gone_and_that_it_was_there_is_known(who: int) -> None:
    number = handed_over(who)
    kept(number, who, shown=True)
    kept(number, who, RECEIPT)
    change(number, 1, "remove", who)
    session.remove()
    gone, left = files_of(number)

    assert (gone.size, gone.words, gone.shown_at) == (len(PHOTO.content), FileWords(""), None)
    assert gone.removed_at == NOON
    assert file_of(number, 1) is None
    assert file_of(number, 2) is left
    for read in (content_of, preview_of):
        with pytest.raises(FileGone):
            read(gone)
    assert content_of(left) == RECEIPT.content
    assert rows(DeliveryFilePiece) == 3


@pytest.mark.any_database
def test_whoever_empties_a_step_removes_its_files(who: int) -> None:
    number = handed_over(who)
    go_on(number, StepKind.ANSWERED, who)
    kept(number, who)
    kept(number, who, step=3)
    go_on(number, StepKind.RETRACTED, who)
    with transaction():
        delivery = delivery_to_change(number)
        assert delivery is not None
        actions.empty(delivery, 3, who, NOON)

    assert [file.removed_at is None for file in files_of(number)] == [True, False]
    assert found(number).steps[2].words is None


@pytest.mark.parametrize(
    "change",
    [
        {"file_key": None, "file_key_key": None},
        {"removed_at": NOON},
        {"words_box": None, "words_key": None},
        {"width": None},
        {"pages": 3},
        {"media_type": "application/pdf"},
        {"media_type": "text/html"},
        {"number": 2},
    ],
)
def test_the_database_refuses_a_file_that_contradicts_itself(
    who: int, change: dict[str, object]
) -> None:
    number = handed_over(who)
    kept(number, who)
    kept(number, who)
    with pytest.raises(IntegrityError), transaction() as writing:
        writing.execute(update(FILES).where(FILES.c.number == 1).values(**change))


@pytest.mark.any_database
def test_a_key_or_a_piece_that_does_not_open_costs_its_own_file(who: int) -> None:
    number = handed_over(who)
    for _file in range(3):
        kept(number, who)
    with transaction() as writing:
        its = FILES.c.number
        writing.execute(update(FILES).where(its == 1).values(file_key=b"x" * 60))
        writing.execute(update(FILES).where(its == 2).values(words_box=b"x" * 60))
        pieces = rows_of(DeliveryFilePiece)
        writing.execute(update(pieces).where(pieces.c.file_id == 3).values(content=b"x" * 60))
        writing.execute(insert(pieces).values(file_id=2, number=1, content=b"x" * 60))
    session.remove()
    keyless, wordless, broken = files_of(number)

    assert (keyless.words, wordless.words) == (SAID, FileWords(""))
    for file in (keyless, wordless, broken):
        with pytest.raises(FileGone):
            content_of(file)
    assert preview_of(wordless) == PHOTO.preview
