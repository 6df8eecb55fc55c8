import contextlib
import smtplib
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import WayDown, WayRefused
from publisher.returns import MOST
from publisher.returns.ways import Lmtp, Ours, lmtp
from publisher.returns.ways.lmtp_conversation import Conversation

OURS = Ours(("bounces@news.example", "leave@news.example"))
MESSAGE = b"Subject: no\r\n\r\nNo\r\n"


class Taken:
    def __init__(self, failures=()):
        self.arrived, self._failures = [], list(failures)

    def __call__(self, one):
        if self._failures and (error := self._failures.pop(0)):
            raise error
        self.arrived.append(one)
        return "read"


@contextlib.contextmanager
def answering(take, place=("127.0.0.1", 0)):
    way = Lmtp(place, OURS, "news.example")
    way.collect(take)
    problems = []

    def answer():
        while not way._has_ended:
            way.stay(take, 30)
            problems.append(way.collect(take).problem)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield way, problems
    finally:
        way.end()
        thread.join()
        way.close()


def client(way):
    return smtplib.LMTP("127.0.0.1", way.port, timeout=10)


def test_each_recipient_is_answered_after_it_was_taken():
    take = Taken([None, OSError("full")])
    recipients = "bounces+1@news.example bounces+2@news.example leave@news.example".split()
    with answering(take) as (way, problems):
        to = "".join(f"RCPT TO:<{one}>\r\n" for one in recipients).encode()
        begin = b"LHLO x\r\nMAIL FROM:<>\r\n" + to + b"DATA\r\n"
        said = talk(way, begin + MESSAGE + b".\r\nQUIT\r\n")
    assert said[-4:-1] == [
        "250 2.0.0 taken",
        "451 4.3.0 it cannot be recorded now",
        "250 2.0.0 taken",
    ]
    assert [a.to for a in take.arrived] == ["bounces+1@news.example", "leave@news.example"]
    assert {a.data for a in take.arrived} == {MESSAGE}
    assert list(filter(None, problems)) == ["full"]


def test_what_is_not_for_us_is_refused():
    take = Taken()
    with answering(take) as (way, _), client(way) as one:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
            one.sendmail("a@x.example", ["editor@news.example", "bounces@other.example"], MESSAGE)
        assert {code for code, _ in caught.value.recipients.values()} == {550}
    assert take.arrived == []


def test_a_socket_in_a_folder_does_as_well(tmp_path):
    place = tmp_path / "lmtp.sock"
    take = Taken()
    with answering(take, place):
        assert place.stat().st_mode & 0o777 == 0o660
        with smtplib.LMTP(str(place)) as one:
            one.sendmail("", ["bounces@news.example"], MESSAGE)
    assert len(take.arrived) == 1
    assert not place.exists()


def talk(way, data):
    """Send bytes, and return all that is answered until the other side hangs up."""
    with socket.create_connection(("127.0.0.1", way.port), 10) as one:
        one.sendall(data)
        with contextlib.suppress(OSError):  # it has hung up by itself
            one.shutdown(socket.SHUT_WR)
        found = b""
        while piece := one.recv(65536):
            found += piece
    return found.decode().splitlines()


BEGIN = b"LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<bounces@news.example>\r\nDATA\r\n"


def test_commands_may_come_all_at_once():
    take = Taken()
    with answering(take) as (way, _):
        said = talk(way, BEGIN + MESSAGE + b".\r\n" + BEGIN + b"..x\r\n.\r\nQUIT\r\n")
    assert [line[:3] for line in said if line[3] == " "] == (
        ["220", *["250", "250", "250", "354", "250"] * 2, "221"]
    )
    assert [a.data for a in take.arrived] == [MESSAGE, b".x\r\n"]


@pytest.mark.parametrize("end", [b"\n.\n", b"\r\n.\n", b"\n.\r\n", b"\r.\r"])
def test_a_message_ends_at_its_one_end_alone(end):
    take = Taken()
    inner = b"a" + end + b"MAIL FROM:<>\r\n"
    with answering(take) as (way, _):
        talk(way, BEGIN + inner + b".\r\nQUIT\r\n")
    assert [a.data for a in take.arrived] == [inner.replace(b"\r\n.", b"\r\n")]


def test_of_a_huge_message_the_beginning_is_kept(monkeypatch):
    monkeypatch.setattr(lmtp, "LARGEST", 2 * MOST)
    take = Taken()
    with answering(take) as (way, _):
        said = talk(way, BEGIN + b"x" * (MOST + 70_000) + b"\r\n.\r\nQUIT\r\n")
        assert said[-2] == "250 2.0.0 taken"
        said = talk(way, BEGIN + b"x" * (2 * MOST + 70_000) + b"\r\n.\r\nQUIT\r\n")
        assert said[-2] == "552 5.3.4 too large"
    assert [len(a.data) for a in take.arrived] == [MOST]


def test_one_that_is_cut_off_is_not_taken():
    take = Taken()
    with answering(take) as (way, _):
        talk(way, BEGIN + MESSAGE)
    assert take.arrived == []


def test_a_line_without_an_end_is_cut_off():
    with answering(Taken()) as (way, _), contextlib.suppress(ConnectionError):
        assert talk(way, b"x" * 200_000)[-1] == "500 5.5.2 a line that is too long"


def test_so_many_connections_and_no_more(monkeypatch):
    monkeypatch.setattr(lmtp, "_CONNECTIONS", 1)
    with answering(Taken()) as (way, _), client(way):
        assert talk(way, b"") == ["421 4.3.2 too many connections"]


def test_a_port_that_is_taken_is_named():
    with answering(Taken()) as (way, _):
        other = Lmtp(("127.0.0.1", way.port), OURS, "x")
        with pytest.raises(WayDown, match="another program listens at 127"):
            other.collect(Taken())
        other.close()


@pytest.mark.parametrize("name", ["none/lmtp.sock", "x" * 200])
def test_a_socket_that_cannot_be_made_is_named(tmp_path, name):
    other = Lmtp(tmp_path / name, OURS, "x")
    with pytest.raises(WayRefused, match=r"nobody can listen at .*: (No such|AF_UNIX)"):
        other.collect(Taken())
    other.close()


# The conversation


def said(*lines):
    one = Conversation(OURS, "news.example")
    return [one.reply(line.encode()).split("\r\n")[-1] for line in lines][-1]


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["EHLO x"], "500 5.5.1 this is LMTP: say LHLO"),
        (["LHLO"], "501 5.5.4 say who you are"),
        (["MAIL FROM:<>"], "503 5.5.1 not now"),
        (["LHLO x", "RCPT TO:<bounces@news.example>"], "503 5.5.1 say MAIL first"),
        (["LHLO x", "MAIL FROM:<>", "DATA"], "503 5.5.1 no valid recipients"),
        (["LHLO x", "MAIL FROM:<a@x.example> SIZE=1000000000"], "552 5.3.4 too large"),
        (["LHLO x", "MAIL FROM:<> SIZE=" + "9" * 5000], "552 5.3.4 too large"),
        (["LHLO x", "MAIL FROM:<> XFORCE"], "555 5.5.4 a parameter that is not known"),
        (["LHLO x", "MAIL FROM:<> BODY=8BITMIME SMTPUTF8 SIZE=10"], "250 2.1.0 well"),
        (["LHLO x", "MAIL me"], "501 5.5.4 say MAIL FROM:<address>"),
        (["LHLO x", "MAIL FROM:<>", "RCPT bounces"], "501 5.5.4 say RCPT TO:<address>"),
        (["lhlo x", "mail from:<>", "rcpt to:<BOUNCES+q@NEWS.example>"], "250 2.1.5 well"),
        (["VRFY x"], "252 2.1.5 send it, and you will know"),
        (["NOOP"], "250 2.0.0 well"),
        (["RSET"], "250 2.0.0 well"),
        (["what"] * 21, "421 4.7.0 too many mistakes"),
        (["NOOP"] * 2001, "421 4.7.0 too many commands"),
    ],
)
def test_each_command_has_its_answer(lines, answer):
    assert said(*lines) == answer


def test_a_message_has_a_hundred_recipients_at_most():
    begin = ["LHLO x", "MAIL FROM:<>"]
    assert said(*begin, *["RCPT TO:<bounces@news.example>"] * 101) == (
        "452 4.5.3 too many recipients"
    )


@given(st.lists(st.binary(max_size=60), max_size=30))
def test_whatever_is_said_is_answered_on_lines_that_begin_with_a_code(lines):
    one = Conversation(OURS, "news.example")
    one.reply(b"LHLO x")
    for line in lines:
        for answer in one.reply(line).split("\r\n"):
            assert answer[:3].isdigit() and answer[3] in " -"
            assert "\r" not in answer and "\n" not in answer
