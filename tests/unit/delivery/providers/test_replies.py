"""What providers answer, as they publish it, and what it is taken for."""

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.delivery import judge
from publisher.delivery.providers import Answer, Credentials, api_of, promise_rows
from publisher.delivery.providers.parts import (
    mailbox,
    mark_of,
    message_id_in,
    once_key,
    parts_of,
)
from publisher.delivery.providers.promises import PROMISES, ROWS
from publisher.delivery.providers.replies import kind_of, reply_of, wait_of
from publisher.delivery.providers.sigv4 import signed
from publisher.model import ProviderSettings
from tests.unit.delivery.test_message import READER, message

DATE = "Tue, 24 Nov 2026 07:00:00 GMT"


def provider(name):
    settings = ProviderSettings(base_url="https://x.example", region="eu-west-1")
    return api_of(name, settings, "news.example", {"PUBLISHER_PROVIDER_KEY": "k"}).provider


def answer(status, content=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, body=json.dumps(content or {}).encode())


def postmark(code, words, status=422):
    return "postmark", answer(status, {"ErrorCode": code, "Message": words})


def ses(kind, words, status=400):
    return "ses", answer(status, {"message": words}, x_amzn_errortype=kind)


def mailgun(status, words):
    return "mailgun", answer(status, {"message": words})


def sendgrid(status, words, field=None):
    return "sendgrid", answer(status, {"errors": [{"message": words, "field": field}]})


def brevo(status, code, words=""):
    return "brevo", answer(status, {"code": code, "message": words})


def resend(status, name, words=""):
    return "resend", answer(status, {"statusCode": status, "name": name, "message": words})


CASES = [
    (*postmark(0, "OK", 200), "taken"),
    (*postmark(10, "Bad or missing Server API token.", 401), "sender"),
    (*postmark(100, "Maintenance"), "later"),
    (*postmark(300, "Invalid 'To' address: 'ana@'."), "address"),
    (*postmark(300, "Invalid email request: no subject"), "message"),
    (*postmark(400, "The Sender Signature was not found"), "sender"),
    (*postmark(401, "Sender signature not confirmed"), "sender"),
    (*postmark(405, "Not allowed to send: out of credits"), "quota"),
    (*postmark(406, "You tried to send to a recipient that has been marked as inactive."), "dead"),
    (*postmark(412, "Your account is pending approval"), "sender"),
    (*postmark(413, "Account may not send"), "sender"),
    (*postmark(1235, "The 'MessageStream' provided does not exist"), "sender"),
    (*postmark(429, "Rate limit exceeded", 429), "pace"),
    (*postmark(0, "", 500), "unknown"),
    (*ses("TooManyRequestsException", "Too many requests", 429), "pace"),
    (*ses("TooManyRequestsException", "Daily message quota exceeded.", 429), "quota"),
    (*ses("ThrottlingException", "Maximum sending rate exceeded."), "pace"),
    (*ses("LimitExceededException", "limit"), "quota"),
    (*ses("AccountSuspendedException", "suspended"), "sender"),
    (*ses("SendingPausedException", "paused"), "sender"),
    (*ses("MailFromDomainNotVerifiedException", "x"), "sender"),
    (*ses("MessageRejected", "Email address is not verified. The following identities…"), "sender"),
    (*ses("MessageRejected", "Transaction failed: virus"), "message"),
    (*ses("NotFoundException", "Configuration set <x> does not exist", 404), "sender"),
    (*ses("BadRequestException", "Missing final '@domain'"), "address"),
    (*ses("BadRequestException", "Local address contains control or whitespace"), "address"),
    (*ses("AccessDeniedException", "is not authorized to perform ses:SendEmail", 403), "sender"),
    (*ses("InternalFailure", "", 500), "unknown"),
    (*ses("ServiceUnavailable", "", 503), "later"),
    (*mailgun(200, "Queued. Thank you."), "taken"),
    (*mailgun(400, "'to' parameter is not a valid address. please check documentation"), "address"),
    (*mailgun(400, "'from' parameter is missing"), "message"),
    (*mailgun(403, "Domain x is not allowed to send: account is not activated"), "sender"),
    (*mailgun(429, "Domain x is not allowed to send: recipient limit exceeded"), "quota"),
    (*mailgun(429, "Too many requests"), "pace"),
    (*mailgun(401, "Forbidden"), "sender"),
    (*mailgun(404, "Domain not found: x"), "sender"),
    (*sendgrid(202, ""), "taken"),
    (
        *sendgrid(400, "Does not contain a valid address.", "personalizations.0.to.0.email"),
        "address",
    ),
    (
        *sendgrid(403, "The from address does not match a verified Sender Identity.", "from"),
        "sender",
    ),
    (*sendgrid(401, "Maximum credits exceeded"), "quota"),
    (*sendgrid(401, "The provided authorization grant is invalid"), "sender"),
    (*sendgrid(413, "too large"), "message"),
    (*sendgrid(429, "too many requests"), "pace"),
    (*brevo(201, ""), "taken"),
    (*brevo(400, "duplicate_request", "…"), "taken"),
    (*brevo(402, "not_enough_credits"), "quota"),
    (*brevo(400, "invalid_parameter", "email is not valid in to"), "address"),
    (*brevo(400, "invalid_parameter", "valid sender email address required"), "sender"),
    (*brevo(401, "unauthorized", "Key not found"), "sender"),
    (*brevo(403, "account_under_validation"), "sender"),
    (*brevo(400, "missing_parameter", "subject is missing"), "message"),
    (*resend(200, ""), "taken"),
    (*resend(409, "invalid_idempotent_request"), "taken"),
    (*resend(409, "concurrent_idempotent_requests"), "later"),
    (*resend(422, "validation_error", "Invalid `to` field. The email address needs…"), "address"),
    (*resend(403, "validation_error", "The x.example domain is not verified."), "sender"),
    (*resend(403, "validation_error", "You can only send testing emails to your own"), "sender"),
    (*resend(401, "validation_error", "API key is invalid"), "sender"),
    (*resend(422, "invalid_from_address", "Invalid `from` field."), "sender"),
    (*resend(429, "rate_limit_exceeded", "Too many requests"), "pace"),
    (*resend(429, "daily_quota_exceeded", "You have reached your daily quota."), "quota"),
    (*resend(500, "internal_server_error"), "unknown"),
    (*resend(301, ""), "sender"),
    (*resend(418, ""), "message"),
    (*resend(599, ""), "unknown"),
    (*resend(100, ""), "unknown"),
]

VERDICTS = {
    "taken": ("accepted", ""),
    "pace": ("deferred", "transient"),
    "quota": ("deferred", "us"),
    "dead": ("bounced", "dead"),
    "address": ("failed", "unknown"),
    "later": ("deferred", "transient"),
    "unknown": ("uncertain", "transient"),
}


@pytest.mark.parametrize("name, said, kind", CASES, ids=lambda one: str(one)[:60])
def test_an_answer_is_taken_for_what_its_documentation_says(name, said, kind):
    assert kind_of(provider(name), said) == kind
    reply = reply_of(provider(name), said)
    if kind == "sender":  # sending stops, and the message goes back
        assert (reply.stage, reply.code) == ("mail", 550)
    elif kind == "message":
        assert judge(reply).state in ("failed", "deferred")
    else:
        verdict = judge(reply)
        assert (verdict.state, verdict.about) == VERDICTS[kind], reply


def test_what_amazon_repeats_of_a_request_is_not_told():
    words = (
        "The request signature does not match.\n\nThe Canonical String:\nx-amz-security-token:t0"
    )
    _, said = ses("SignatureDoesNotMatch", words, 403)
    assert "t0" not in reply_of(provider("ses"), said).text


@given(st.sampled_from(["postmark", "ses", "mailgun", "sendgrid", "brevo", "resend"]),
       st.integers(100, 599), st.binary(max_size=200), st.text(max_size=40))  # fmt: skip
def test_whatever_is_answered_becomes_a_reply_and_only_2yz_or_a_known_word_an_acceptance(
    name, status, body, header
):
    said = Answer(status=status, headers={"x-amzn-errortype": header}, body=body)
    reply = reply_of(provider(name), said)
    assert len(reply.text) < 600
    assert "\n" not in reply.text
    if judge(reply).state == "accepted":
        assert 200 <= status < 300 or b"duplicate_request" in body or b"idempotent" in body


@pytest.mark.parametrize(
    "headers, wait",
    [
        ({"retry_after": "7"}, 7),
        ({"retry_after": "0"}, 0),
        ({"retry_after": "2.5"}, 2.5),
        ({"retry_after": "99999999"}, 86400),
        ({"retry_after": "Tue, 24 Nov 2026 07:01:00 GMT", "date": DATE}, 60),
        ({"retry_after": "Tue, 24 Nov 2026 06:01:00 GMT", "date": DATE}, 0),
        ({"retry_after": "Tue, 24 Nov 2026 07:01:00 GMT"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "-3"}, None),
        ({"x_sib_ratelimit_reset": "30"}, 30),
        ({"x_ratelimit_reset": "1795503630", "date": DATE}, 30),
        ({"x_ratelimit_reset": "1795503630"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait_is_read_as_it_is_said(headers, wait):
    assert wait_of(answer(429, **headers)) == wait


def test_a_request_is_signed_as_amazon_shows_it():
    """The case get-vanilla of the Signature Version 4 test suite that Amazon published."""
    headers = signed(
        method="GET",
        host="example.amazonaws.com",
        path="/",
        headers={},
        body=b"",
        region="us-east-1",
        service="service",
        credentials=Credentials(
            access="AKIDEXAMPLE", secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
        ),
        at=datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
    )
    signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    assert headers["Authorization"].endswith(f"Signature={signature}")


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=300))
def test_a_message_id_comes_back_out_of_its_mark(message_id):
    assert message_id_in(mark_of(message_id)) == message_id


@given(st.text(max_size=60))
def test_no_mark_of_another_is_an_error(mark):
    assert isinstance(message_id_in(mark), str)


def test_a_message_has_one_key_and_another_has_another():
    assert once_key("a@x") == once_key("a@x") != once_key("b@x")


def test_a_message_is_taken_apart_as_it_was_put_together():
    found = parts_of(message(sender_name="Die Brücke, GmbH", reply_to="desk@news.example"))
    assert (found.sender, found.sender_name) == ("letter@news.example", "Die Brücke, GmbH")
    assert (found.subject, found.reply_to) == ("Night buses return", "desk@news.example")
    assert found.message_id == READER.message_id
    assert "<p>Dear Ana,</p>" in found.html
    assert found.text.startswith("Dear Ana,\n.a dot\nFrom the desk")
    names = {name for name, _ in found.headers}
    assert {"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"} <= names
    assert not {"Date", "From", "To", "Subject", "Message-ID", "MIME-Version"} & names
    assert all("\n" not in value and value.isascii() for _, value in found.headers)


@given(st.text(max_size=40) | st.text('"\\\\<>,@ a\\r\\n', max_size=20))
def test_a_name_never_ends_its_own_quotes_nor_begins_an_address(name):
    shown = mailbox(name, "a@x.example")
    assert shown == "a@x.example" or re.fullmatch(r'"[^"\\\\<>\r\n]+" <a@x\.example>', shown)


def test_temporary_credentials_sign_their_token():
    keys = {"access": "AKIDEXAMPLE", "secret": "s"}
    given = {"method": "GET", "host": "x", "path": "/", "headers": {}, "body": b""}
    at = datetime(2026, 11, 24, 7, tzinfo=UTC)
    place = {"region": "eu-west-1", "service": "ses", "at": at}
    plain = signed(**given, **place, credentials=Credentials(**keys))
    one = signed(**given, **place, credentials=Credentials(**keys, token="t"))
    assert one["X-Amz-Security-Token"] == "t"
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token," in one["Authorization"]
    assert one["Authorization"] != plain["Authorization"]


def test_the_table_has_a_cell_for_each_promise_and_way():
    rows = promise_rows()
    assert [row[0] for row in rows] == list(ROWS.values())
    assert all(len(row) == 1 + len(PROMISES) for row in rows)
    assert [one.way for one in PROMISES] == [
        "SMTP", "Postmark", "Amazon SES", "Mailgun", "SendGrid", "Brevo", "Resend",
    ]  # fmt: skip
