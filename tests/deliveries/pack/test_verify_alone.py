"""The verifier runs alone, where nothing of ours is, and a script can read how it ended."""

import ast
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from petition.deliveries.pack import verify
from petition.deliveries.pack.packing import verifier
from tests.deliveries.pack.packs import KEY, OTHER_KEY, packed, repacked, unpacked

PACK = packed()
FILES = unpacked(PACK)
SOURCE = Path(verify.__file__)


def test_it_can_be_read_in_ten_minutes_and_needs_nothing_of_ours() -> None:
    source = verifier().decode()
    needed = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    tops = {name.partition(".")[0] for name in needed}

    assert len(source.splitlines()) < 480
    assert tops - sys.stdlib_module_names == {"cryptography"}
    assert FILES["verify.py"] == verifier()
    assert source.startswith(SOURCE.read_text("utf-8")[:300])


def run(
    folder: Path, *words: str, stdout: int = subprocess.PIPE, libraries: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run the verifier that lies in a pack, alone in a folder; or where no library is installed."""
    (folder / "verify.py").write_bytes(FILES["verify.py"])
    return subprocess.run(
        [sys.executable, "-I" if libraries else "-IS", "verify.py", *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


def typing(folder: Path, typed: bytes) -> subprocess.CompletedProcess[str]:
    """Run the verifier in a terminal, and type."""
    (folder / "pack.zip").write_bytes(PACK)
    (folder / "verify.py").write_bytes(FILES["verify.py"])
    keyboard, terminal = os.openpty()
    try:
        os.write(keyboard, typed)
        command = [sys.executable, "-I", "verify.py", "pack.zip"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=terminal)
    finally:
        os.close(keyboard)
        os.close(terminal)


def test_the_key_may_be_typed(tmp_path: Path) -> None:
    ran = typing(tmp_path, f"{KEY.public.line}\n".encode())

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "comes from the holder of the key 0807060504030201" in ran.stdout


@pytest.mark.parametrize("typed", [b"\n", b"\x04"], ids=["an empty line", "the end"])
def test_whoever_has_no_key_may_type_none(typed: bytes, tmp_path: Path) -> None:
    ran = typing(tmp_path, typed)

    assert (ran.returncode, ran.stderr) == (2, "")
    assert "ANYBODY MAY HAVE MADE IT" in ran.stdout


def test_its_status_can_be_read_by_a_script(tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(PACK)
    (tmp_path / "bad.zip").write_bytes(PACK[:-1])
    key = KEY.public.line
    whole, forged = run(tmp_path, "pack.zip", "--key", key), run(tmp_path, "bad.zip", "--key", key)
    alone = run(tmp_path, "pack.zip")

    assert (whole.returncode, whole.stderr) == (0, "")
    assert "comes from the holder of the key 0807060504030201" in whole.stdout
    assert (forged.returncode, forged.stderr) == (1, "")
    assert "FAILS: This is no pack" in forged.stdout
    assert (alone.returncode, alone.stderr) == (2, "")
    assert "ANYBODY MAY HAVE MADE IT" in alone.stdout
    for words in (["none.zip"], ["pack.zip", "--key", "RW"], []):
        ran = run(tmp_path, *words)
        assert ran.returncode == 2
        assert "Traceback" not in ran.stderr


def test_without_the_library_it_says_that_the_signature_was_not_checked(tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(PACK)
    other = {**FILES, "cover.pdf": b"%PDF-1.7 of somebody else"}
    (tmp_path / "bad.zip").write_bytes(repacked(other))
    key = KEY.public.line
    whole, alone, forged = (
        run(tmp_path, *words, libraries=False)
        for words in (["pack.zip", "--key", key], ["pack.zip"], ["bad.zip", "--key", key])
    )

    for ran in (whole, alone):
        assert (ran.returncode, ran.stderr) == (2, "")
        assert "WHO SIGNED IT WAS NOT CHECKED" in ran.stdout.splitlines()[-1]
        assert "python3 -m pip install cryptography" in ran.stdout
        assert "/deliveries/verify" in ran.stdout
        assert "is signed under" not in ran.stdout
    assert (forged.returncode, forged.stderr) == (1, "")
    assert "FAILS: The file cover.pdf was changed" in forged.stdout
    other_key = run(tmp_path, "pack.zip", "--key", OTHER_KEY.public.line, libraries=False)
    assert "FAILS: It is signed under another key" in other_key.stdout


def test_it_takes_the_folder_in_which_a_pack_was_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(PACK)) as archive:
        archive.extractall(tmp_path / "pack")
    ran = run(tmp_path, "pack", "--key", KEY.public.line)

    assert (ran.returncode, ran.stderr) == (0, "")
    (tmp_path / "pack" / "cover.pdf").unlink()
    assert "FAILS: The file cover.pdf is missing." in run(tmp_path, "pack").stdout


def test_a_pack_from_a_pipe_is_no_file_to_check(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    kept_open = os.open(tmp_path / "pipe.zip", os.O_RDWR)
    try:
        ran = run(tmp_path, "pipe.zip", "--key", KEY.public.line)
    finally:
        os.close(kept_open)

    assert (ran.returncode, ran.stderr) == (2, "")
    assert "has to be a file" in ran.stdout


@pytest.mark.parametrize("length", [len(PACK), len(PACK) - 1])
def test_its_status_is_there_though_nobody_reads_its_words(tmp_path: Path, length: int) -> None:
    (tmp_path / "pack.zip").write_bytes(PACK[:length])
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = run(tmp_path, "pack.zip", "--key", KEY.public.line, stdout=writing)
    finally:
        os.close(writing)

    assert (ran.returncode, ran.stderr) == (int(length < len(PACK)), "")
