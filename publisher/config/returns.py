"""What `[returns]` may say: where messages that come back are read."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import msgspec

from publisher.config.reader import Reader
from publisher.hosts import ascii_host, is_this_machine
from publisher.model import ImapSettings, Publication, ReturnsSettings

_SOCKET = 100  # bytes of a socket's path: unix(7) has 108


def lmtp_place(text: str) -> tuple[str, int] | Path:
    """Return where LMTP is spoken: an address of loopback and a port, or a socket's path.

    Raises ValueError, with its reason in words, for anything else.

    >>> lmtp_place("[::1]:2424"), lmtp_place("unix:run/lmtp.sock")
    (('::1', 2424), PosixPath('run/lmtp.sock'))
    """
    if text.startswith("unix:"):
        path = text.removeprefix("unix:")
        if not path or len(path.encode()) > _SOCKET:
            raise ValueError("names no socket: unix:run/lmtp.sock")
        return Path(path)
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not re.fullmatch("[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        raise ValueError('must be a port of this machine, "127.0.0.1:2424", or "unix:PATH"')
    if not is_this_machine(host):
        raise ValueError(f"is no address of this machine alone: {host}")
    return ("127.0.0.1" if host == "localhost" else host), int(port)


def checked(publication: Publication, reader: Reader) -> ReturnsSettings:
    """Return the settings of what comes back, names in their one form; raise ConfigError."""
    settings = publication.returns
    if not timedelta(seconds=10) <= settings.every <= timedelta(days=1):
        raise reader.wrong("returns.every", "must be 10 seconds to a day")
    keep_in = settings.keep_in.strip("/")
    if not keep_in or re.search(r"[*%.~]|//", keep_in):
        raise reader.wrong("returns.keep_in", "must be a folder's name, without . * % and ~")
    if settings.lmtp:
        try:
            lmtp_place(settings.lmtp)
        except ValueError as error:
            todo = "LMTP has no passwords: it is for a mail server on this machine."
            raise reader.wrong("returns.lmtp", str(error), todo) from None
    _check_maildir(publication, reader)
    imap = _imap(settings.imap, reader)
    return msgspec.structs.replace(settings, imap=imap, keep_in=keep_in)


def _check_maildir(publication: Publication, reader: Reader) -> None:
    """The folder into which mails go out must not be the one that is read: all would come back."""
    ours = [publication.delivery.maildir, publication.outbox_folder, publication.articles]
    given = publication.returns.maildir
    if given == Path():
        return
    for other in ours:
        if other != Path() and Path(os.path.normpath(given)).is_relative_to(
            os.path.normpath(other)
        ):
            raise reader.wrong(
                "returns.maildir", f"must not lie in {other}: what lies there is ours"
            )


def _imap(imap: ImapSettings, reader: Reader) -> ImapSettings:
    if not imap.host:
        if imap != ImapSettings():
            raise reader.wrong(
                "returns.imap", "names no host", "Nothing would be read: add host = …"
            )
        return imap
    try:
        host = ascii_host(imap.host) if not _is_address(imap.host) else imap.host
    except ValueError as error:
        raise reader.wrong(
            "returns.imap.host", "must be the name of a server", str(error)
        ) from None
    if not imap.user:
        raise reader.wrong("returns.imap", "names no user", "Say who logs in: user = …")
    if not 0 <= imap.port <= 65535:
        raise reader.wrong(
            "returns.imap.port", "must be a port, 1 to 65535, or 0 for the usual one"
        )
    if imap.security == "none" and not is_this_machine(host):
        raise reader.wrong(
            "returns.imap.security",
            f"must not be none: the password would go to {host} for all to read",
            "Take tls, or starttls.",
        )
    if not imap.folder.strip("/"):
        raise reader.wrong("returns.imap.folder", "must be a folder's name, such as INBOX")
    if imap.timeout < timedelta(seconds=1):
        raise reader.wrong("returns.imap.timeout", "must be at least a second")
    usual = 993 if imap.security == "tls" else 143
    return msgspec.structs.replace(imap, host=host, port=imap.port or usual)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
