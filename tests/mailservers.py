"""A real Postfix and a real Dovecot of a test's own, on ports of loopback and in one folder.

Mail for `news.example` and `x.example` goes from Postfix over LMTP to Dovecot, which has the
mailboxes of `USERS` and refuses all others: then Postfix writes to the return path, minutes after
it took the message, as servers do. Mail for `hook.example` goes over LMTP to `hook`, a port that
a test may listen at. Wants root; ends with its test.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

PASSWORD = "s3cret of the box"

USERS = {
    "bounces@news.example": "",
    "box@news.example": "",
    "alive@x.example": "",
    "auto@x.example": "",
    "complains@x.example": "",
    "away@x.example": "",
    "objects@x.example": "",
    "full@x.example": "userdb_quota_rule=*:bytes=10",
}

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
recipient_delimiter = +
message_size_limit = 200000000
virtual_mailbox_domains = x.example news.example hook.example
virtual_transport = lmtp:unix:{folder}/run/lmtp
transport_maps = inline:{{ hook.example=lmtp:inet:[127.0.0.1]:{hook} }}
smtpd_recipient_restrictions = permit_mynetworks, reject
"""

_MASTER = """\
postlog   unix-dgram n  -       n       -       1       postlogd
127.0.0.1:{smtp}  inet  n  -  n  -  -  smtpd
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
"""

_DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
recipient_delimiter = +
mail_location = maildir:~/Maildir
mail_plugins = quota
plugin {{
  quota = maildir:full
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
  default_fields = uid=65534 gid=65534 home={folder}/home/%u
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0666
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@x.example
}}
"""


class MailServers:
    """Both, running. `smtp` and `imaps` are their ports, `ca` is whom Dovecot's certificate is of."""

    def __init__(self, folder: Path, smtp: int, imaps: int, hook: int) -> None:
        self.folder, self.smtp, self.imaps, self.hook = folder, smtp, imaps, hook
        self.ca = folder / "cert.pem"

    def maildir(self, user: str) -> Path:
        """Where a user's mail lies."""
        return self.folder / "home" / user / "Maildir"

    def mails(self, user: str) -> list[bytes]:
        """What lies in a user's inbox."""
        found = []
        for part in ("new", "cur"):
            folder = self.maildir(user) / part
            found += [one.read_bytes() for one in folder.iterdir()] if folder.is_dir() else []
        return found

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Hand a message to Postfix, as others in the world would."""
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=30) as client:
            client.sendmail(sender, [recipient], message)

    def log(self) -> str:
        """What both have written down, for a test that fails."""
        names = ("log", "dovecot.log")
        return "\n".join((self.folder / name).read_text() for name in names)


def missing() -> str:
    """Why there are none here, "" where there are."""
    if os.geteuid() != 0:
        return "this is not root"
    for program, package in (("postfix", "postfix"), ("dovecot", "dovecot-imapd dovecot-lmtpd")):
        if not shutil.which(program):
            return f"{program} is not installed (Debian: apt-get install {package})"
    return ""


@contextlib.contextmanager
def three_ports() -> Iterator[list[int]]:
    """Ports of loopback that no other run is given meanwhile."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(3)]
        for one in sockets:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", 0))
        yield [one.getsockname()[1] for one in sockets]


def give_back(maildir: Path) -> None:
    """Let Dovecot own what this process, which is root here, has made in a Maildir."""
    for path in maildir.rglob("*"):
        shutil.chown(path, 65534, 65534)


@contextlib.contextmanager
def running(smtp: int, imaps: int, hook: int) -> Iterator[MailServers]:
    """Start both; skip, or fail where CI must have them, if they are not there."""
    if why := missing():
        if os.environ.get("PUBLISHER_REQUIRE_POSTFIX"):
            pytest.fail(f"CI must have Postfix and Dovecot: {why}")
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="ms"))
    folder.chmod(0o755)
    servers = MailServers(folder, smtp, imaps, hook)
    try:
        _write(servers)
        _run(folder, "dovecot", "-c", folder / "dovecot.conf")
        _run(folder, "postfix", "-c", folder, "start")
        yield servers
    finally:
        for ends in (
            ("postfix", "-c", folder, "abort"),
            ("dovecot", "-c", folder / "dovecot.conf", "stop"),
        ):
            with contextlib.suppress(subprocess.SubprocessError):
                _run(folder, *ends)
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, *command: str | Path) -> None:
    """Run a command that leaves a daemon: that would keep a pipe open for ever."""
    with (folder / "started").open("a") as log:
        subprocess.run(command, check=True, stdout=log, stderr=log, timeout=60)


def _write(servers: MailServers) -> None:
    folder = servers.folder
    for name in ("queue", "data", "home", "run"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "home", 65534, 65534)
    values = {"folder": folder, **{n: getattr(servers, n) for n in ("smtp", "imaps", "hook")}}
    (folder / "main.cf").write_text(_MAIN.format(**values))
    (folder / "master.cf").write_text(_MASTER.format(**values))
    (folder / "dovecot.conf").write_text(_DOVECOT.format(**values))
    lines = (f"{user}:{{PLAIN}}{PASSWORD}::::::{extra}" for user, extra in USERS.items())
    (folder / "users").write_text("\n".join(lines) + "\n")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost".split()
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key.pem")]
    subprocess.run([*command, "-out", str(servers.ca)], check=True, capture_output=True)
