"""Who calls is verified, or refused: forged calls, old ones, and hostile bodies."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.errors import ConfigError
from publisher.model import ProviderSettings
from publisher.returns.webhooks import Call, Forged, Unable, Unreadable, hook_of
from publisher.returns.webhooks.call import content_of, moment
from publisher.returns.webhooks.mailgun import Tokens
from tests.unit.returns.webhooks.calls import (
    AT,
    CERTIFICATE,
    SECRET,
    TOPIC,
    certificate,
    changed,
    from_amazon,
    hook,
    mailgun,
    nobody,
    read,
    resend,
    sendgrid,
    sns,
    with_secret,
)
from tests.unit.returns.webhooks.events import (
    brevo_event,
    mailgun_event,
    postmark_bounce,
    resend_event,
    sendgrid_event,
    ses_bounce,
)

GOOD = {
    "postmark": with_secret(postmark_bounce("HardBounce")),
    "ses": sns(ses_bounce("Permanent", "NoEmail")),
    "mailgun": mailgun(mailgun_event("complained")),
    "sendgrid": sendgrid(sendgrid_event("spamreport")),
    "brevo": with_secret(brevo_event("spam")),
    "resend": resend(resend_event("email.complained")),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_call_without_its_proof_is_refused(name):
    good = GOOD[name]
    bare = replace(good, headers={})
    if name in ("mailgun", "ses"):
        bare = changed(good, signature={}, Signature="")
    with pytest.raises(Forged):
        read(name, bare)


@pytest.mark.parametrize("name", ["ses", "sendgrid", "resend"])
def test_a_body_that_was_changed_is_refused(name):
    good = GOOD[name]
    body = good.body.replace(b"ana@x.example", b"bo@x.example")
    assert body != good.body
    with pytest.raises(Forged, match="signature"):
        read(name, replace(good, body=body))


@pytest.mark.parametrize("name", ["postmark", "brevo"])
@pytest.mark.parametrize("wrong", ["", SECRET[:-1], f"{SECRET}x", SECRET.upper(), "ü" * 24])
def test_another_secret_is_refused(name, wrong):
    with pytest.raises(Forged, match="does not bring the secret"):
        read(name, with_secret(brevo_event("spam"), secret=wrong))


@pytest.mark.parametrize("value", ["", "Basic", "Basic !!", "Digest x", "basic OnNl", "Bearer "])
def test_a_malformed_secret_is_refused(value):
    with pytest.raises(Forged):
        read("brevo", replace(GOOD["brevo"], headers={"authorization": value}))


@pytest.mark.parametrize(
    "name, past",
    [("ses", 2 * 3600), ("mailgun", 9 * 3600), ("sendgrid", 25 * 3600), ("resend", 300)],
)
def test_a_call_of_long_ago_and_one_to_come_are_refused(name, past):
    good = GOOD[name]
    read(name, replace(good, at=AT + timedelta(seconds=past)))
    for at, why in ((past + 1, "too long ago"), (-301, "future")):
        with pytest.raises(Forged, match=why):
            read(name, replace(good, at=AT + timedelta(seconds=at)))


def test_a_token_of_mailgun_holds_for_one_body():
    one = hook("mailgun")
    first = mailgun(mailgun_event("complained"))
    assert one.read(first) == one.read(first)  # it tries again, and the ledger counts once
    with pytest.raises(Forged, match="another event"):
        one.read(mailgun(mailgun_event("complained", recipient="bo@x.example")))


def test_tokens_are_remembered_up_to_a_bound():
    tokens = Tokens(most=2)
    for name in ("a", "b", "c"):
        tokens.check(name, b"x")
    tokens.check("a", b"y")  # forgotten: the ledger still counts it once
    with pytest.raises(Forged):
        tokens.check("c", b"y")


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0.pem",
        "https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem",
        "https://evil.example/sns.eu-central-1.amazonaws.com/a.pem",
        "https://sns.eu-central-1.amazonaws.com@evil.example/SimpleNotificationService-0.pem",
        "https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-0.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem",
        "https://x.sns.eu-central-1.amazonaws.com/SimpleNotificationService-0.pem",
        "https://sns.eu-central-1.amazonaws.com/a.pem",
        "https://sns.eu-central-1.amazonaws.com/x/SimpleNotificationService-0.pem",
        "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0.pem?x",
        "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0.pem\n",
        "https://[sns",
        "",
        None,
        7,
    ],
)
def test_a_certificate_comes_from_amazon_or_not_at_all(url):
    with pytest.raises(Forged, match="certificate"):
        hook("ses", nobody).read(sns("x", SigningCertURL=url))


def test_a_certificate_is_fetched_once_and_nothing_is_for_a_call_of_another_topic():
    asked = []

    def fetch(url):
        asked.append(url)
        return certificate()

    one = hook("ses", fetch)
    for other in (sns("x", TopicArn=TOPIC + "s"), sns("x", said=AT - timedelta(hours=3))):
        with pytest.raises(Forged):
            one.read(other)
    assert asked == []
    one.read(GOOD["ses"])
    one.read(GOOD["ses"])
    assert asked == [CERTIFICATE]


@pytest.mark.parametrize(
    "given, error",
    [
        (b"no certificate", Unable),
        (certificate("evil.example"), Unable),
        (certificate("sns.amazonaws.com.evil.example"), Unable),
        (certificate(days=0), Forged),
    ],
    ids=["no certificate", "of another", "of a name that begins like it", "over"],
)
def test_a_certificate_that_is_none_of_sns_or_is_over_proves_nothing(given, error):
    later = replace(GOOD["ses"], at=AT + timedelta(minutes=1))
    with pytest.raises(error):
        hook("ses", lambda _: given).read(later)


def test_a_topic_is_confirmed_at_amazon_alone_and_only_when_the_request_is_signed():
    way = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    fields = {"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": way}
    asked = []

    def fetch(url):
        asked.append(url)
        return certificate()

    assert hook("ses", fetch).read(sns("You have chosen…", **fields)) == ()
    assert asked == [CERTIFICATE, way]
    elsewhere = {**fields, "SubscribeURL": "https://evil.example/?Action=ConfirmSubscription"}
    with pytest.raises(Forged, match="elsewhere"):
        hook("ses", fetch).read(sns("…", **elsewhere))
    asked.clear()
    with pytest.raises(Forged, match="signature"):
        hook("ses", fetch).read(changed(sns("…", **fields), Token="u"))
    assert asked == [CERTIFICATE]


def test_without_a_provider_or_its_secret_there_is_no_hook():
    settings = ProviderSettings()
    assert hook_of("", settings, SECRET, nobody) is None
    assert hook_of("postmark", settings, "", nobody) is None
    assert hook_of("ses", settings, SECRET, nobody) is None
    assert hook_of("ses", ProviderSettings(topic=TOPIC), "", nobody) is not None


@pytest.mark.parametrize("name", ["postmark", "mailgun", "sendgrid", "brevo", "resend"])
def test_a_secret_that_cannot_be_one_is_told_without_showing_it(name):
    with pytest.raises(ConfigError, match="PUBLISHER_WEBHOOK_SECRET") as caught:
        hook_of(name, ProviderSettings(), "too-short", nobody)
    assert "too-short" not in str(caught.value)


HOSTILE = [
    b"",
    b"{",
    b"null",
    b"7",
    b'"x"',
    b"[" * 90_000,
    b'{"a":' * 100_000,
    b'"' + b'\\"' * 4_000,
    b'{"signature": {"timestamp": "1", "token": "\\ud800", "signature": "\\udfff"}}',
    b'{"Type": "UnsubscribeConfirmation", "TopicArn": "\\ud800", "Message": "", "MessageId": "", '
    b'"SubscribeURL": "", "Timestamp": "", "Token": ""}',
    b'{"a": NaN}',
    b'{"a": 1e999999}',
    b"9" * 100_000,
    b"\xff\xfe",
    b"[" + b"{}," * 5_001 + b"{}]",
    json.dumps({"signature": [], "event-data": 7, "Type": [], "event": {}}).encode(),
]


@pytest.mark.parametrize("name", ["postmark", "brevo", "mailgun", "ses"])
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_body_is_refused_or_says_nothing(name, number):
    one = replace(with_secret({}), body=HOSTILE[number])
    with suppress(Forged, Unreadable):
        assert read(name, one) == ()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
            st.sampled_from(
                ["RecordType", "Type", "Bounce", "Metadata", "message-id", "ID", "BouncedAt",
                 "Email", "event", "email", "ts_epoch", "reason", "bounce", "hard_bounce",
                 "SuppressSending", "bouncedRecipients", "mail", "tags", "eventType"]),
            inner, max_size=6),
        max_leaves=12,
    )
)  # fmt: skip
def test_whatever_a_provider_says_is_told_or_left(content):
    """Of JSON that is signed, and of no form: no traceback, and what is told is bounded."""
    text = json.dumps(content).replace("NaN", "0").replace("Infinity", "1")
    for name in ("postmark", "brevo"):
        for told in read(name, replace(with_secret({}), body=text.encode())):
            assert told.at <= AT
            assert len(told.returned.words) <= 500
    for told in read("sendgrid", sendgrid(json.loads(text))):
        assert told.at <= AT


@given(st.text(max_size=60) | st.integers() | st.floats() | st.none())
def test_no_moment_is_an_error(value):
    assert moment(value) is None or moment(value).tzinfo is not None


def test_deep_and_long_bodies_cost_little():
    """A scan that begins anew at each letter would take hours."""
    for body in (b"[" * 999_999, b'"' + b'\\"' * 499_000, b'"\\' * 333_000):
        with pytest.raises(Unreadable):
            content_of(body)


def test_a_call_is_what_came():
    assert Call(headers={}, body=b"", at=AT).header("x") == ""
    assert from_amazon(CERTIFICATE) == certificate()
