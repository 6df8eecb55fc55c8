"""SMTP, against a server that misbehaves at every command."""

import socket
import ssl
import subprocess
from types import SimpleNamespace

import pytest

from publisher.delivery import Smtp, judge
from publisher.delivery.smtp import SmtpSession
from publisher.delivery.wire import Wire
from publisher.errors import TransportDown, TransportRefused
from publisher.model import Envelope
from tests.smtpd import Server

MESSAGE = b"Message-ID: <1@x>\r\n\r\nHello\r\n"


def envelope(name="ana", **keys):
    return Envelope(sender="letter@news.example", recipient=f"{name}@x.example", **keys)


def smtp(server, **keys):
    return Smtp(
        **{"host": "127.0.0.1", "port": server.port, "security": "none", "timeout": 60.0, **keys}
    )


def session_with(script=lambda *_: None, **keys):
    server = Server(script, **keys)
    return server, smtp(server).connect()


@pytest.fixture(params=[True, False], ids=["pipelining", "step by step"])
def features(request):
    return ("PIPELINING", "SMTPUTF8", "8BITMIME") if request.param else ()


def test_messages_go_out_one_after_the_other_on_one_connection(features):
    with Server(features=features) as server:
        session = smtp(server).connect()
        names = ["ana", "bob", "cy"]
        for name, coming in zip(names, [*names[1:], None], strict=True):
            following = envelope(coming) if coming else None
            assert session.send(envelope(name), MESSAGE, following).code == 250
        session.close()
        assert [one for one, _ in server.messages] == [f"{name}@x.example" for name in names]
        assert (server.connections, server.commands[-1]) == (1, "QUIT")
        assert server.messages[0][1] == MESSAGE


def test_with_pipelining_a_message_and_the_next_envelope_are_one_write():
    with Server() as server:
        session = smtp(server).connect()
        session.send(envelope("ana"), MESSAGE, envelope("bob"))
        before = server.writes
        session.send(envelope("bob"), MESSAGE, envelope("cy"))
        assert server.writes == before + 1
        session.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stage", "reply", "state", "goes_on"),
    [
        ("mail", "450 4.7.1 slowly", "deferred", True),
        ("rcpt", "450 4.2.0 greylisted", "deferred", True),
        ("rcpt", "550 5.1.1 no such user", "bounced", True),
        ("rcpt", "550 5.7.1 blocked", "deferred", True),
        ("data", "451 4.3.0 trouble", "deferred", True),
        ("data", "554 5.7.1 no", "deferred", True),
        ("data", "554 5.0.0 no", "failed", True),
        ("dot", "452 4.3.1 disk full", "deferred", True),
        ("dot", "554 5.7.1 spam", "deferred", True),
        ("dot", "554 5.6.0 no", "failed", True),
        ("mail", "last 421 4.3.2 closing", "deferred", False),
        ("rcpt", "last 421 4.3.2 closing", "deferred", False),
        ("data", "last 421 4.3.2 closing", "deferred", False),
        ("dot", "last 421 4.3.2 closing", "deferred", False),
        ("mail", "close", "deferred", False),
        ("rcpt", "close", "deferred", False),
        ("data", "close", "deferred", False),
        ("dot", "close", "uncertain", False),
        ("dot", "accept-close", "uncertain", False),
        ("mail", "hang", "deferred", False),
        ("rcpt", "hang", "deferred", False),
        ("data", "hang", "deferred", False),
        ("dot", "hang", "uncertain", False),
        ("dot", "nonsense", "uncertain", False),
        ("rcpt", "nonsense", "deferred", False),
        # Only 354 goes on to the data, and only 250 after the dot is acceptance.
        ("data", "250 2.0.0 ok", "deferred", False),
        ("data", "200 ok", "deferred", False),
        ("data", "220 ok", "deferred", False),
        ("data", "299 ok", "deferred", False),
        ("data", "334 go on", "deferred", False),
        ("data", "350 go on", "deferred", False),
        ("data", "353 go on", "deferred", False),
        ("dot", "251 forwarded", "uncertain", False),
        ("dot", "252 perhaps", "uncertain", False),
        ("dot", "200 ok", "uncertain", False),
        ("dot", "299 ok", "uncertain", False),
        ("dot", "354 more", "uncertain", False),
        ("dot", "150 working", "uncertain", False),
        ("dot", "666 devilish", "uncertain", False),
        ("rcpt", "354 go on", "deferred", False),
        ("mail", "354 go on", "deferred", False),
        # Bounds, and what comes unasked.
        ("dot", "250-" + "\r\n250-".join("x" * 200), "uncertain", False),
        ("dot", "250 " + "x" * 3000, "uncertain", False),
        ("rcpt", "550-" + "\r\n550-".join("x" * 200), "deferred", False),
        ("mail", "250-" + "x" * 5000, "deferred", False),
        ("data", "354 go on\r\n250 2.0.0 kept already", "deferred", False),
        ("data", "354 go on\r\n421 4.3.2 closing", "deferred", False),
    ],
)
def test_whatever_a_server_does_to_one_message_the_next_one_arrives(
    features, stage, reply, state, goes_on
):
    answers = [reply]

    def script(at, recipient):
        of = "ana" if at == "mail" else "bob"  # MAIL comes before its own RCPT
        return answers.pop() if at == stage and of in recipient and answers else None

    with Server(script, features=features) as server:
        patience = 1.0 if reply == "hang" else 60.0
        session = smtp(server, timeout=patience).connect()
        for name, coming in (("ana", "bob"), ("bob", "cy"), ("cy", None)):
            if not session.is_open:
                session = smtp(server, timeout=patience).connect()
            found = session.send(envelope(name), MESSAGE, envelope(coming) if coming else None)
            verdict = judge(found)
            if name == "bob":
                assert (verdict.state, session.is_open) == (state, goes_on)
            else:
                assert verdict.state == "accepted", found
        session.close()
        kept = [one.split("@")[0] for one, _ in server.messages]
        taken = stage == "dot" and (reply == "accept-close" or reply.startswith("2"))
        assert kept == (["ana", "bob", "cy"] if taken else ["ana", "cy"])


THREE = b"250 ok\r\n250 ok\r\n354 go on\r\n"


def answered(turn, peer, *pieces):
    """What a turn returns, where the server says a piece each time that it is waited for."""
    waiting = list(pieces)
    try:
        while True:
            next(turn)
            peer.sendall(waiting.pop(0))
    except StopIteration as end:
        return end.value


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (THREE, 250),
        (THREE + b"421 closing\r\n", 421),
        (THREE + b"250 kept already\r\n", 0),
        (b"250 ok\r\n550 5.1.1 no\r\n354 go on\r\n", 550),
        (b"250 ok\r\n250 ok\r\n451 no\r\n", 451),
    ],
)
def test_answers_that_come_together_as_before_are_read_to_the_letter(answers, code):
    ours, peer = socket.socketpair()
    with ours, peer:
        wire = Wire(ours, 5.0)
        client = SimpleNamespace(wire=wire, esmtp_features={"pipelining": ""}, close=ours.close)
        session = SmtpSession(client, 5.0)
        session.take_turns()
        ana, bob, cy = map(envelope, ("ana", "bob", "cy"))
        first = answered(session.talk(ana, MESSAGE, bob), peer, THREE, b"250 ok\r\n" + THREE)
        assert first.code == 250
        second = answered(session.talk(bob, MESSAGE, cy), peer, b"250 ok\r\n" + answers)
        assert second.code == 250
        assert answered(session.talk(cy, MESSAGE, None), peer, b"250 ok\r\n").code == code


def test_a_connection_lost_in_the_middle_of_a_message_is_no_doubt():
    server, session = session_with(lambda stage, _: "close" if stage == "body" else None)
    with server:
        reply = session.send(envelope(), MESSAGE + b"x" * 20_000_000 + b"\r\n", None)
        assert (judge(reply).state, reply.stage) == ("deferred", "data")
        assert not session.is_open


def test_an_announced_envelope_that_does_not_come_closes_without_a_message():
    with Server() as server:
        session = smtp(server).connect()
        session.send(envelope("ana"), MESSAGE, envelope("bob"))
        session.skip()
        assert not session.is_open
        session.close()
        again = smtp(server).connect()
        assert again.send(envelope("cy"), MESSAGE, None).code == 250
        again.close()
        assert [one for one, _ in server.messages] == ["ana@x.example", "cy@x.example"]


def test_an_address_beyond_ascii_goes_to_servers_that_take_it_only():
    wanted = Envelope(sender="letter@news.example", recipient="用户@xn--fsqu00a.example", utf8=True)
    with Server() as server:
        session = smtp(server).connect()
        assert session.send(envelope(), MESSAGE, wanted).code == 250
        assert session.send(wanted, MESSAGE, None).code == 250
        assert "MAIL FROM:<letter@news.example> SMTPUTF8 BODY=8BITMIME" in server.commands
        session.close()
    with Server(features=("PIPELINING",)) as server:
        session = smtp(server).connect()
        assert session.send(envelope(), MESSAGE, wanted).code == 250
        reply = session.send(wanted, MESSAGE, envelope("bob"))
        assert (judge(reply).state, reply.status, session.is_open) == ("failed", "5.6.7", True)
        assert session.send(envelope("bob"), MESSAGE, None).code == 250
        session.close()


@pytest.mark.parametrize("address", ["x@y.z> NOTIFY=NEVER", "a@x\r\nRCPT TO:<b@x>", "a b@x", "\0"])
def test_no_address_injects_into_an_envelope(address):
    with Server() as server:
        session = smtp(server).connect()
        with pytest.raises(ValueError, match="cannot stand in an envelope"):
            session.send(Envelope(sender="a@x.example", recipient=address), MESSAGE, None)
        session.close()
        assert not [line for line in server.commands if line.startswith("RCPT")]


# Opening a session


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
            folder / "key.pem",
            "-out",
            folder / "cert.pem",
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return str(folder / "cert.pem"), context


def test_starttls_is_verified_and_the_password_sent_inside_alone(certificate):
    path, context = certificate
    with Server(tls=context, features=("PIPELINING", "AUTH PLAIN")) as server:
        session = smtp(
            server, host="localhost", security="starttls", ca=path, user="u", password="p"
        ).connect()
        assert session.send(envelope(), MESSAGE, envelope("bob")).code == 250
        assert session.send(envelope("bob"), MESSAGE, None).code == 250
        session.close()
        order = [line.split(" ")[0] for line in server.commands]
        assert order.index("STARTTLS") < order.index("AUTH")


@pytest.mark.parametrize(
    ("keys", "error", "message"),
    [
        ({"security": "starttls", "host": "localhost"}, TransportRefused, "is not to be trusted"),
        (
            {"security": "starttls", "ca": True},
            TransportRefused,
            "is not to be trusted",
        ),  # another name
        ({"security": "tls", "host": "localhost", "ca": True}, TransportDown, "does not answer"),
    ],
)
def test_a_certificate_that_is_not_the_hosts_is_refused(certificate, keys, error, message):
    path, context = certificate
    with Server(tls=context) as server, pytest.raises(error, match=message):
        smtp(server, **{**keys, "ca": path if keys.get("ca") else None}).connect()


def test_a_server_without_starttls_is_refused_rather_than_trusted():
    with Server() as server, pytest.raises(TransportRefused) as refused:
        smtp(server, security="starttls").connect()
    assert 'smtp.security = "none"' in str(refused.value)


def test_what_a_server_says_in_clear_text_after_starttls_counts_for_nothing(certificate):
    path, context = certificate
    said = "220 go on\r\n250 injected"
    with (
        Server(lambda stage, _: said if stage == "starttls" else None, tls=context) as server,
        pytest.raises(TransportDown, match="in clear text after STARTTLS"),
    ):
        smtp(server, host="localhost", security="starttls", ca=path).connect()


@pytest.mark.parametrize(
    ("stage", "reply", "error", "message"),
    [
        ("greeting", "554 go away", TransportRefused, "takes no messages: 554 go away"),
        ("greeting", "421 busy", TransportDown, "takes no messages: 421 busy"),
        ("greeting", "close", TransportDown, "does not answer"),
        ("greeting", "hang", TransportDown, "does not answer: .*timed out"),
        ("greeting", "250 hello", TransportDown, "takes no messages: 250 hello"),
        ("greeting", "what?", TransportDown, "does not answer: an answer that is none"),
        ("greeting", "220-" + "a" * 5000, TransportDown, "an answer without an end"),
        ("greeting", "220-a\r\n" * 200, TransportDown, "an answer without an end"),
        ("ehlo", "250-" + "a" * 5000, TransportDown, "an answer without an end"),
        ("ehlo", "250-a\r\n" * 200, TransportDown, "an answer without an end"),
        ("auth", "235-a\r\n" * 200, TransportDown, "an answer without an end"),
        (
            "auth",
            "535 5.7.8 wrong",
            TransportRefused,
            "does not accept the user 'u' with this password",
        ),
        ("auth", "454 4.7.0 later", TransportDown, "cannot check the password now"),
        ("auth", "close", TransportDown, "does not answer"),
    ],
)
def test_a_session_that_does_not_open_says_why(stage, reply, error, message):
    with (
        Server(lambda at, _: reply if at == stage else None, features=("AUTH PLAIN",)) as server,
        pytest.raises(error, match=message) as refused,
    ):
        patience = 1.0 if reply == "hang" else 60.0
        smtp(server, timeout=patience, user="u", password="s3cret").connect()
    assert "s3cret" not in str(refused.value)


def test_a_server_that_is_not_there_is_down(free_port):
    with pytest.raises(TransportDown, match="does not answer"):
        smtp(SimpleNamespace(port=free_port())).connect()


def test_the_password_is_in_no_repr():
    assert "s3cret" not in repr(Smtp(host="h", port=1, password="s3cret"))
