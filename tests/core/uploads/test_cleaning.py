"""A child process opens what somebody brings: it answers with a clean file, or says why not."""

import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from petition.core.uploads import cleaning
from petition.core.uploads.cleaning import MediaType, clean
from petition.core.uploads.faults import Fault, Unclean
from tests.grounds.brought import archive, encoded, photo, polyglots, receipt


def fault_of(octets: bytes) -> Fault:
    """Return why a file is refused."""
    with pytest.raises(Unclean) as refused:
        clean(octets)
    return refused.value.fault


def test_a_picture_and_a_paper_come_back_made_anew() -> None:
    made = clean(photo(1_600, 1_200))
    assert (made.media_type, made.width, made.height, made.pages) == (
        "image/jpeg",
        1600,
        1200,
        None,
    )
    for octets, width in ((made.content, 1600), (made.preview, 720)):
        assert Image.open(io.BytesIO(octets)).width == width

    paper = clean(receipt(2))
    assert (paper.media_type, paper.pages, paper.width, paper.preview) == (
        MediaType.PDF,
        2,
        None,
        b"",
    )
    assert len(PdfReader(io.BytesIO(paper.content)).pages) == 2


def test_each_fault_is_told() -> None:
    bomb = encoded(Image.new("1", (9_000, 9_000)), "PNG")
    given = {
        Fault.NO_KIND: archive(),
        Fault.TWO_KINDS: polyglots()["a PDF with an archive behind it"],
        Fault.BROKEN: b"%PDF-1.7\nnothing\n%%EOF",
        Fault.TOO_MANY_PIXELS: bomb,
    }
    assert len(bomb) < 100_000
    assert {fault: fault_of(octets) for fault, octets in given.items()} == {
        fault: fault for fault in given
    }
    assert fault_of(photo()[:500]) is Fault.BROKEN
    assert fault_of(encoded(Image.new("RGB", (64, 64)), "PNG")[:80]) is Fault.TWO_KINDS


def test_a_child_that_is_ended_by_its_limits_costs_the_file_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hungry = tmp_path / "hungry.py"
    hungry.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGXCPU)\n")
    with monkeypatch.context() as patch:
        patch.setattr(cleaning, "PROCESS", hungry)
        assert fault_of(photo()) is Fault.TOO_MUCH_WORK
        hungry.write_text("import time\ntime.sleep(60)\n")
        patch.setattr(cleaning, "LONGEST_SECONDS", 0.2)
        assert fault_of(photo()) is Fault.TOO_MUCH_WORK
    assert clean(photo()).width == 64


def test_when_every_place_is_taken_one_is_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cleaning, "WAITING_SECONDS", 0.0)
    with cleaning._places, cleaning._places:
        assert fault_of(photo()) is Fault.BUSY
    assert clean(photo()).height == 48
