"""Getting into a mailbox, and what goes wrong on the way, in words."""

from __future__ import annotations

import contextlib
import imaplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from imapclient.exceptions import LoginError

from publisher.errors import WayDown, WayRefused
from publisher.model import no_controls
from publisher.model.secrets import concealed
from publisher.returns import MOST
from publisher.returns.ways.imap_connection import Client
from publisher.trust import trusted

SAID = (OSError, imaplib.IMAP4.error, ValueError, LookupError, TypeError, RecursionError)
"""What is raised for whatever a server may do or say; imaplib and IMAPClient trust its form."""

_PLAIN = 'A server on this machine may do with returns.imap.security = "none".'
_LATER = ("UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT", "THROTTLED")  # RFC 5530 §3
_WORDS = 300  # characters of a server's


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailbox:
    """Where messages lie and how to get in; `timeout` in seconds bounds each silence.

    `folder` and `keep_in` are written with slashes, whatever the server has between its folders.
    """

    host: str
    port: int
    user: str
    password: str = field(default="", repr=False)
    folder: str = "INBOX"
    keep_in: str = "Publisher"
    security: Literal["tls", "starttls", "none"] = "tls"
    ca: str | None = None
    timeout: float = 60.0

    @property
    def where(self) -> str:
        """The server, as messages name it."""
        return f"{self.host}:{self.port}"


def connected(mailbox: Mailbox) -> Client:
    """Return a connection that is logged in: RFC 8314, certificates verified.

    Raises WayDown for a server that does not answer, WayRefused for a certificate or credentials
    that are not accepted.
    """
    if no_controls(mailbox.user + mailbox.password) != mailbox.user + mailbox.password:
        raise WayRefused(
            f"the user or the password for {mailbox.where} holds a line end or its like",
            todo="Set PUBLISHER_IMAP_PASSWORD to the password alone.",
        )
    context = _context(mailbox)
    with _opened(mailbox):
        client = Client(
            mailbox.host,
            mailbox.port,
            context,
            mailbox.timeout,
            implicit=mailbox.security == "tls",
            most=MOST,
        )
    try:
        with _opened(mailbox):
            if mailbox.security == "starttls":
                _start_tls(client, context, mailbox)
            _log_in(client, mailbox)
    except BaseException:
        with contextlib.suppress(*SAID):
            client.shutdown()
        raise
    return client


def _context(mailbox: Mailbox) -> ssl.SSLContext | None:
    if mailbox.security == "none":
        return None
    try:
        return trusted(mailbox.ca)
    except FileNotFoundError:
        raise WayRefused(f"there is no file {mailbox.ca}", todo="Mend returns.imap.ca.") from None
    except OSError as error:  # ssl.SSLError is one
        raise WayRefused(
            f"{mailbox.ca} holds no certificate: {error}", todo="Mend returns.imap.ca."
        ) from None


def _start_tls(client: Client, context: ssl.SSLContext | None, mailbox: Mailbox) -> None:
    if not client.has_capability("STARTTLS"):
        raise WayRefused(f"{mailbox.where} has no STARTTLS", todo=_PLAIN)
    client.starttls(context)


def _log_in(client: Client, mailbox: Mailbox) -> None:
    """By SASL PLAIN, which takes every letter (RFC 4616), or by LOGIN where there is no other."""
    user, password = mailbox.user, mailbox.password
    try:
        if client.has_capability("AUTH=PLAIN"):
            client.plain_login(user, password)
        elif client.has_capability("LOGINDISABLED"):  # RFC 9051 §6.2.3
            raise WayRefused(f"{mailbox.where} takes no password over this connection", todo=_PLAIN)
        else:
            quoted = user.replace("\\", "\\\\").replace('"', '\\"')
            client.login(f'"{quoted}"', password)  # imaplib quotes the password alone
    except LoginError as error:
        if client.connection.is_lost or "BYE" in str(error):
            raise WayDown(f"{mailbox.where} ended while we logged in") from None
        if any(f"[{code}]" in str(error).upper() for code in _LATER):
            raise WayDown(f"{mailbox.where} cannot check the password now") from None
        with_what = "this password" if password else "no password"
        raise WayRefused(
            f"{mailbox.where} does not accept the user {user!r} with {with_what}",
            why=f"It says: {_words(error, mailbox)}",
            todo="Set returns.imap.user, and the password in the variable PUBLISHER_IMAP_PASSWORD.",
        ) from None


@contextlib.contextmanager
def _opened(mailbox: Mailbox) -> Iterator[None]:
    """Name what goes wrong while a connection is opened."""
    try:
        with spoken(mailbox):
            yield
    except ssl.SSLCertVerificationError as error:
        raise WayRefused(
            f"the certificate of {mailbox.where} is not to be trusted: {error.verify_message}",
            todo="Set returns.imap.ca to the authority's file, if it is one of your own.",
        ) from None


@contextlib.contextmanager
def spoken(mailbox: Mailbox) -> Iterator[None]:
    """Raise WayDown for all that a server may do wrong; nothing is lost by any of it."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise
    except SAID as error:
        raise WayDown(
            f"{mailbox.where} does not answer as it should: {_words(error, mailbox)}",
            todo="Nothing is lost: what is there is read later.",
        ) from None


def _words(error: BaseException, mailbox: Mailbox) -> str:
    """What a server says, on one line and without the password."""
    said = getattr(error, "strerror", None) or str(error)  # of the system's, its words alone
    text = " ".join(said.split())[:_WORDS] or type(error).__name__
    return concealed(text, mailbox.password)
