"""SMTP (RFC 5321): smtplib opens the session, we send the messages.

smtplib does not verify certificates by itself, sets no TCP_NODELAY, and asks four times for each
message. Here the end of a message and the next envelope go out in one write where the server offers
PIPELINING (RFC 2920), so that a message costs one round trip.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from publisher.errors import TransportDown, TransportRefused
from publisher.model import Envelope, Reply, no_controls

Stage = Literal["mail", "rcpt", "data", "dot"]

_MAX_LINE = 2048  # of a reply: RFC 5321 §4.5.3.1.5 has 512
_STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b\s*")  # RFC 2034 §4
_SAFE = re.compile(r"[^\s<>\x00-\x20\x7f-\x9f]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Smtp:
    """A server to hand messages to. `timeout` in seconds, for each answer.

    With `security` "starttls" (the default) or "tls" the certificate is verified against
    `ca`, or the system's authorities; a server without STARTTLS is refused.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str | None = None
    timeout: float = 300.0
    local: str = ""

    def connect(self) -> SmtpSession:
        """Open a session: greeting, TLS, AUTH.

        Raises TransportDown for a server that does not answer or says 4yz, TransportRefused for
        a certificate or credentials that are not accepted.
        """
        where = f"{self.host}:{self.port}"
        try:
            return SmtpSession(self._opened(), self.timeout)
        except ssl.SSLCertVerificationError as error:
            raise TransportRefused(
                f"the certificate of {where} is not to be trusted: {error.verify_message}",
                todo="Set smtp.ca to the authority's file, if it is one of your own.",
            ) from None
        except smtplib.SMTPNotSupportedError as error:
            todo = _PLAIN if "STARTTLS" in str(error) else "Without smtp.user nobody logs in."
            raise TransportRefused(f"{where}: {error}", todo=todo) from None
        except UnicodeError as error:
            raise TransportRefused(
                f"{where}: the name of the server, the user or the password cannot be sent",
                why=str(error.reason) if isinstance(error, UnicodeEncodeError) else str(error),
            ) from None
        except FileNotFoundError:
            raise TransportRefused(f"there is no file {self.ca}", todo="Mend smtp.ca.") from None
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < 500:
                raise TransportDown(f"{where} cannot check the password now") from None
            password = "this password" if self.password else "no password"
            raise TransportRefused(
                f"{where} does not accept the user {self.user!r} with {password}",
                todo="Set smtp.user, and the password in the variable PUBLISHER_SMTP_PASSWORD.",
            ) from None
        except smtplib.SMTPResponseException as error:
            kind = TransportDown if error.smtp_code < 500 else TransportRefused
            said = _text(error.smtp_error)
            raise kind(f"{where} takes no messages: {error.smtp_code} {said}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise TransportDown(
                f"{where} does not answer: {error}", todo="Try again later; nothing is lost."
            ) from None

    def _opened(self) -> smtplib.SMTP:
        context = ssl.create_default_context(cafile=self.ca)
        local = self.local or None
        client: smtplib.SMTP
        if self.security == "tls":
            client = smtplib.SMTP_SSL(
                self.host, self.port, local, timeout=self.timeout, context=context
            )
        else:
            client = smtplib.SMTP(self.host, self.port, local, timeout=self.timeout)
        try:
            client.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                client.starttls(context=context)
                client.ehlo()
            if self.user:
                client.login(self.user, self.password)
        except BaseException:
            client.close()
            raise
        return client


_PLAIN = 'A server on this machine may do with smtp.security = "none".'


class SmtpSession:
    """An open session; see `transport.Session`."""

    def __init__(self, client: smtplib.SMTP, timeout: float) -> None:
        assert client.sock is not None
        self._client, self._socket = client, client.sock
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(timeout)
        self._reader = self._socket.makefile("rb")
        features: Mapping[str, str] = client.esmtp_features
        self._pipelining = "pipelining" in features
        self._utf8 = "smtputf8" in features
        self._eight = "8bitmime" in features
        self._announced: Envelope | None = None
        self.is_open = True

    def send(self, envelope: Envelope, message: bytes, following: Envelope | None) -> Reply:
        """Send a message; see `transport.Session.send`."""
        if envelope.utf8 and not self._utf8:
            return Reply(code=550, status="5.6.7", stage="rcpt", text="the server has no SMTPUTF8")
        try:
            refused = self._announce(envelope)
        except OSError as error:
            return self._lost("mail", error)
        if refused is not None:
            return refused
        ahead = following if self._pipelining and following and self._takes(following) else None
        return self._finish(message, ahead)

    def _takes(self, envelope: Envelope) -> bool:
        return self._utf8 or not envelope.utf8

    def _announce(self, envelope: Envelope) -> Reply | None:
        """MAIL, RCPT and DATA, unless they were sent ahead; None if the message may follow."""
        if self._announced is None:
            commands = self._envelope(envelope)
            if not self._pipelining:
                return self._step_by_step(commands)
            self._write(b"".join(commands))
        elif self._announced != envelope:
            raise AssertionError("another envelope was announced")
        self._announced = None
        return self._answers()

    def _step_by_step(self, commands: list[bytes]) -> Reply | None:
        stages: tuple[Stage, ...] = ("mail", "rcpt", "data")
        for stage, command in zip(stages, commands, strict=True):
            self._write(command)
            reply = self._reply(stage)
            if not (reply.code == 354 if stage == "data" else 200 <= reply.code < 300):
                return self._after_refusal(reply)
        return None

    def _answers(self) -> Reply | None:
        """The answers to MAIL, RCPT and DATA sent together (RFC 2920 §3.1)."""
        mail, rcpt, data = self._reply("mail"), self._reply("rcpt"), self._reply("data")
        bad = next((reply for reply in (mail, rcpt) if not 200 <= reply.code < 300), None)
        if data.code == 354 and bad is None:
            return None
        return self._after_refusal(bad or data, is_open=data.code == 354)

    def _after_refusal(self, reply: Reply, *, is_open: bool = False) -> Reply:
        """Make the session ready for the next message; with `is_open` DATA was accepted."""
        try:
            if reply.code == 421:  # RFC 5321 §3.8: it is closing, whatever was asked
                self._drop()
            elif is_open:  # without a recipient: end it empty, and nobody gets it
                self._write(b".\r\n")
                self._reply("dot")
            else:
                self._write(b"RSET\r\n")
                self._reply("mail")
        except OSError:
            self._drop()
        return reply

    def _finish(self, message: bytes, following: Envelope | None) -> Reply:
        """The message, its dot and, in the same write, the next envelope."""
        end = b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"
        rest = b"".join(self._envelope(following)) if following else b""
        whole = len(message) + len(end)
        written = 0
        try:
            for written in self._writing(message + end + rest):  # noqa: B007 counted for below
                pass
            reply = self._reply("dot")
        except OSError as error:
            return self._lost("dot" if written >= whole else "data", error)
        if reply.code == 421:
            self._drop()
        elif following:
            self._announced = following
        return reply

    def _envelope(self, envelope: Envelope) -> list[bytes]:
        """MAIL, RCPT, DATA; an address that could end its own brackets is a mistake of ours."""
        for address in (envelope.sender, envelope.recipient):
            if not _SAFE.fullmatch(address):
                raise ValueError("an address that cannot stand in an envelope")
        options = " SMTPUTF8" if envelope.utf8 else ""
        options += " BODY=8BITMIME" if envelope.utf8 and self._eight else ""
        return [
            f"MAIL FROM:<{envelope.sender}>{options}\r\n".encode(),
            f"RCPT TO:<{envelope.recipient}>\r\n".encode(),
            b"DATA\r\n",
        ]

    def _write(self, data: bytes) -> None:
        for _ in self._writing(data):
            pass

    def _writing(self, data: bytes) -> Iterator[int]:
        """Write all of it; yield how many bytes the connection has taken so far."""
        view, done = memoryview(data), 0
        while done < len(data):
            done += self._socket.send(view[done:])
            yield done

    def _reply(self, stage: Stage) -> Reply:
        """Read one reply, of however many lines (RFC 5321 §4.2.1); raises OSError if it is none."""
        lines: list[str] = []
        while True:
            line = self._reader.readline(_MAX_LINE)
            if not line.endswith(b"\n") or not line[:3].isdigit():
                raise ConnectionError("closed" if not line else "an answer that is none")
            text = _text(line[4:].rstrip())
            if line[3:4] != b"-":
                break
            lines.append(text)
        if not lines and line[:1] in b"23":  # of every message: nobody asks for its status
            return Reply(code=int(line[:3]), text=text, stage=stage)
        text = " ".join([*lines, text])[:500]
        status = _STATUS.match(text)
        return Reply(
            code=int(line[:3]),
            status=status[1] if status else "",
            text=text[status.end() :] if status else text,
            stage=stage,
        )

    def _lost(self, stage: Stage, error: OSError) -> Reply:
        self._announced = None
        self._drop()
        return Reply(code=0, text=f"the connection was lost: {error}", stage=stage)

    def skip(self) -> None:
        """Forget an announced envelope: after DATA only closing takes it back."""
        if self._announced is not None:
            self._announced = None
            self._drop()

    def close(self) -> None:
        """QUIT, unless a message is open."""
        if self.is_open and self._announced is None:
            try:
                self._socket.settimeout(5)
                self._socket.sendall(b"QUIT\r\n")
                self._reader.readline(_MAX_LINE)
            except OSError:
                pass
        self._drop()

    def _drop(self) -> None:
        self.is_open = False
        self._reader.close()
        self._client.close()


def _text(data: bytes | str) -> str:
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    return no_controls(text).strip()
