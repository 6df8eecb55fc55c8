"""A recording SMTP server: it writes down what it accepts before it answers.

In a test, `Server()` runs in threads and answers as its script says. As a program, `python -m
tests.smtpd --log FILE`, it outlives whoever sends to it; it prints its port first.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable

Script = Callable[[str, str], str | None]
"""(stage, recipient) → a reply such as "450 later", "close", "hang", "last" (answer, then close), or
None for what a server says when all is well. Stages: greeting, ehlo, starttls, auth, mail, rcpt, data, body, dot."""


class Server:
    """Listens on a port of 127.0.0.1; `messages` are (recipient, bytes), in order of acceptance."""

    def __init__(
        self,
        script: Script = lambda *_: None,
        *,
        features: tuple[str, ...] = ("PIPELINING", "SMTPUTF8", "8BITMIME"),
        log: str | None = None,
        times: bool = False,
        tls: ssl.SSLContext | None = None,
        pause: float = 0.0,
        keep: bool = True,
    ) -> None:
        self.messages: list[tuple[str, bytes]] = []
        self.commands: list[str] = []
        self.connections = 0
        self.writes = 0  # pieces in which the sender's bytes came
        self._script, self._features, self._tls = script, features, tls
        self._pause, self._keep, self._times = pause, keep, times
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if log else None
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._ended = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # or the thread in accept() holds the port
        self._socket.close()
        for connection in list(self._open):
            connection.close()

    def hang_up(self, how: str = "") -> None:
        """End the connections there are, unasked: "reset", or said first, such as "421 4.4.2 …"."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                if how == "reset":
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                elif how:
                    connection.sendall(how.encode() + b"\r\n")
                connection.shutdown(socket.SHUT_RD if how == "reset" else socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            _Dialogue(self, connection).run()
        except (OSError, EOFError, ssl.SSLError):
            pass
        finally:
            self._open.discard(connection)
            connection.close()

    def accept(self, recipient: str, message: bytes) -> None:
        if self._log is not None:
            name = re.search(rb"^Message-ID: <([^>]+)>", message, re.MULTILINE)
            line = f"{recipient} {name[1].decode() if name else '-'}"
            line += f" {time.monotonic():.4f}" if self._times else ""
            os.write(self._log, f"{line}\n".encode())
        if self._keep:
            self.messages.append((recipient, message))


class _Dialogue:
    def __init__(self, server: Server, connection: socket.socket) -> None:
        self.server, self.connection = server, connection
        self.buffer = bytearray()
        self.recipient = ""

    def run(self) -> None:
        server = self.server
        if not self.answer("greeting", "220 test ready"):
            return
        while True:
            line = self.line()
            verb = line.split(" ")[0].upper()
            server.commands.append(line)
            if verb in ("EHLO", "HELO"):
                features = [*server._features, *(["STARTTLS"] if server._tls else [])]
                lines = ["250-test", *(f"250-{one}" for one in features), "250 HELP"]
                if not self.answer("ehlo", "\r\n".join(lines)):
                    return
            elif verb == "STARTTLS" and server._tls:
                if not self.answer("starttls", "220 go on"):
                    return
                self.connection = server._tls.wrap_socket(self.connection, server_side=True)
                server._open.add(self.connection)
            elif verb == "AUTH":
                if not self.answer("auth", "235 welcome"):
                    return
            elif verb == "MAIL":
                if not self.answer("mail", "250 2.1.0 ok"):
                    return
            elif verb == "RCPT":
                self.recipient = re.search("<(.*)>", line)[1]
                if not self.answer("rcpt", "250 2.1.5 ok"):
                    return
            elif verb == "DATA":
                if not self.data():
                    return
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def data(self) -> bool:
        reply = self.server._script("data", self.recipient)
        if not self.answer("data", "354 go on", reply):
            return False
        if reply is not None and not reply.startswith("354"):
            return True
        body = self.server._script("body", self.recipient)
        if body in ("close", "hang"):
            self.receive(2000)
            if body == "hang":  # it reads no further
                self.server._ended.wait(60)
            return False
        message = self.message()
        if message == b"":  # ended empty by a sender whose recipient was refused
            self.say("554 no valid recipients")
            return True
        reply = self.server._script("dot", self.recipient)
        if reply is None or reply.startswith("2") or reply == "accept-close":
            self.server.accept(self.recipient, message)
        if reply == "accept-close":
            return False
        return self.answer("dot", "250 2.0.0 kept", reply)

    def answer(self, stage: str, default: str, *given: str | None) -> bool:
        """Answer as the script says; False where the connection ends."""
        reply = given[0] if given else self.server._script(stage, self.recipient)
        if self.server._pause:
            time.sleep(self.server._pause)
        if reply == "close":
            return False
        if reply == "hang":
            self.server._ended.wait(60)
            return False
        if reply and reply.startswith("last "):
            self.say(reply[5:])
            return False
        self.say(reply or default)
        return True

    def say(self, text: str) -> None:
        self.connection.sendall(text.encode() + b"\r\n")

    def receive(self, at_least: int = 1) -> None:
        while len(self.buffer) < at_least:
            data = self.connection.recv(1 << 18)
            if not data:
                raise EOFError
            self.server.writes += 1
            self.buffer += data

    def line(self) -> str:
        while b"\r\n" not in self.buffer:
            self.receive(len(self.buffer) + 1)
        line, _, rest = bytes(self.buffer).partition(b"\r\n")
        self.buffer = bytearray(rest)
        return line.decode("utf-8", "replace")

    def message(self) -> bytes:
        self.receive(3)
        if self.buffer.startswith(b".\r\n"):
            del self.buffer[:3]
            return b""
        start = 0
        while (end := self.buffer.find(b"\r\n.\r\n", start)) < 0:
            start = max(0, len(self.buffer) - 4)
            self.receive(len(self.buffer) + 1)
        message = bytes(self.buffer[: end + 2])
        del self.buffer[: end + 5]
        return message


def main(words: list[str]) -> None:
    """Be the program, for ever."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--log")
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--times", action="store_true", help="and when, in seconds of this machine")
    arguments = parser.parse_args(words)
    server = Server(log=arguments.log, pause=arguments.pause, times=arguments.times, keep=False)
    print(server.port, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
