"""What is said in LMTP (RFC 2033): lines in, replies out, and nothing of connections."""

from __future__ import annotations

import re
from collections.abc import Callable

LARGEST = 200_000_000
"""Bytes of a message that is not refused; of a larger one than is kept, the beginning is."""

_RECIPIENTS = 100  # of one message; RFC 5321 §4.5.3.1.8
_FAULTS = 20  # commands that are none, before we hang up
_COMMANDS = 2000  # of one connection
_FROM = re.compile(r"FROM:\s?<([^<>]*)>((?: \S+)*)", re.IGNORECASE)
_TO = re.compile(r"TO:\s?<(?:@[^<>:]*:)?([^<>\s]{1,320})>((?: \S+)*)", re.IGNORECASE)
_KNOWN = ("BODY=", "SIZE=", "SMTPUTF8", "RET=", "ENVID=", "AUTH=")

FEATURES = ("PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8", f"SIZE {LARGEST}")


class Conversation:
    """One connection's; `recipients` are those of the message at hand that were accepted.

    After `wants_message` turns True its bytes come, and then `reset`.
    """

    def __init__(self, ours: Callable[[str], bool], name: str) -> None:
        self._ours, self._name = ours, name
        self._has_greeted = self._has_sender = False
        self._faults = self._commands = 0
        self.recipients: list[str] = []
        self.wants_message = self.is_over = False

    def greeting(self) -> str:
        """What we say first."""
        return f"220 {self._name} LMTP"

    def reset(self) -> None:
        """Forget the message at hand."""
        self._has_sender = self.wants_message = False
        self.recipients = []

    def reply(self, line: bytes) -> str:
        """Return the answer to a command, lines joined with CRLF, without the last one's end."""
        name, _, rest = line.decode("utf-8", "replace").rstrip("\r\n").partition(" ")
        self._commands += 1
        if self._commands > _COMMANDS:
            return self._hang_up("too many commands")
        command = {
            "LHLO": self._greeted,
            "MAIL": self._sender,
            "RCPT": self._recipient,
            "DATA": self._data,
            "RSET": self._reset,
            "NOOP": lambda _: "250 2.0.0 well",
            "VRFY": lambda _: "252 2.1.5 send it, and you will know",
            "QUIT": self._quit,
        }.get(name.upper())
        if command is not None:
            return command(rest)
        self._faults += 1
        if self._faults > _FAULTS:
            return self._hang_up("too many mistakes")
        if name.upper() in ("HELO", "EHLO"):  # RFC 2033 §4.1
            return "500 5.5.1 this is LMTP: say LHLO"
        return "500 5.5.1 that is no command"

    def _hang_up(self, why: str) -> str:
        self.is_over = True
        return f"421 4.7.0 {why}"

    def _greeted(self, rest: str) -> str:
        if not rest.strip():
            return "501 5.5.4 say who you are"
        self.reset()
        self._has_greeted = True
        lines = [self._name, *FEATURES]
        return "\r\n".join([*(f"250-{one}" for one in lines[:-1]), f"250 {lines[-1]}"])

    def _sender(self, rest: str) -> str:
        found = _FROM.fullmatch(rest.strip())
        if not self._has_greeted or self._has_sender:
            return "503 5.5.1 not now"
        if found is None:
            return "501 5.5.4 say MAIL FROM:<address>"
        for parameter in found[2].split():
            if not parameter.upper().startswith(_KNOWN):
                return "555 5.5.4 a parameter that is not known"
            size = parameter[5:] if parameter.upper().startswith("SIZE=") else "0"
            if not re.fullmatch("[0-9]{1,15}", size) or int(size) > LARGEST:
                return "552 5.3.4 too large"
        self._has_sender = True
        return "250 2.1.0 well"

    def _recipient(self, rest: str) -> str:
        found = _TO.fullmatch(rest.strip())
        if not self._has_sender:
            return "503 5.5.1 say MAIL first"
        if found is None:
            return "501 5.5.4 say RCPT TO:<address>"
        if not self._ours(found[1]):
            return "550 5.1.1 nothing comes back to that address"
        if len(self.recipients) >= _RECIPIENTS:
            return "452 4.5.3 too many recipients"
        self.recipients.append(found[1])
        return "250 2.1.5 well"

    def _data(self, _: str) -> str:
        if not self.recipients:  # RFC 2033 §4.2
            return "503 5.5.1 no valid recipients"
        self.wants_message = True
        return "354 go on"

    def _reset(self, _: str) -> str:
        self.reset()
        return "250 2.0.0 well"

    def _quit(self, _: str) -> str:
        self.is_over = True
        return "221 2.0.0 bye"
