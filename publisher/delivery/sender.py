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


def run(
    transport: Transport,
    worker: Worker,
    *,
    connections: int,
    per_connection: int,
    stop: Stop,
    clock: Clock,
) -> TransportDown | None:
    """Send all that is due, on up to `connections` connections; return when nothing is.

    After `stop` each connection ends the message it is at. One that does not open leaves the
    work to the others, and is returned. Raises TransportRefused, and what else went wrong.
    """
    in_turns = isinstance(transport, Smtp)
    lines = [Line(transport, per_connection, in_turns=in_turns) for _ in range(connections)]
    down = (turns if in_turns else threads).run(worker, lines, stop, clock)
    if stop.error is not None:
        raise stop.error
    return down[0] if down else None
