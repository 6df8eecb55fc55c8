"""Many connections of SMTP in one thread: each message once, and one in doubt for each of them."""

import random
from collections import Counter, deque
from types import SimpleNamespace

import pytest

from publisher.delivery import Clock, Sender, Smtp, Stop, course
from publisher.errors import StateUnavailable, TransportDown, TransportRefused
from tests.certificates import certificate_of
from tests.smtpd import Server
from tests.unit.delivery.queued import Queue


def deliver(server, queue, connections=3, per_connection=100, stop=None, clock=None, **keys):
    with sender_to(server, connections, per_connection, clock, **keys) as sender:
        return sender.run(queue, stop or Stop())


def sender_to(server, connections=3, per_connection=100, clock=None, **keys):
    way = Smtp(
        **{
            "host": "127.0.0.1",
            "port": server.port,
            "security": "none",
            "local": "here.example",
            "timeout": 60.0,
            **keys,
        }
    )
    return Sender(
        way, connections=connections, per_connection=per_connection, clock=clock or Clock()
    )


def got(server):
    return Counter(recipient for recipient, _ in server.messages)


def everyone(readers, but=()):
    names = (f"r{number}@x.example" for number in range(readers))
    return {name: 1 for name in names if name not in but}


@pytest.fixture
def impatient(monkeypatch):
    """A connection is given up after a blink, for the servers that take no more of them."""
    monkeypatch.setattr(course, "PATIENCE", (0.01, 0.01))
    monkeypatch.setattr(course, "SOON", 0.01)


@pytest.fixture(params=[True, False], ids=["pipelining", "step by step"])
def features(request):
    return ("PIPELINING",) if request.param else ()


def test_each_message_arrives_once_and_no_message_before_its_mark(features):
    queue = Queue(40)

    def script(stage, recipient):
        if stage == "dot":  # the message is here
            number = int(recipient.partition("@")[0][1:])
            assert number in queue.open

    with Server(script, features=features) as server:
        assert deliver(server, queue) is None
        assert got(server) == everyone(40)
        assert server.connections == 3
    assert queue.states["accepted"] == 40
    assert queue.doubts <= 3
    assert sorted(queue.finished) == list(range(6))


def test_a_connection_takes_so_many_messages_and_no_more():
    queue = Queue(20)
    with Server() as server:
        deliver(server, queue, connections=2, per_connection=3)
        assert got(server) == everyone(20)
        assert server.connections >= 7
        assert server.commands.count("QUIT") == server.connections
        ended = "".join(
            "Q" if line == "QUIT" else "M" if line.startswith("MAIL") else ""
            for line in server.commands
        )
        assert ended.count("M") == 20


ACTS = [None] * 12 + [
    "450 4.2.0 later", "550 5.1.1 no such user", "421 4.3.2 closing", "last 421 4.3.2 closing", "close",
    "accept-close", "nonsense", "250 2.0.0 ok", "354 go on", "250-" + "x" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_whatever_a_server_does_nobody_is_lost_and_doubles_are_the_doubts(
    features, seed, impatient
):
    rng = random.Random(seed)
    last = []

    def script(stage, recipient):
        act = rng.choice(ACTS) if stage in ("mail", "rcpt", "data", "dot") else None
        if stage == "mail" and act and act.startswith("550"):
            return None  # that refuses the sender, and ends the run
        last.append(act)
        return act

    queue = Queue(20)
    with Server(script, features=features) as server:
        for _ in range(60):
            deliver(server, queue)
            assert queue.doubts <= 3
            if not queue.waiting:
                break
        counts = got(server)
    settled = sum(queue.states[state] for state in ("accepted", "bounced", "failed"))
    assert (settled, len(queue.waiting)) == (20, 0)
    assert sum(counts.values()) - queue.states["accepted"] <= queue.states["uncertain"]
    assert queue.states["uncertain"] > 0


def test_a_server_that_answers_one_connection_late_holds_up_no_other():
    queue, first = Queue(12), []

    def script(stage, recipient):
        if stage == "dot" and (not first or recipient in first):
            first.append(recipient)
            return "hang" if len(first) == 1 else None
        return None

    with Server(script) as server:
        deliver(server, queue, connections=2, timeout=0.5)
        counts = got(server)
    assert queue.states["uncertain"] == 1
    assert queue.states["accepted"] == 12
    assert len(counts) == 12


def test_a_refusal_within_a_pipeline_is_that_readers_alone():
    def script(stage, recipient):
        return "550 5.1.1 no such user" if stage == "rcpt" and recipient == "r2@x.example" else None

    queue = Queue(6)
    with Server(script) as server:
        deliver(server, queue, connections=1)
        assert got(server) == everyone(6, but=("r2@x.example",))
        assert server.connections == 1
    assert (queue.states["accepted"], queue.states["bounced"]) == (5, 1)


def test_who_may_not_start_gets_nothing_though_the_envelope_was_announced():
    queue = Queue(6, refused={2, 3})
    with Server() as server:
        deliver(server, queue, connections=1)
        assert got(server) == everyone(6, but=("r2@x.example", "r3@x.example"))
    assert queue.states["accepted"] == 4


def test_after_a_stop_each_connection_ends_its_message_and_the_rest_goes_back():
    queue, stop = Queue(30, size=30), Stop()

    def script(stage, recipient):
        if stage == "dot":
            stop.ask()

    with Server(script) as server:
        deliver(server, queue, stop=stop)
        counts = got(server)
    assert 1 <= len(counts) <= 3
    assert queue.states["accepted"] == len(counts)
    assert not queue.open
    assert len(queue.waiting) == 30 - len(counts)


def test_a_claim_whose_lease_has_ended_is_claimed_anew():
    queue, clock = Queue(5, until=100.0), SimpleNamespace(now=99.0)

    def script(stage, _):
        if stage == "dot":  # of the first message
            clock.now, queue.until = 100.0, 1e9

    with Server(script) as server:
        deliver(server, queue, 1, clock=Clock(seconds=lambda: clock.now))
        assert got(server) == everyone(5)
    assert (queue.states["accepted"], queue.states["unsent"]) == (5, 2)  # one was in hand
    assert sorted(queue.finished)[:2] == [0, 1]


def test_what_the_database_says_against_it_ends_all_of_them():
    queue = Queue(30)

    def record(outcomes):
        raise StateUnavailable("disk I/O error")

    queue.record = record
    with Server() as server:
        with pytest.raises(StateUnavailable):
            deliver(server, queue)
        assert server.messages == []


def test_a_server_that_takes_no_more_connections_gets_all_on_those_it_has(impatient):
    queue, taken = Queue(12), []

    def script(stage, _):
        if stage == "greeting":
            taken.append(stage)
            return "421 4.7.0 too many connections" if len(taken) > 1 else None
        return None

    with Server(script) as server:
        deliver(server, queue, connections=4)
        assert got(server) == everyone(12)


def test_a_server_that_is_not_there_loses_nothing(free_port, impatient):
    queue = Queue(5)
    down = deliver(SimpleNamespace(port=free_port()), queue)
    assert isinstance(down, TransportDown)
    assert len(queue.waiting) == 5


def test_a_sender_that_is_refused_ends_the_run_and_nobody_fails():
    queue = Queue(9)
    with (
        Server(lambda stage, _: "550 5.7.1 not you" if stage == "mail" else None) as server,
        pytest.raises(TransportRefused, match="does not take mail from"),
    ):
        deliver(server, queue)
    assert queue.states.keys() <= {None, "unsent"}
    assert len(queue.waiting) == 9


def test_what_waits_for_its_turn_waits_by_the_clock_alone():
    clock = SimpleNamespace(now=0.0)

    def wait(event, seconds):
        clock.now += seconds  # nobody waits in earnest

    queue = Queue(4)
    each_minute = [one._replace(at=60.0 * place) for place, one in enumerate(queue.waiting)]
    queue.waiting = deque(each_minute)
    times = []

    def script(stage, _):
        if stage == "dot":
            times.append(clock.now)

    with Server(script) as server:
        deliver(server, queue, 2, clock=Clock(seconds=lambda: clock.now, wait=wait))
        assert got(server) == everyone(4)
    assert all(now >= 60.0 * place for place, now in enumerate(times))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificate_of("localhost", tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize("security", ["none", "starttls"])
def test_messages_that_the_network_takes_piece_by_piece_arrive_whole(security, certificate):
    path, context = certificate
    message = b"Subject: A\r\n\r\n" + b"Some text.\r\n" * 300_000
    queue = Queue(6)
    queue.messages = SimpleNamespace(message=lambda *_: message)
    tls = context if security == "starttls" else None
    with Server(tls=tls) as server:
        deliver(server, queue, 2, security=security, host="localhost", ca=path)
        assert got(server) == everyone(6)
        assert {data for _, data in server.messages} == {message}


def test_a_server_that_reads_no_further_is_given_up_and_there_is_no_doubt():
    queue, stop = Queue(2), Stop()
    queue.messages = SimpleNamespace(message=lambda *_: b"x" * 20_000_000)

    def script(stage, _):
        if stage == "body":
            stop.ask()  # this once
            return "hang"
        return None

    with Server(script) as server:
        deliver(server, queue, 1, stop=stop, timeout=0.2)
    assert (queue.states["deferred"], queue.states["uncertain"]) == (1, 0)
