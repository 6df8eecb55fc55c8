"""A connection of a client: its clocks, its answers, and the parts in which they go out.

uvicorn speaks HTTP/1.1 on it, by h11; plain requests for files go a shorter way.
"""

from __future__ import annotations

import socket
from asyncio import TimerHandle, Transport
from http import HTTPStatus
from typing import Any

from h11 import IDLE
from uvicorn.protocols.http.h11_impl import H11Protocol

from publisher.web.door import TOLD, Door, Refusal
from publisher.web.parts import PART, TURN
from publisher.web.shortcuts import Answer, Shortcuts

_REFUSED = 500  # more connections that are told so; beyond them, they are only closed
_HEADS = 10.0  # seconds for the head of a request to come
_LIFE = 120.0  # seconds of a connection,
_LEAST = 1_000_000  # and as many more for so many bytes taken: who is slower is let go
_CLOSES = b"connection: close\r\n\r\n"


class _Metered:
    """A transport that knows how much it was given to send."""

    def __init__(self, transport: Transport) -> None:
        self._transport, self.sent = transport, 0

    def write(self, data: bytes | memoryview) -> None:
        """Send, and count."""
        self.sent += len(data)
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Impatient(H11Protocol):
    """HTTP/1.1 for clients that come to the point: uvicorn waits for a head for ever."""

    _life: TimerHandle | None = None
    _head: TimerHandle | None = None
    _taken = 0
    _refused: Refusal | None = None
    _to_refuse = 0  # of all connections

    def __init__(self, *args: Any, door: Door, **keys: Any) -> None:
        super().__init__(*args, **keys)
        self._door = door

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Let the connection in and give it its time, or refuse it once it asks."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=PART)
        self._peer = (self.client or ("",))[0]
        self._refused, self._leave = self._door.enter(self._peer)
        if self._refused:
            Impatient._to_refuse += 1
            if Impatient._to_refuse > _REFUSED:
                transport.abort()
                return
        # asyncio does so for sockets that name their protocol; ours was made without. Head and body
        # are two writes: the second would wait 40 ms for a delayed acknowledgement of the first.
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.transport = self._metered = _Metered(transport)  # type: ignore[assignment]
        self._life = self.loop.call_later(_LIFE, self._look)
        self._head = self.loop.call_later(_HEADS, self._late)

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a head no longer than for the first."""
        if self._refused:
            self.transport.write(_refusal(self._refused))
            self.transport.close()
            return
        super().data_received(data)
        if self._head is None and self._is_idle():
            self._head = self.loop.call_later(_HEADS, self._late)
        elif not self._is_idle():
            self._head_came()

    def _head_came(self) -> None:
        if self._head is not None:  # between two requests uvicorn's own clock runs
            self._head.cancel()
            self._head = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks, and make room."""
        self._leave()
        Impatient._to_refuse -= bool(self._refused)
        for timer in (self._life, self._head):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        """Let go of whoever is not in the midst of a large file that comes along."""
        taken = self._metered.sent - self._metered.get_write_buffer_size()
        if self._is_idle() or taken - self._taken < _LEAST:
            self.transport.abort()
            return
        self._taken = taken
        self._life = self.loop.call_later(_LIFE, self._look)

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _late(self) -> None:
        self._head = None
        if self._is_idle():
            self.transport.abort()


class Connection(Impatient):
    """Answers plain requests for files itself, and leaves all others to uvicorn.

    Only between two requests, when h11 has read nothing of the next one; and only who takes what
    they are sent. A long body goes out in parts, each once the one before has left.
    """

    _rest: memoryview | None = None  # of a body that is on its way
    _closes = False
    _has_begun = False  # whether h11 was ever given anything
    _since = 0.0  # when the last answer had gone out
    _pause: TimerHandle | None = None
    _dated: tuple[object, bytes] = (None, b"")

    def __init__(self, *args: Any, shortcuts: Shortcuts | None, **keys: Any) -> None:
        super().__init__(*args, **keys)
        self._shortcuts = shortcuts

    def data_received(self, data: bytes) -> None:
        """Answer by the short way, or hand on."""
        if self._shortcuts and self._is_between() and not self.flow.write_paused:
            answer = self._shortcuts.answer(data, self._peer)
            if answer is not None:
                self._send(answer)
                return
        self._has_begun = True
        self._end_pause()
        super().data_received(data)

    def _is_between(self) -> bool:
        """Whether nothing is being answered, and nothing of another request has come."""
        if self._rest is not None or self._refused:
            return False
        ours, theirs = self.conn.our_state, self.conn.their_state
        return not self._has_begun or (ours is theirs is IDLE and not self.conn.trailing_data[0])

    def _is_idle(self) -> bool:
        return self._rest is None and super()._is_idle()

    def _send(self, answer: Answer) -> None:
        self._head_came()
        self._unset_keepalive_if_required()
        self._closes = answer.closes
        last = _CLOSES if answer.closes else b"\r\n"
        head = b"".join((answer.status, self._date(), answer.head, last))
        if len(answer.body) <= PART:
            self.transport.write(head + answer.body)
            self._has_gone_out()
            return
        self.flow.pause_reading()
        self.transport.write(head)
        self._rest = memoryview(answer.body)
        self._go_on()

    def _date(self) -> bytes:
        """What uvicorn says of each answer, each second anew."""
        given = self.server_state.default_headers
        if given is not self._dated[0]:
            self._dated = given, b"".join(b"%b: %b\r\n" % pair for pair in given)
        return self._dated[1]

    def _go_on(self) -> None:
        """Hand over parts as long as they leave, and let others come in between."""
        for _ in range(TURN):
            if self._rest is None or self.flow.write_paused or self.transport.is_closing():
                return
            part, rest = self._rest[:PART], self._rest[PART:]
            self._rest = rest or None
            self.transport.write(part)
            if not rest:
                self.flow.resume_reading()
                self._has_gone_out()
                return
        self.loop.call_soon(self._go_on)

    def resume_writing(self) -> None:
        """Go on with what is on its way."""
        super().resume_writing()
        self._go_on()

    def _has_gone_out(self) -> None:
        """Wait some seconds for another request: one clock, which looks when it rings."""
        if self._closes:
            self.transport.close()
            return
        self._since = self.loop.time()
        if self._pause is None:
            self._pause = self.loop.call_later(self.timeout_keep_alive, self._ring)

    def _ring(self) -> None:
        self._pause = None
        left = self._since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._pause = self.loop.call_later(left, self._ring)
        elif self._is_between():
            self.transport.close()

    def _end_pause(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None

    def shutdown(self) -> None:
        """Finish what is on its way."""
        if self._rest is None:
            super().shutdown()
        self._closes = True

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what is on its way."""
        self._rest = None
        self._end_pause()
        super().connection_lost(exc)


def _refusal(why: Refusal) -> bytes:
    """The answer to a connection that was not let in, whatever it asks."""
    status, text = TOLD[why]
    return (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nRetry-After: 30\r\n"
        f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}"
    ).encode("ascii")
