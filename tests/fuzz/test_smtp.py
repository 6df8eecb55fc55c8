"""Mail servers: whatever one says, a message is accepted only where it was."""

import contextlib
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.delivery import Smtp, judge
from publisher.errors import TransportDown, TransportRefused
from publisher.model import Envelope
from tests.fuzz.spoilt import examples

pytestmark = pytest.mark.slow

MESSAGE = b"Message-ID: <1@x>\r\n\r\nHello\r\n"
PATIENCE = 0.1  # seconds, after which each side gives the other up


class Server:
    """Says one piece when somebody comes, and another for each that it hears; then it leaves."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.heard, self.said = b"", b""
        self._pieces = pieces
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError), self._socket.accept()[0] as connection:
            connection.settimeout(PATIENCE)
            for number, piece in enumerate(self._pieces):
                if number:
                    data = connection.recv(65536)
                    if not data:
                        return
                    self.heard += data
                self.said += piece
                connection.sendall(piece)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


LINES = [
    b"220 x ESMTP\r\n", b"250 ok\r\n", b"250-x\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n", b"354 go\r\n",
    b"250 2.0.0 queued\r\n", b"421 4.3.2 bye\r\n", b"450 4.2.1 later\r\n", b"550 5.1.1 nobody\r\n",
    b"554 5.7.1 relay denied\r\n", b"250 ok\r\n250 ok\r\n354 go\r\n", b"251 elsewhere\r\n",
    b"354", b"250-", b"250 ok", b"\r\n", b"999 x\r\n", b"2500 x\r\n", b"250-a\r\n251 b\r\n", b"\0",
    b"250 " + b"a" * 3000 + b"\r\n", b"250-a\r\n" * 150, b"HTTP/1.1 400 Bad Request\r\n\r\n",
    b"220 \xff\xfe\r\n", b"250 ok\n", b"250 ok\r", b"500 what\r\n", b"235 auth\r\n", b"552 5.2.2 full\r\n",
]  # fmt: skip
GOOD = [LINES[0], LINES[2], b"250 ok\r\n250 ok\r\n354 go\r\n", LINES[4]]
ONE = st.sampled_from(LINES) | st.binary(max_size=40)


@st.composite
def dialogue(draw: st.DrawFn) -> list[bytes]:
    """What a good server says, with some of it changed."""
    pieces = list(GOOD) if draw(st.booleans()) else [LINES[0], *[LINES[1]] * 3, LINES[3], LINES[4]]
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(pieces)))
        pieces[place : place + draw(st.integers(0, 1))] = draw(st.lists(ONE, max_size=2))
    return pieces or [b""]


@examples(60)
@given(dialogue())
def test_whatever_a_server_says_only_what_it_took_is_accepted(pieces):
    server = Server(pieces)
    envelope = Envelope(sender="letter@news.example", recipient="ana@x.example")
    state = ""
    try:
        transport = Smtp(host="127.0.0.1", port=server.port, security="none", timeout=PATIENCE)
        session = transport.connect()
        state = judge(session.send(envelope, MESSAGE, None)).state
        session.close()
    except (TransportDown, TransportRefused):
        pass
    finally:
        server.close()
    if state == "accepted":
        assert b"\r\n.\r\n" in server.heard
        told = [line for line in server.said.split(b"\n") if line[3:4] != b"-"]
        asked = next(n for n, line in enumerate(told) if line.startswith(b"354"))
        assert any(line.startswith(b"250") for line in told[asked + 1 :])
