"""A connection to a server that never ends what it says, or never takes what we say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.delivery import wire
from publisher.delivery.wire import LONGEST_LINE, MOST_BYTES, MOST_LINES, Wire, finished


class Connection:
    """Gives and takes so many bytes at a time, each taking so many seconds of its own clock."""

    def __init__(self, said=b"", *, at_once=1 << 20, seconds=0.0):
        self.said, self.at_once, self.each = said, at_once, seconds
        self.now, self.timeout, self.heard = 0.0, 0.0, b""

    def settimeout(self, seconds):
        self.timeout = seconds

    def _pass(self):
        if self.each > self.timeout:
            self.now += self.timeout
            raise TimeoutError("timed out")
        self.now += self.each

    def recv(self, most):
        self._pass()
        take = min(most, self.at_once)
        data, self.said = self.said[:take], self.said[take:]
        return data

    def sendmsg(self, pieces):
        return self.send(b"".join(pieces))

    def send(self, data):
        self._pass()
        self.heard += bytes(data[: self.at_once])
        return min(len(data), self.at_once)


class Endless(Connection):
    """Says the same again and again."""

    def recv(self, most):
        self._pass()
        return (self.said * (most // len(self.said) + 1))[: min(most, self.at_once)]


def wire_over(connection, timeout=10.0):
    return Wire(connection, timeout, lambda: connection.now)


@pytest.mark.parametrize(
    ("said", "code", "lines"),
    [
        (b"250 ok\r\n", 250, [b"ok"]),
        (b"250\r\n", 250, [b""]),
        (b"250 ok\n", 250, [b"ok"]),
        (b"250-one\r\n250-two\r\n250 three\r\n", 250, [b"one", b"two", b"three"]),
        (b"250-one\r\n550 no\r\n", 550, [b"one", b"no"]),  # the last line's code counts
        (b"550-\r\n550 \r\n", 550, [b"", b""]),
        (b"354 go on \r\n", 354, [b"go on"]),
        ("550 Postfach gesperrt: ß\r\n".encode(), 550, ["Postfach gesperrt: ß".encode()]),
    ],
)
def test_a_reply_has_a_code_and_lines(said, code, lines):
    assert finished(wire_over(Connection(said)).reply()) == (code, tuple(lines))


@pytest.mark.parametrize("at_once", [1, 2, 7, 4096])
def test_however_a_reply_is_cut_it_is_the_same(at_once):
    over = wire_over(Connection(b"250-a\r\n250 b\r\n354 go\r\n", at_once=at_once))
    assert finished(over.reply()) == (250, (b"a", b"b"))
    assert finished(over.reply()) == (354, (b"go",))
    assert not over.has_more


@pytest.mark.parametrize(
    "said",
    [b"what?\r\n", b"\r\n", b"25\r\n", b"2500 ok\r\n", b"250ok\r\n", b"150 x\r\n", b"600 x\r\n",
     b"250-a\r\nb\r\n", b"\xff\xfe\x00\r\n", b"+50 ok\r\n", "２５０ ok\r\n".encode()],
)  # fmt: skip
def test_what_is_no_reply_is_named(said):
    with pytest.raises(ConnectionError, match="an answer that is none"):
        finished(wire_over(Connection(said)).reply())


@pytest.mark.parametrize("said", [b"", b"250 ok", b"250-a\r\n"])
def test_a_connection_that_ends_within_a_reply_is_lost(said):
    with pytest.raises(ConnectionError, match="closed"):
        finished(wire_over(Connection(said)).reply())


@pytest.mark.parametrize("said", [b"220-a\r\n", b"220-" + b"a" * 1000 + b"\r\n", b"a", b"220 "])
def test_a_reply_without_an_end_costs_a_bounded_number_of_bytes(said):
    connection = Endless(said)
    over = wire_over(connection)
    with pytest.raises(ConnectionError, match="an answer without an end"):
        finished(over.reply())
    assert len(over._said) <= LONGEST_LINE + 4096


def test_a_reply_may_have_so_many_bytes_and_lines_and_no_more():
    fits = b"250-x\r\n" * (MOST_LINES - 1) + b"250 x\r\n"
    assert len(finished(wire_over(Connection(fits)).reply())[1]) == MOST_LINES
    with pytest.raises(ConnectionError):
        finished(wire_over(Connection(b"250-x\r\n" + fits)).reply())
    line = b"250-" + b"x" * (LONGEST_LINE - 6) + b"\r\n"
    with pytest.raises(ConnectionError):
        finished(wire_over(Connection(line * (MOST_BYTES // len(line) + 2))).reply())


def test_a_server_that_sends_a_byte_a_second_is_dead_after_one_answers_time():
    connection = Connection(b"250-slowly but surely\r\n" * 100, at_once=1, seconds=1.0)
    with pytest.raises(TimeoutError):
        finished(wire_over(connection, timeout=10.0).reply())
    assert connection.now <= 11.0


def test_a_server_that_takes_a_byte_a_second_is_dead_when_the_budget_is_spent():
    connection = Connection(at_once=1, seconds=1.0)
    over = wire_over(connection, timeout=10.0)
    over.allow(30.0)
    with pytest.raises(TimeoutError):
        finished(over.write(b"x" * 40_000))
    assert connection.now <= 31.0
    assert len(connection.heard) <= 31


def test_answers_that_each_come_in_time_are_bounded_all_together():
    connection = Connection(b"250 ok\r\n" * 100, at_once=1, seconds=1.0)  # 8 s each
    over = wire_over(connection, timeout=10.0)
    over.allow(30.0)
    with pytest.raises(TimeoutError):
        for _ in range(100):
            finished(over.reply())
    assert connection.now <= 31.0


def test_a_new_budget_begins_when_it_is_given():
    connection = Connection(b"250 ok\r\n" * 6, at_once=1, seconds=1.0)
    over = wire_over(connection, timeout=10.0)
    for _ in range(2):
        over.allow(30.0)
        assert [finished(over.reply())[0] for _ in range(3)] == [250] * 3


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=50),
            st.sampled_from(
                [b"250 ok\r\n", b"250-", b"\r\n", b"\n", b"\r", b"354 ", b"421 4.3.2 x\r\n"]
            ),
        ),
        max_size=30,
    ).map(b"".join),
    st.integers(1, 60),
)
def test_whatever_a_server_says_is_a_reply_or_an_oserror(said, at_once):
    connection = Connection(said, at_once=at_once)
    over = wire_over(connection)
    try:
        while True:
            code, lines = finished(over.reply())
            assert 200 <= code <= 599
            assert lines
            assert not any(b"\n" in line for line in lines)
    except OSError as error:
        assert str(error) in ("an answer that is none", "an answer without an end", "closed")


def test_the_bounds_are_what_the_documents_say():
    assert (wire.MOST_BYTES, wire.MOST_LINES, wire.LONGEST_LINE) == (65536, 100, 2048)
