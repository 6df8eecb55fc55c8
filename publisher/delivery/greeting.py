"""Opening a connection to a server and saying what is there, without logging in."""

from __future__ import annotations

import smtplib
import socket
import ssl
from datetime import UTC, datetime
from typing import Literal

import msgspec

from publisher.delivery.smtp import Smtp, _Client
from publisher.trust import trusted


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: `version` is that of TLS, "" for none; the certificate holds `until`."""

    outcome: Literal[
        "open", "unreachable", "unknown", "untrusted", "no-tls", "tls-failed", "refused"
    ]
    why: str = ""
    version: str = ""
    until: datetime | None = None


def probe(server: Smtp, address: str) -> Probed:
    """Greet a server at the address that was looked at; its certificate must be its host's.

    It takes three times the server's timeout at most, and never raises for what a server says.
    """
    try:
        context = trusted(server.ca)
        client = _Client(server.local, server.timeout)
    except OSError as error:
        return Probed(outcome="untrusted", why=str(error))
    try:
        client.take(socket.create_connection((address, server.port), server.timeout))
        return _greeted(server, client, context)
    except ssl.SSLCertVerificationError as error:
        return Probed(outcome="untrusted", why=error.verify_message)
    except ssl.SSLError as error:
        return Probed(outcome="tls-failed", why=error.reason or "it ends")
    except smtplib.SMTPNotSupportedError:
        return Probed(outcome="no-tls")
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return Probed(outcome="refused", why=f"{error.smtp_code} {text}")
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        return Probed(outcome="unreachable", why=str(error) or "it ends")
    finally:
        client.close()


def _greeted(server: Smtp, client: _Client, context: ssl.SSLContext) -> Probed:
    if server.security == "tls":
        client.encrypt(context, server.host)
    code, said = client.getreply()
    if code != 220:  # RFC 5321 §4.3.2
        raise smtplib.SMTPConnectError(code, said)
    client.ehlo_or_helo_if_needed()
    if server.security == "starttls":
        client.start_tls(context, server.host)
    sock = client.sock
    client.docmd("QUIT")
    if not isinstance(sock, ssl.SSLSocket):
        return Probed(outcome="open")
    return Probed(outcome="open", version=sock.version() or "", until=_until(sock))


def _until(sock: ssl.SSLSocket) -> datetime | None:
    ends = (sock.getpeercert() or {}).get("notAfter")
    if not isinstance(ends, str):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
