"""Real proxies with the files of `docs/proxy/` in front of the product.

Found on the machine or installed; run as a script, this makes sure that nginx is there, and Caddy
where the system has a package of it.
"""

import os
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path

from tests.grounds.apt import install_with_apt
from tests.grounds.certificates import own_certificate
from tests.grounds.mail import LOOPBACK, free_port

FILES = Path(__file__).resolve().parent.parent.parent / "docs" / "proxy"
CONFIGURATIONS = {"nginx": "nginx.conf", "caddy": "Caddyfile"}
PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")
START_SECONDS = 30.0
NAME = "petitions.example.org"


def find(program: str) -> str | None:
    """Return where a proxy is on this machine."""
    return shutil.which(program) or shutil.which(program, path=os.pathsep.join(PLACES))


def obtain(program: str) -> str | None:
    """Return where a proxy is on this machine, installing it where it is not."""
    if find(program) is None:
        install_with_apt(program)
    return find(program)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy at work, whose every word goes to `said`."""

    port: int
    folder: Path
    certificate: Path

    @property
    def url(self) -> str:
        """Its address, without a slash at its end."""
        return f"https://{LOOPBACK}:{self.port}"

    @property
    def said(self) -> str:
        """All that it wrote to its terminal and its logs."""
        logs = [self.folder / "terminal.txt", *self.folder.glob("*.log")]
        return "".join(log.read_text("utf-8", "replace") for log in logs if log.exists())

    @property
    def trust(self) -> ssl.SSLContext:
        """What a browser that trusts its certificate does."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def answers(self) -> bool:
        """Whether it speaks TLS by now."""
        connection = HTTPSConnection(LOOPBACK, self.port, timeout=5, context=self.trust)
        try:
            connection.connect()
        except OSError:
            return False
        finally:
            connection.close()
        return True


@contextmanager
def in_front_of(port: int, program: str, folder: Path, own_port: int) -> Iterator[Proxy]:
    """Run a proxy with our file in front of the product at `port`."""
    path = obtain(program)
    assert path is not None, f"No {program} here, and none could be installed."
    folder.mkdir()
    certificate, _context = own_certificate(folder)
    file = folder / CONFIGURATIONS[program]
    text = (FILES / file.name).read_text("utf-8")
    file.write_text(_as_here(text, _changes(program, folder, port, own_port)), "utf-8")
    proxy = Proxy(own_port, folder, certificate)
    with (folder / "terminal.txt").open("wb") as terminal:
        environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
        process = subprocess.Popen(
            [path, *_arguments(program, file)],
            env=environment,
            stdout=terminal,
            stderr=terminal,
        )
        try:
            _wait(proxy, process)
            yield proxy
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def _arguments(program: str, file: Path) -> list[str]:
    if program == "caddy":
        return ["run", "--config", str(file), "--adapter", "caddyfile"]
    early = ["-e", str(file.parent / "early.log")]  # until it has read where to write
    return ["-p", str(file.parent), *early, "-c", str(file), "-g", "daemon off;"]


def _changes(program: str, folder: Path, port: int, own_port: int) -> Mapping[str, str]:
    """Return what of our file is different here: names, ports, places, and nothing else."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if program == "caddy":
        own = f"tls {certificate} {key}"
        return {
            "{\n\tlog default": "{\n\tadmin off\n\tauto_https disable_redirects\n\tlog default",
            f"{NAME} {{": f"https://{LOOPBACK}:{own_port} {{\n\t{own}",
            "127.0.0.1:8000": f"127.0.0.1:{port}",
        }
    letsencrypt = f"/etc/letsencrypt/live/{NAME}"
    parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"    {part}_temp_path {folder}/{part};\n" for part in parts)
    return {
        "pid /run/nginx.pid": f"pid {folder}/nginx.pid",
        "http {\n": f"http {{\n{places}",
        "include /etc/nginx/mime.types;": "",
        "        listen 80;\n        listen [::]:80;\n": f"        listen {free_port()};\n",
        "listen 443": f"listen {own_port}",
        "        listen [::]:443 ssl http2;\n": "",
        f"{letsencrypt}/fullchain.pem": str(certificate),
        f"{letsencrypt}/privkey.pem": str(key),
        f"server_name {NAME}": f"server_name {LOOPBACK}",
        "127.0.0.1:8000": f"127.0.0.1:{port}",
    }


def _as_here(text: str, changes: Mapping[str, str]) -> str:
    for ours, here in changes.items():
        assert ours in text, f"{ours!r} is no longer in the file"
        text = text.replace(ours, here)
    return text


def _wait(proxy: Proxy, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while not proxy.answers():
        assert process.poll() is None, f"It ended at once:\n{proxy.said}"
        assert time.monotonic() < deadline, f"It does not answer:\n{proxy.said}"
        time.sleep(0.05)


if __name__ == "__main__":
    obtain("caddy")  # older systems have no package: its file is then looked at only
    if obtain("nginx") is None:
        sys.exit(
            "The tests of docs/proxy need nginx, and none was found or could be installed.\n"
            "Install nginx, then try again."
        )
