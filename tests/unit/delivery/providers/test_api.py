"""Providers' interfaces as ways out: each against a server that answers as they publish it."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from publisher.delivery import judge
from publisher.delivery.providers import Pause, api_of
from publisher.errors import TransportDown, TransportRefused
from publisher.model import Envelope, ProviderSettings
from tests.providerd import ACCESS, DOMAIN, KEY, SECRET, Server
from tests.unit.delivery.test_message import READER, message

NAMES = ("postmark", "ses", "mailgun", "sendgrid", "brevo", "resend")
TO = Envelope(sender="letter@news.example", recipient="ana@x.example")
KEYS = {
    "PUBLISHER_PROVIDER_KEY": KEY,
    "AWS_ACCESS_KEY_ID": ACCESS,
    "AWS_SECRET_ACCESS_KEY": SECRET,
}
SENDS = ("/email", "/emails", "/v3/mail/send", "/v3/smtp/email", "/v2/email/outbound-emails")


def api(name, server, keys=KEYS, seconds=None, timeout=5):
    settings = ProviderSettings(
        base_url=server.url, region="eu-central-1", timeout=timedelta(seconds=timeout)
    )
    made = api_of(name, settings, DOMAIN, keys)
    return replace(made, pause=Pause(seconds)) if seconds else made


def is_send(method, path):
    return method == "POST"


def on_send(act):
    """A script that does this to each message."""
    return lambda method, path: act if is_send(method, path) else None


def sent(name, script, **given):
    """Send a message to a server of this script; the reply, and the server."""
    with Server(script) as server:
        session = api(name, server, **given).connect()
        try:
            return session.send(TO, message(), None), server, session.is_open
        finally:
            session.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_message_is_taken_and_names_itself(name):
    reply, server, is_open = sent(name, lambda *_: None)
    assert judge(reply).state == "accepted", reply
    assert is_open
    ((recipient, message_id, _),) = server.messages
    assert (recipient, message_id) == ("ana@x.example", READER.message_id)


def test_the_key_is_looked_at_once_however_many_connections_are_opened():
    with Server() as server:
        way = api("ses", server)
        for _ in range(3):
            way.connect().close()
        asked = [path for _, path, _, _ in server.requests]
    assert asked == ["/", "/v2/email/account", "/", "/"]


def test_one_connection_carries_message_after_message():
    with Server() as server:
        session = api("ses", server).connect()
        for number in range(3):
            reader = READER._replace(message_id=f"m.{number}@news.example")
            assert judge(session.send(TO, message(reader), None)).state == "accepted"
        session.close()
        assert server.connections == 1
        assert [one for _, one, _ in server.messages] == [f"m.{n}@news.example" for n in range(3)]


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_key_is_told_before_a_message_is_touched_or_stops_the_sending(name):
    wrong = dict.fromkeys(KEYS, "wrong")
    with Server() as server:
        if name == "mailgun":  # a key that may only send looks the same there
            session = api(name, server, wrong).connect()
            reply = session.send(TO, message(), None)
            session.close()
            assert (reply.code, reply.stage) == (550, "mail")
        else:
            with pytest.raises(TransportRefused, match="does not take") as caught:
                api(name, server, wrong).connect()
            assert "wrong" not in str(caught.value)
        assert server.messages == []


@pytest.mark.parametrize("name", ["ses", "mailgun"])
def test_no_key_is_told_with_the_variable_that_it_belongs_into(name):
    with Server() as server, pytest.raises(TransportRefused, match=r"variable (PUBLISHER_|AWS_)"):
        api(name, server, {}).connect()
    assert server.requests == []


@pytest.mark.parametrize("name", NAMES)
def test_a_provider_that_does_not_answer_is_down(name):
    with Server() as server:
        pass
    with pytest.raises(TransportDown, match="does not answer"):
        api(name, server).connect()


@pytest.mark.parametrize("name", NAMES)
def test_a_provider_in_trouble_is_down_before_a_message_is_touched(name):
    with Server(lambda *_: (503, {}, {})) as server, pytest.raises(TransportDown, match="503"):
        api(name, server).connect()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "act", ["accept-close", "half", (500, {}, {}), (502, {}, {}), (504, {}, {})]
)
def test_what_may_have_been_taken_is_uncertain_and_a_cut_answer_is_one(name, act):
    reply, _, _ = sent(name, on_send(act))
    assert judge(reply).state == ("accepted" if act == "half" else "uncertain"), reply


def test_an_answer_of_a_letter_at_a_time_ends_after_three_times_the_patience():
    reply, _, is_open = sent("brevo", on_send("drip"), timeout=0.1)
    assert (reply.code, reply.stage, is_open) == (0, "dot", False)


def test_an_answer_that_never_comes_is_uncertain():
    reply, server, is_open = sent("sendgrid", on_send("hang"), timeout=0.1)
    assert (reply.code, reply.stage, is_open) == (0, "dot", False)
    assert len(server.messages) == 1  # it was taken, and nobody told us


@pytest.mark.parametrize("name", ["resend", "ses"])
def test_too_many_requests_wait_as_long_as_they_are_told_on_every_thread(name):
    clock = SimpleNamespace(now=100.0)
    acts = [(429, {"Retry-After": "7"}, {}), None]
    script = lambda method, path: acts.pop(0) if is_send(method, path) else None  # noqa: E731
    with Server(script) as server:
        way = api(name, server, seconds=lambda: clock.now)
        session = way.connect()
        reply = session.send(TO, message(), None)
        assert (reply.code, reply.stage, session.is_open) == (421, "mail", False)
        assert judge(reply).about != "us"  # it breaks no circuit
        with pytest.raises(TransportDown, match="wait 7 s"):
            way.connect()
        clock.now += 7
        again = way.connect()
        assert judge(again.send(TO, message(), None)).state == "accepted"
        again.close()


def test_without_a_time_to_wait_each_refusal_makes_it_longer_until_one_is_taken():
    clock = SimpleNamespace(now=0.0)
    pause = Pause(lambda: clock.now)
    waits = []
    for _ in range(6):
        pause.begin(None)
        waits.append(pause.left())
        clock.now += pause.left()
    assert waits == [1, 2, 5, 15, 60, 60]
    pause.end()
    pause.begin(None)
    assert pause.left() == 1


def test_a_connection_that_ends_before_the_request_took_nothing():
    reply, server, _ = sent("postmark", on_send("cut"))
    assert reply.code == 0
    assert server.messages == []


def test_an_address_that_the_provider_cannot_take_is_not_tried():
    with Server() as server:
        session = api("postmark", server).connect()
        reply = session.send(TO._replace(recipient="ü@x.example", utf8=True), message(), None)
        session.close()
    assert (reply.code, reply.status) == (550, "5.6.7")
    assert server.messages == []


@pytest.mark.parametrize("name", ("brevo", "resend"))
def test_a_message_in_doubt_that_is_sent_again_arrives_once(name):
    acts = ["accept-close", None]
    script = lambda method, path: acts.pop(0) if is_send(method, path) else None  # noqa: E731
    clock = SimpleNamespace(now=0.0)
    with Server(script) as server:
        way = api(name, server, seconds=lambda: clock.now)
        session = way.connect()
        assert judge(session.send(TO, message(), None)).state == "uncertain"
        session = way.connect()
        assert judge(session.send(TO, message(), None)).state == "accepted"
        session.close()
        assert len(server.messages) == 1


def test_a_redirect_is_followed_nowhere():
    with Server() as other:
        away = (307, {"Location": f"{other.url}/email"}, {})
        reply, _, _ = sent("postmark", on_send(away))
        assert (reply.code, reply.stage) == (550, "mail")
        assert other.requests == []


def test_a_key_that_an_answer_repeats_is_not_told():
    script = on_send((422, {}, {"ErrorCode": 300, "Message": f"bad {KEY}"}))
    reply, _, _ = sent("postmark", script)
    assert KEY not in reply.text
    assert "bad …" in reply.text


def test_headers_of_one_click_and_a_message_of_any_script_arrive_in_each_form():
    reader = READER._replace(name='Дарья "D", Ana')
    for name in ("postmark", "sendgrid", "brevo", "resend"):
        made = api(name, SimpleNamespace(url="https://x.example"))
        data = message(reader, sender_name="Brief für Ämter")
        raw = json.dumps(json.loads(made.provider.ask(TO, data, None).body), ensure_ascii=False)
        assert "List-Unsubscribe=One-Click" in raw, name
        assert "<https://news.example/unsubscribe/1.7.morning.sig>, <mailto:leave@" in raw, name
        assert "Brief für Ämter" in raw, name
        assert "Дарья" in raw, name


@pytest.mark.parametrize("name", ("ses", "mailgun"))
def test_a_provider_that_takes_a_message_as_it_is_gets_each_byte_of_it(name):
    made = api(name, SimpleNamespace(url="https://x.example")).provider
    body = made.ask(TO, message(), None).body
    if name == "ses":
        body = base64.b64decode(json.loads(body)["Content"]["Raw"]["Data"])
    assert message() in body
