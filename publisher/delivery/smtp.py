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
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from publisher.delivery.wire import Turn, Wire, finished
from publisher.errors import TransportDown, TransportRefused
from publisher.model import Envelope, Reply, no_controls
from publisher.trust import trusted

Stage = Literal["mail", "rcpt", "data", "dot"]

_ANSWERS = 3
"""A whole transaction, and opening a session, may take as long as so many answers."""

_GOODBYE = 5.0  # seconds
_STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b\s*")  # RFC 2034 §4
_SAFE = re.compile(r"[^\s<>\x00-\x20\x7f-\x9f]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Smtp:
    """A server to hand messages to. `timeout` in seconds, for each answer as a whole.

    With `security` "starttls" (the default) or "tls" the certificate is verified against
    `ca`, or the system's authorities; a server without STARTTLS is refused. `local` is the name
    that we give of ourselves.
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
        except smtplib.SMTPHeloError as error:  # RFC 5321 §4.1.1.1
            kind = TransportDown if error.smtp_code < 500 else TransportRefused
            said = _text(error.smtp_error)
            raise kind(
                f"{where} does not take {self._called} for our name: {error.smtp_code} {said}",
                todo='Name this machine as its address is named: [smtp] ehlo = "mail.…"',
            ) from None
        except smtplib.SMTPResponseException as error:
            kind = TransportDown if error.smtp_code < 500 else TransportRefused
            said = _text(error.smtp_error)
            raise kind(f"{where} takes no messages: {error.smtp_code} {said}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise TransportDown(
                f"{where} does not answer: {error}", todo="Try again later; nothing is lost."
            ) from None

    @property
    def _called(self) -> str:
        return self.local or smtplib.SMTP().local_hostname

    def _opened(self) -> _Client:
        context = trusted(self.ca)
        client = _Client(self.local, self.timeout)
        try:
            connection = socket.create_connection((self.host, self.port), self.timeout)
            client.take(connection)
            if self.security == "tls":
                client.encrypt(context, self.host)
            code, said = client.getreply()
            if code != 220:  # RFC 5321 §4.3.2
                raise smtplib.SMTPConnectError(code, said)
            client.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                client.start_tls(context, self.host)
            if self.user:
                client.login(self.user, self.password)
        except BaseException:
            client.close()
            raise
        return client


class _Client(smtplib.SMTP):
    """smtplib's EHLO and AUTH over a `Wire`: its own reading has no bound in bytes, nor in time.

    Opening a session may take as long as `_ANSWERS` answers.
    """

    wire: Wire

    def __init__(self, local: str, timeout: float) -> None:
        super().__init__(local_hostname=local or None, timeout=timeout)
        self._patience = timeout
        self._began = time.monotonic()

    def take(self, connection: socket.socket) -> None:
        """Speak over this connection from now on, within what is left of the time."""
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = connection
        self.wire = Wire(connection, self._patience)
        self.wire.allow(self._began + _ANSWERS * self._patience - time.monotonic())

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Put TLS over the connection; its certificate must be that of the host."""
        assert self.sock is not None
        self.take(context.wrap_socket(self.sock, server_hostname=host))

    def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """STARTTLS (RFC 3207); what the server said before it counts no more (§4.2)."""
        if not self.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server.")
        code, said = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, said)
        if self.wire.has_more:  # said outside, and read as if it were said inside
            raise ConnectionError("it went on in clear text after STARTTLS")
        self.encrypt(context, host)
        self.ehlo_resp = self.helo_resp = None
        self.ehlo_or_helo_if_needed()

    def getreply(self) -> tuple[int, bytes]:
        """Read one reply."""
        code, lines = finished(self.wire.reply())
        return code, b"\n".join(lines)


_PLAIN = 'A server on this machine may do with smtp.security = "none".'


class SmtpSession:
    """An open session; see `transport.Session`."""

    def __init__(self, client: _Client, timeout: float) -> None:
        self._client, self._wire = client, client.wire
        self._patience = _ANSWERS * timeout
        features: Mapping[str, str] = client.esmtp_features
        self._pipelining = "pipelining" in features
        self._utf8 = "smtputf8" in features
        self._eight = "8bitmime" in features
        self._announced: Envelope | None = None
        self._usual = b""  # the answers to an envelope that let a message follow
        self.is_open = True

    def send(self, envelope: Envelope, message: bytes, following: Envelope | None) -> Reply:
        """Send a message; see `transport.Session.send`."""
        return finished(self.talk(envelope, message, following))

    def close(self) -> None:
        """QUIT, unless a message is open."""
        finished(self.farewell())

    def take_turns(self) -> None:
        """Let `talk` and `farewell` say what they wait for, rather than make the thread wait."""
        self._wire.take_turns()

    def look(self) -> None:
        """After a pause, in turns: what its server has ended meanwhile is open no more."""
        if self.is_open and not self._wire.is_silent():
            self._drop()

    def talk(self, envelope: Envelope, message: bytes, following: Envelope | None) -> Turn[Reply]:
        """Send a message as `send` does, in turns."""
        if envelope.utf8 and not self._utf8:
            return Reply(code=550, status="5.6.7", stage="rcpt", text="the server has no SMTPUTF8")
        self._wire.allow(self._patience)
        if not self._goes_on_as_ever(envelope):
            try:
                refused = yield from self._announce(envelope)
                if refused is None and self._wire.has_more:
                    refused = yield from self._out_of_turn()
            except OSError as error:
                return self._lost("mail", error)
            if refused is not None:
                return refused
        ahead = following if self._pipelining and following and self._takes(following) else None
        return (yield from self._finish(message, ahead))

    def _takes(self, envelope: Envelope) -> bool:
        return self._utf8 or not envelope.utf8

    def _goes_on_as_ever(self, envelope: Envelope) -> bool:
        """Whether what was announced has the same answers, to the letter, as one that went on."""
        if self._announced is not envelope or not self._wire.skip(self._usual):
            return False
        self._announced = None
        return True

    def _announce(self, envelope: Envelope) -> Turn[Reply | None]:
        """MAIL, RCPT and DATA, unless they were sent ahead; None if the message may follow."""
        if self._announced is None:
            if self._wire.has_more:
                return (yield from self._out_of_turn())
            commands = self._envelope(envelope)
            if not self._pipelining:
                return (yield from self._step_by_step(commands))
            yield from self._wire.write(*commands)
        elif self._announced is not envelope and self._announced != envelope:
            raise AssertionError("another envelope was announced")
        self._announced = None
        return (yield from self._answers())

    def _out_of_turn(self) -> Turn[Reply]:
        """What the server said unasked: 421 it may say at any time (RFC 5321 §3.8).

        Anything else would be taken for the answer to what comes next.
        """
        reply = yield from self._reply("data")
        if reply.code != 421:
            raise ConnectionError(f"it spoke out of turn: {reply}")
        self._drop()
        return reply

    def _step_by_step(self, commands: tuple[bytes, bytes, bytes]) -> Turn[Reply | None]:
        stages: tuple[Stage, ...] = ("mail", "rcpt", "data")
        for stage, command in zip(stages, commands, strict=True):
            yield from self._wire.write(command)
            reply = yield from self._reply(stage)
            if not _goes_on(reply):
                return (yield from self._after_refusal(reply))
        return None

    def _answers(self) -> Turn[Reply | None]:
        """The answers to MAIL, RCPT and DATA sent together (RFC 2920 §3.1)."""
        unread, reads = self._wire.unread, self._wire.reads
        mail = self._heard("mail") or (yield from self._reply("mail"))
        rcpt = self._heard("rcpt") or (yield from self._reply("rcpt"))
        data = self._heard("data") or (yield from self._reply("data"))
        bad = next((reply for reply in (mail, rcpt) if not _goes_on(reply)), None)
        if _goes_on(data) and bad is None:
            if self._wire.reads == reads and not self._wire.has_more:
                self._usual = unread  # a server says the same to each envelope
            return None
        if data.code < 400 and not _goes_on(data):  # whatever it waits for now, it is no command
            self._drop()
        return (yield from self._after_refusal(bad or data, wants_message=_goes_on(data)))

    def _after_refusal(self, reply: Reply, *, wants_message: bool = False) -> Turn[Reply]:
        """Make the session ready for the next message; with `wants_message` DATA was accepted."""
        try:
            # RFC 5321 §3.8: 421 closes, whatever was asked; what is no refusal is not understood.
            if reply.code == 421 or reply.code < 400:
                self._drop()
            elif not self.is_open:
                pass
            elif wants_message:  # without a recipient: end it empty, and nobody gets it
                yield from self._wire.write(b".\r\n")
                yield from self._reply("dot")
            else:
                yield from self._wire.write(b"RSET\r\n")
                yield from self._reply("mail")
        except OSError:
            self._drop()
        return reply

    def _finish(self, message: bytes, following: Envelope | None) -> Turn[Reply]:
        """The message, its dot and, in the same write, the next envelope."""
        end = b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"
        rest = self._envelope(following) if following else ()
        whole = len(message) + len(end)
        try:
            if not self._wire.put(message, end, *rest):
                yield from self._wire.flush()
            reply = yield from self._reply("dot")
        except OSError as error:
            return self._lost("dot" if self._wire.taken >= whole else "data", error)
        if reply.code == 421 or (reply.code < 400 and reply.code != 250):
            self._drop()
        elif following:
            self._announced = following
        return reply

    def _envelope(self, envelope: Envelope) -> tuple[bytes, bytes, bytes]:
        """MAIL, RCPT, DATA."""
        options = " SMTPUTF8" if envelope.utf8 else ""
        options += " BODY=8BITMIME" if envelope.utf8 and self._eight else ""
        sender = _mail_from(envelope.sender, options)
        return sender, b"RCPT TO:<%s>\r\n" % _safe(envelope.recipient), b"DATA\r\n"

    def _heard(self, stage: Stage) -> Reply | None:
        """The next reply, None where it has not come whole. Raises OSError if it is none."""
        said = self._wire.said()
        return None if said is None else _reading(stage)(*said, stage)

    def _reply(self, stage: Stage) -> Turn[Reply]:
        """Read one reply; raises OSError if it is none."""
        return _reading(stage)(*(yield from self._wire.reply()), stage)

    def _lost(self, stage: Stage, error: OSError) -> Reply:
        self._announced = None
        self._drop()
        return Reply(code=0, text=f"the connection was lost: {error}", stage=stage)

    def skip(self) -> None:
        """Forget an announced envelope: after DATA only closing takes it back."""
        if self._announced is not None:
            self._announced = None
            self._drop()

    def farewell(self) -> Turn[None]:
        """Say QUIT as `close` does, in turns."""
        if self.is_open and self._announced is None:
            try:
                self._wire.allow(_GOODBYE)
                yield from self._wire.write(b"QUIT\r\n")
                yield from self._wire.reply()
            except OSError:
                pass
        self._drop()

    def _drop(self) -> None:
        self.is_open = False
        self._client.close()


def _read(code: int, lines: tuple[bytes, ...], stage: Stage) -> Reply:
    """What the lines of an answer say."""
    said = [_text(line) for line in lines]
    if code < 400 and len(said) == 1:  # of every message: nobody asks for its status
        return Reply(code=code, text=said[0], stage=stage)
    found = [_STATUS.match(line) for line in said]  # Gmail says it on each line
    return Reply(
        code=code,
        status=next((one[1] for one in found if one), ""),
        text=" ".join(
            line[one.end() :] if one else line for line, one in zip(said, found, strict=True)
        )[:500],
        stage=stage,
    )


_read_again = lru_cache(maxsize=64)(_read)  # a server says the same to each envelope


def _reading(stage: Stage) -> Callable[[int, tuple[bytes, ...], Stage], Reply]:
    return _read if stage == "dot" else _read_again


def _safe(address: str) -> bytes:
    """An address for an envelope; one that could end its own brackets is a mistake of ours."""
    if not _SAFE.fullmatch(address):
        raise ValueError("an address that cannot stand in an envelope")
    return address.encode()


@lru_cache(maxsize=8)  # one sender for all, but where its address names the reader
def _mail_from(sender: str, options: str) -> bytes:
    return b"MAIL FROM:<%s>%s\r\n" % (_safe(sender), options.encode())


def _goes_on(reply: Reply) -> bool:
    """Whether the next step may follow: after DATA, 354 alone (RFC 5321 §4.1.1.4)."""
    return reply.code == 354 if reply.stage == "data" else 200 <= reply.code < 300


def _text(data: bytes | str) -> str:
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    return no_controls(text).strip()
