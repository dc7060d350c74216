"""The commands about packs."""

import hashlib
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from petition.audit.acts import Act
from petition.core.keyring import sealing
from petition.deliveries.pack.keys import public_keys, signing_key
from petition.deliveries.pack.verify import public_key
from tests.audit.reading import noted
from tests.deliveries.pack.packs import KEY, contents, packed, unpacked
from tests.safekeeping.putting_back import run


@pytest.fixture
def pack(app: Flask, tmp_path: Path) -> Path:
    """A pack of this install."""
    path = tmp_path / "pack.zip"
    path.write_bytes(packed(contents(), signing_key()))
    return path


def deliveries(app: Flask, *words: object) -> Result:
    return run(app, "deliveries", *map(str, words))


def test_a_pack_of_ours_is_known_as_ours(app: Flask, pack: Path) -> None:
    found = deliveries(app, "verify", pack)

    assert found.exit_code == 0, found.output
    assert f"comes from the holder of the key {signing_key().public.shown_id}" in found.output
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(pack.with_suffix(""))
    assert deliveries(app, "verify", pack.with_suffix("")).output == found.output
    pack.write_bytes(pack.read_bytes()[:-1])
    assert deliveries(app, "verify", pack).exit_code == 1


def test_a_pack_of_others_needs_their_key(app: Flask, pack: Path) -> None:
    pack.write_bytes(packed())
    refused = deliveries(app, "verify", pack)

    assert refused.exit_code == 1
    assert "It is signed under another key (0807060504030201)" in refused.output
    assert deliveries(app, "verify", pack, "--key", KEY.public.line).exit_code == 0
    wrong = deliveries(app, "verify", pack, "--key", "RW")
    assert wrong.output.startswith("Error: That is no public key of minisign")


@pytest.mark.parametrize("words", [("verify",), ("sample", "--seed", "lot 7")])
def test_a_key_that_is_given_and_empty_is_no_key(
    words: tuple[str, ...], app: Flask, pack: Path
) -> None:
    refused = deliveries(app, *words, pack, "--key", "")

    assert refused.exit_code == 1
    assert refused.output.startswith("Error: That is no public key of minisign")


def test_the_key_that_is_printed_is_the_one_that_signs(app: Flask) -> None:
    comment, line, verifier = deliveries(app, "key").output.splitlines()

    assert public_key(line) == (signing_key().key_id, signing_key().public.octets)
    assert f"{comment}\n{line}\n" == signing_key().public.file.decode()
    in_a_pack = hashlib.sha256(unpacked(packed())["verify.py"]).hexdigest()
    assert verifier == f"SHA-256 of verify.py in packs of this version: {in_a_pack}"


def test_a_new_key_signs_and_the_one_before_is_still_known(app: Flask) -> None:
    before = signing_key().public
    renewed = run(app, "keys", "renew-delivery-key")
    after = public_keys()[0]

    assert renewed.exit_code == 0, renewed.output
    assert after != before
    assert f"under the key {after.shown_id} now" in renewed.output
    act, _actor, _organiser, details = noted()[-1]
    assert (act, details) == (Act.DELIVERY_KEY_RENEWED, {"key": after.shown_id})
    assert f"Until it was replaced: {before.line} ({before.shown_id})" in (
        deliveries(app, "key").output
    )


@pytest.mark.parametrize("is_given", [False, True])
def test_a_pack_under_a_key_that_was_replaced_is_to_be_relied_on_only_by_who_had_it(
    is_given: bool, app: Flask, pack: Path, tmp_path: Path
) -> None:
    words = ("--key", signing_key().public.line) if is_given else ()
    sealing.key_file().replace(sealing.keys().with_new_delivery_key())
    verified = deliveries(app, "verify", pack, *words)
    file = tmp_path / "sample.json"
    drawn = deliveries(app, "sample", pack, file, "--seed", "lot 7", "--size", "3", *words)

    warning = "That key was replaced; rely on this only if you had this pack, or its root, before"
    assert (verified.exit_code, drawn.exit_code) == (2, 2)
    assert warning in verified.output
    assert warning in drawn.stderr
    assert len(json.loads(file.read_text())["sample"]) == 3
    pack.write_bytes(pack.read_bytes()[:-1])
    assert deliveries(app, "verify", pack).exit_code == 1


def test_a_new_sealing_key_changes_nothing_about_it(app: Flask, pack: Path) -> None:
    sealing.key_file().replace(sealing.keys().with_new_current())

    assert deliveries(app, "verify", pack).exit_code == 0


def test_a_sample_is_written_into_a_file(app: Flask, pack: Path, tmp_path: Path) -> None:
    file = tmp_path / "sample.json"
    drawn = deliveries(app, "sample", pack, file, "--seed", "lot 7", "--size", "3")

    assert drawn.exit_code == 0, drawn.output
    assert len(json.loads(file.read_text())["sample"]) == 3
    assert stat.filemode(file.stat().st_mode) == "-rw-------"
    printed = deliveries(app, "sample", pack, "--seed", "lot 7", "--size", "3")
    assert printed.output == file.read_text()


def test_an_office_checks_a_sample_by_its_root_alone(
    app: Flask, pack: Path, tmp_path: Path
) -> None:
    file = tmp_path / "sample.json"
    deliveries(app, "sample", pack, file, "--seed", "lot 7", "--size", "3")
    root = json.loads(file.read_text())["root"]
    held = deliveries(app, "check-sample", file, "--root", root, "--size", "3")

    assert held.exit_code == 0, held.output
    assert held.output.startswith("The seed “lot 7” draws these 3 of 7 rows")
    smaller = deliveries(app, "check-sample", file, "--root", root)
    assert (smaller.exit_code, "3 rows of 7, and not 7" in smaller.output) == (1, True)
    for other, error in (("0" * 64, "another root"), ("x", "A root has 64 digits")):
        refused = deliveries(app, "check-sample", file, "--root", other, "--size", "3")
        assert (refused.exit_code, error in refused.output) == (1, True)
    file.write_bytes(file.read_bytes().replace(b"lot 7", b"lot 8"))
    assert deliveries(app, "check-sample", file, "--root", root, "--size", "3").exit_code == 1


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--seed", " "), "The seed is empty"),
        (("--seed", ""), "The seed is empty"),
        (("--seed", "lot 7", "--size", "0"), "There is nothing to draw"),
    ],
)
def test_no_sample_is_drawn_by_nothing(
    words: tuple[str, ...], error: str, app: Flask, pack: Path, tmp_path: Path
) -> None:
    drawn = deliveries(app, "sample", pack, tmp_path / "sample.json", *words)

    assert drawn.exit_code == 1
    assert drawn.output.startswith(f"Error: {error}")
    assert not (tmp_path / "sample.json").exists()


def test_no_sample_is_drawn_of_a_pack_that_does_not_hold(app: Flask, pack: Path) -> None:
    pack.write_bytes(packed())
    drawn = deliveries(app, "sample", pack, "--seed", "lot 7")

    assert drawn.exit_code == 1
    assert "FAILS: It is signed under another key" in drawn.output


def test_a_pack_from_a_pipe_is_no_file_to_check(app: Flask, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.zip"
    os.mkfifo(pipe)
    kept_open = os.open(pipe, os.O_RDWR)
    try:
        refused = deliveries(app, "verify", pipe)
    finally:
        os.close(kept_open)

    assert refused.exit_code == 2
    assert "has to be a file" in refused.output
