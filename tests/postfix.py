"""A real Postfix of a test's own, on a port of loopback and in one folder. Wants root."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

NOBODY = 65534

_MAIN = """\
compatibility_level = 3.6
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
queue_directory = {folder}/queue
data_directory = {folder}/data
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mail.test.example
mydestination =
smtpd_recipient_restrictions = permit_mynetworks, reject
"""

_MASTER = """\
postlog   unix-dgram n  -       n       -       1       postlogd
127.0.0.1:{port}  inet  n  -  n  -  -  smtpd
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
virtual   unix  -       n       n       -       -       virtual
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
"""


def require(*programs: tuple[str, str]) -> None:
    """Skip where a program, of a Debian package, is not there; in CI, which must have it, fail."""
    for program, package in programs:
        if os.geteuid() == 0 and shutil.which(program):
            continue
        if os.environ.get("PUBLISHER_REQUIRE_POSTFIX"):
            pytest.fail(f"CI must have {program}, and be root: .ci/run installs it")
        pytest.skip(f"no {program}, or not root (Debian: apt-get install {package})")


@contextlib.contextmanager
def folder_of_servers() -> Iterator[Path]:
    """A folder that servers can read, which give up root; it ends with the test."""
    folder = Path(tempfile.mkdtemp(prefix="mail"))  # short: it holds sockets
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running(folder: Path, port: int, settings: str) -> Iterator[None]:
    """Run a Postfix with more settings of main.cf, in which `{folder}` is the folder."""
    for name in ("queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    (folder / "main.cf").write_text((_MAIN + settings).replace("{folder}", str(folder)))
    (folder / "master.cf").write_text(_MASTER.format(port=port))
    command = ["postfix", "-c", str(folder)]
    begin(folder, [*command, "start"])
    try:
        yield
    finally:
        with contextlib.suppress(subprocess.SubprocessError):
            begin(folder, [*command, "abort"])


def begin(folder: Path, command: Sequence[str]) -> None:
    """Run a command that leaves a daemon: that would keep a pipe open for ever."""
    with (folder / "started").open("a") as log:
        subprocess.run(command, check=True, stdout=log, stderr=log, timeout=60)
