"""Keys and signatures are those of minisign: its vector, and programs that others wrote."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import minisign
import pytest

from petition.deliveries.pack.archive import MANIFEST, Refused
from petition.deliveries.pack.minisign import PublicKey, comment_on
from petition.deliveries.pack.verify import public_key
from tests.deliveries.pack.packs import AT, KEY, OTHER_KEY

PUBLIC = "RWQBAgMEBQYHCAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
HASHED = (
    "untrusted comment: signature from petition\n"
    "RUQBAgMEBQYHCJW9EkMWxs6buKMtyf9iQstZnl/JVX6bcNnk6YHUtSNV2t+uis8Y6wBHAirrTCY2AaaAft2KdItK60I8"
    "DOSfeAk=\n"
    "trusted comment: timestamp:1764399600\tfile:pack.zip\thashed\n"
    "2BdiRUWmu6FQ4oZYdJhuo1x/ZC8i6MkWA1k7DOGqAHlM1BsRRIwALiniIoXuMXgknL0I8myJUwrHIRCu+SEYCw==\n"
)
"""Over "hello" and a line's end, hashed first; py-minisign took it when it was written down."""
CONTENT = '{"a":"“é”"}\n'.encode()


def test_the_vector_holds_but_for_the_letter_that_says_that_it_was_hashed() -> None:
    digest = hashlib.blake2b(b"hello\n", digest_size=64).digest()
    signed = KEY.sign(digest, "timestamp:1764399600\tfile:pack.zip\thashed")

    assert signed.decode() == HASHED.replace("\nRUQ", "\nRWQ")
    assert KEY.public.line == PUBLIC
    assert KEY.public.shown_id == "0807060504030201"


def test_a_key_is_read_from_its_line_and_from_its_file() -> None:
    key = (KEY.public.key_id, KEY.public.octets)

    assert public_key(PUBLIC) == key
    assert public_key(f"  {PUBLIC}\n") == key
    assert public_key(KEY.public.file.decode()) == key


@pytest.mark.parametrize(
    "text", ["", " ", "RW", PUBLIC[:-1], PUBLIC + "A", "A" * 56, "RW" + "é" * 54]
)
def test_what_is_no_key_is_refused_in_words(text: str) -> None:
    with pytest.raises(Refused, match="no public key"):
        public_key(text)


def test_the_id_of_ours_follows_from_the_key() -> None:
    octets = KEY.public.octets

    assert PublicKey.of(octets) == PublicKey.of(octets)
    assert PublicKey.of(octets).key_id != PublicKey.of(OTHER_KEY.public.octets).key_id


def test_py_minisign_takes_it() -> None:
    key = minisign.PublicKey.from_bytes(KEY.public.file)
    signature = minisign.Signature.from_bytes(KEY.sign(CONTENT, comment_on(MANIFEST, AT)))
    key.verify(CONTENT, signature)

    with pytest.raises(minisign.VerifyError):
        key.verify(CONTENT + b" ", signature)
    with pytest.raises(minisign.VerifyError):
        minisign.PublicKey.from_bytes(OTHER_KEY.public.file).verify(CONTENT, signature)


@pytest.mark.skipif(shutil.which("minisign") is None, reason="no minisign on this machine")
def test_minisign_takes_it(tmp_path: Path) -> None:
    (tmp_path / "minisign.pub").write_bytes(KEY.public.file)
    (tmp_path / MANIFEST).write_bytes(CONTENT)
    (tmp_path / f"{MANIFEST}.minisig").write_bytes(KEY.sign(CONTENT, comment_on(MANIFEST, AT)))
    command = ["minisign", "-V", "-m", MANIFEST]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert ran.returncode == 0, ran.stderr
    assert "Signature and comment signature verified" in ran.stdout
    (tmp_path / MANIFEST).write_bytes(CONTENT + b" ")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode != 0
