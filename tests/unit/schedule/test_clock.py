"""The alarm clock rings every so often, and at once where it is asked to."""

from threading import Event, Timer

from publisher.schedule.clock import ring

LONG = 3600.0  # seconds between two turns: none comes by itself


def test_a_turn_can_be_had_at_once_until_the_clock_has_stopped():
    stop, turns, offered = Event(), [], []

    def work():
        turns.append("turn")
        stop.set()

    def offer(at_once):
        offered.append(at_once)
        at_once()

    patience = Timer(60, stop.set)  # a clock that does not ring ends without a turn
    patience.start()
    ring(work, stop, LONG, offer)
    patience.cancel()
    offered[0]()
    assert turns == ["turn"]
