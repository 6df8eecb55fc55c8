"""A real Postfix and a real Dovecot of a test's own, on ports of loopback and in one folder.

Mail for `news.example` and `x.example` goes from Postfix over LMTP to Dovecot, which has the
mailboxes of `USERS` and refuses all others: then Postfix writes to the return path, minutes after
it took the message, as servers do. Mail for `hook.example` goes over LMTP to `hook`, a port that
a test may listen at. Wants root; ends with its test.
"""

from __future__ import annotations

import contextlib
import shutil
import smtplib
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests import postfix
from tests.postfix import NOBODY, begin, folder_of_servers, require

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

_POSTFIX = """\
recipient_delimiter = +
message_size_limit = 200000000
virtual_mailbox_domains = x.example news.example hook.example
virtual_transport = lmtp:unix:{folder}/run/lmtp
transport_maps = inline:{ hook.example=lmtp:inet:[127.0.0.1]:HOOK }
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
        shutil.chown(path, NOBODY, NOBODY)


@contextlib.contextmanager
def running(smtp: int, imaps: int, hook: int) -> Iterator[MailServers]:
    """Start both; skip, or fail where CI must have them, if they are not there."""
    require(("postfix", "postfix"), ("dovecot", "dovecot-imapd dovecot-lmtpd"))
    with folder_of_servers() as folder:
        servers = MailServers(folder, smtp, imaps, hook)
        _write(servers)
        dovecot = ["dovecot", "-c", str(folder / "dovecot.conf")]
        begin(folder, dovecot)
        try:
            with postfix.running(folder, smtp, _POSTFIX.replace("HOOK", str(hook))):
                yield servers
        finally:
            with contextlib.suppress(subprocess.SubprocessError):
                begin(folder, [*dovecot, "stop"])


def _write(servers: MailServers) -> None:
    folder = servers.folder
    for name in ("home", "run"):
        (folder / name).mkdir()
    shutil.chown(folder / "home", NOBODY, NOBODY)
    (folder / "dovecot.conf").write_text(_DOVECOT.format(folder=folder, imaps=servers.imaps))
    lines = (f"{user}:{{PLAIN}}{PASSWORD}::::::{extra}" for user, extra in USERS.items())
    (folder / "users").write_text("\n".join(lines) + "\n")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost".split()
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key.pem")]
    subprocess.run([*command, "-out", str(servers.ca)], check=True, capture_output=True)
