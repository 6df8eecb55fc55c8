"""The sender: all that is due goes out on so many connections.

It knows no database: a `Worker` claims and records.
"""

from __future__ import annotations

from publisher.delivery import threads, turns
from publisher.delivery.batches import Worker
from publisher.delivery.clock import Clock, Stop
from publisher.delivery.course import Line
from publisher.delivery.smtp import Smtp
from publisher.delivery.transport import Transport
from publisher.errors import TransportDown


class Sender:
    """Up to so many connections, which are kept from one run to the next if they are SMTP's.

    A pace lets a few messages go each second: to say goodbye after these, and to greet again for
    the next, costs both sides TLS and AUTH, and looks like an attack. Whoever has one closes it.
    """

    def __init__(
        self, transport: Transport, *, connections: int, per_connection: int, clock: Clock
    ) -> None:
        self._clock = clock
        self._in_turns = isinstance(transport, Smtp)
        self._lines = [
            Line(transport, per_connection, in_turns=self._in_turns) for _ in range(connections)
        ]

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, worker: Worker, stop: Stop, most: int | None = None) -> TransportDown | None:
        """Send all that is due, on `most` of the connections; return when nothing is.

        After `stop` each connection ends the message it is at. One that does not open leaves the
        work to the others, and is returned. Raises TransportRefused, and what else went wrong.
        """
        lines = self._lines[:most]
        down = (turns if self._in_turns else threads).run(worker, lines, stop, self._clock)
        if stop.error is not None:
            raise stop.error
        return down[0] if down else None

    def rest(self, seconds: float) -> None:
        """Have nothing to send for so long: what a server would not keep open is closed."""
        now = self._clock.seconds()
        turns.drive([line.rest(now, seconds) for line in self._open()], self._clock)

    def close(self) -> None:
        """Say goodbye on all of them, at once."""
        turns.drive([line.close() for line in self._open()], self._clock)

    def _open(self) -> list[Line]:
        return [line for line in self._lines if line.is_open]
