"""Programs that the tests need and pip does not have: from Debian's packages, where we may."""

import os
import shutil
import subprocess
import sys


def install_with_apt(package: str) -> None:
    """Install a package where we may; whether it worked shows in what is found."""
    if os.geteuid() or not shutil.which("apt-get"):
        return
    sys.stderr.write(f"No {package} here; installing it with apt-get ...\n")
    # At run level 1 no server of the package is started beside ours.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    run(["apt-get", "update", "-qq"], quiet)
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], quiet)


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run an installer with its words on stderr."""
    subprocess.run(command, env=environment, stdout=sys.stderr, timeout=1200)
