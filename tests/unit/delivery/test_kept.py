"""Connections between messages: kept while one is due soon, closed where a server would tire."""

import contextlib
import socket
from types import SimpleNamespace

import pytest

from publisher.delivery import Clock, Smtp, Stop
from publisher.delivery.course import IDLE, Line
from tests.certificates import certificate_of
from tests.smtpd import Server
from tests.unit.delivery.queued import Queue
from tests.unit.delivery.test_turns import everyone, got, sender_to


class Paced:
    """A queue whose readers come one by one, and a clock by which nobody waits in earnest."""

    def __init__(self, server, **keys):
        self.queue, self.time = Queue(0), SimpleNamespace(now=0.0)
        clock = Clock(seconds=lambda: self.time.now, wait=lambda _, seconds: self._pass(seconds))
        self.sender = sender_to(server, clock=clock, **keys)

    def send(self, *readers, connections=None):
        self.queue.waiting.extend(self.queue.delivery(number) for number in readers)
        assert self.sender.run(self.queue, Stop(), connections) is None

    def rest(self, seconds):
        self.sender.rest(seconds)
        self._pass(seconds)

    def _pass(self, seconds):
        self.time.now += seconds


def test_a_connection_stays_open_while_the_next_message_is_due_soon():
    with Server() as server:
        paced = Paced(server)
        for number in range(5):
            paced.send(number)
            paced.rest(IDLE / 2)
        assert (server.connections, server.commands.count("QUIT")) == (1, 0)
        paced.sender.close()
        assert (server.commands.count("QUIT"), got(server)) == (1, everyone(5))


def test_a_connection_that_would_have_nothing_to_do_for_too_long_is_closed_before():
    with Server() as server:
        paced = Paced(server)
        paced.send(0)
        paced.rest(IDLE + 1)
        assert server.commands.count("QUIT") == 1
        paced.send(1)
        assert (server.connections, got(server)) == (2, everyone(2))
        paced.sender.close()


def test_a_connection_that_others_leave_nothing_to_do_is_closed_in_time():
    with Server() as server:
        paced = Paced(server, connections=2)
        paced.send(*range(20))
        assert server.connections == 2
        for number in range(20, 24):
            paced.rest(IDLE / 2)
            paced.send(number)
        assert (server.connections, server.commands.count("QUIT")) == (2, 1)
        paced.sender.close()
        assert got(server) == everyone(24)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificate_of("localhost", tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize("security", ["none", "starttls"])
@pytest.mark.parametrize("how", ["", "421 4.4.2 idle for too long", "reset"])
def test_a_server_that_closed_meanwhile_counts_nothing_against_a_reader(how, security, certificate):
    path, context = certificate
    with Server(tls=context if security == "starttls" else None) as server:
        paced = Paced(server, connections=2, security=security, host="localhost", ca=path)
        paced.send(*range(8))
        opened = server.connections
        paced.rest(1.0)
        server.hang_up(how)
        until_gone(paced.sender)
        paced.send(8)
        assert (server.connections, got(server)) == (opened + 1, everyone(9))
        paced.sender.close()
    assert paced.queue.states == {"accepted": 9, None: 9}


def until_gone(sender):
    """Wait until what a server did has come: the network takes a moment."""
    for line in sender._lines:
        if line.is_open:
            connection = line._session._wire.connection
            connection.setblocking(True)
            with socket.socket(fileno=socket.dup(connection.fileno())) as plain:
                plain.settimeout(10)
                with contextlib.suppress(ConnectionResetError):
                    plain.recv(1, socket.MSG_PEEK)
            connection.setblocking(False)


def test_what_a_server_does_at_the_next_message_counts_nothing_either():
    begun = []

    def script(stage, recipient):
        if stage == "mail":
            begun.append(stage)
            return "last 421 4.4.2 idle for too long" if len(begun) == 2 else None
        return None

    with Server(script) as server:
        paced = Paced(server, connections=1)
        paced.send(0)
        paced.rest(1.0)
        paced.send(1)
        paced.send()  # what went back is claimed anew
        assert (server.connections, got(server)) == (2, everyone(2))
        paced.sender.close()
    assert paced.queue.states == {"accepted": 2, "unsent": 1, None: 3}


def test_a_connection_that_rested_before_it_served_anybody_is_no_new_one():
    with Server() as server:
        way = Smtp(host="127.0.0.1", port=server.port, security="none", timeout=60.0)
        line = Line(way, 100, in_turns=True)
        line.open()
        assert not line.is_used
        assert list(line.rest(0.0, 1.0)) == []
        assert line.is_there()
        assert line.is_used
        for _ in line.close():
            pass


def test_after_a_stop_no_connection_is_kept():
    stop = Stop()
    with Server(lambda stage, _: stop.ask() if stage == "dot" else None) as server:
        paced = Paced(server, connections=1)
        paced.queue.waiting.append(paced.queue.delivery(0))
        paced.sender.run(paced.queue, stop)
        assert server.commands.count("QUIT") == 1
