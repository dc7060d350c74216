"""ZIP files that leave while they are written."""

from io import BytesIO
from zipfile import ZipFile

from petition.core.files.streamed_zip import StreamedZip


def written() -> bytes:
    """Return a file of two parts, taken as it is written."""
    file, taken = StreamedZip(), []
    for name in ("a.csv", "b.csv"):
        with file.part(name) as part:
            part.write(name.encode() * 1_000)
            taken.append(file.taken())
    file.close()
    return b"".join([*taken, file.taken()])


def test_what_was_taken_bit_by_bit_is_a_file_that_others_read() -> None:
    with ZipFile(BytesIO(written())) as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == {
            "a.csv": b"a.csv" * 1_000,
            "b.csv": b"b.csv" * 1_000,
        }


def test_the_same_content_makes_the_same_bytes() -> None:
    assert written() == written()
