"""What a status and a server's words say of an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.returns.classes import classify, stated


@pytest.mark.parametrize(
    ("status", "words", "what"),
    [
        ("5.1.1", "", "dead"),
        ("5.1.1", "550 5.1.1 <ana@x.example>: User unknown", "dead"),
        ("", "550 No such user here", "dead"),
        ("5.0.0", "550 user unknown", "dead"),
        ("5.5.0", "Unknown recipient", "dead"),
        ("", "Sorry, no mailbox here by that name. (#5.1.1)", "dead"),
        ("5.1.10", "RESOLVER.ADR.RecipientNotFound", "dead"),
        ("5.1.2", "", "dead"),
        ("5.4.4", "Host or domain name not found. type=A: Host not found", "dead"),
        ("5.4.4", "Host or domain name not found. Host not found, try again", "transient"),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied.", "dead"),
        ("5.4.1", "", "transient"),
        ("", "550 der Empfänger ist unbekannt", "dead"),
        ("", "550 收件人不存在", "dead"),
        # the server's words go before the report's own status
        ("5.0.0", "smtp; 552 5.2.2 over quota", "full"),
        ("5.4.7", "450 4.2.2 mailbox full", "full"),
        ("4.4.7", "", "transient"),
        ("5.4.7", "delivery time expired", "transient"),
        ("4.2.2", "", "full"),
        ("4.3.1", "452 4.3.1 Insufficient system storage", "transient"),
        ("5.3.1", "", "transient"),
        ("", "550 write error: No space left on device", "transient"),
        ("", "552 user has exceeded his disk space", "full"),
        ("5.2.2", "", "full"),
        ("5.2.2", "552 5.2.2 over your sending quota", "refused"),
        ("", "450 4.1.1 <ana@x.example>: user unknown", "transient"),
        ("4.7.1", "Greylisted, try again in 5 minutes", "transient"),
        # policy, whatever it is called
        ("5.7.1", "no such user", "refused"),
        ("5.1.1", "550 5.1.1 Message rejected due to spam content", "refused"),
        ("5.7.26", "550-5.7.26 unauthenticated", "refused"),
        ("", "554 Message rejected as spam", "refused"),
        ("5.7.0", "", "refused"),
        # an address is no word
        ("", "550 <spam.blocked.policy@x.example>: no such user", "dead"),
        ("", "550 <no.such.user@x.example>: Nope", "unknown"),
        ("5.2.1", "550 5.2.1 account disabled", "unknown"),
        ("5.0.0", "", "unknown"),
        ("", "", "unknown"),
        ("garbage", "\0\ud800", "unknown"),
    ],
)
def test_a_status_and_words_have_one_class(status, words, what):
    assert classify(status, words) == what


@given(st.text(max_size=30) | st.from_regex(r"[245]\.\d\.\d{1,3}", fullmatch=True), st.text())
def test_whatever_is_said_has_a_class(status, words):
    assert classify(status, words) in ("dead", "full", "refused", "transient", "unknown")


@pytest.mark.parametrize(
    "policy", ["blocked using zen.spamhaus.org", "spam", "DMARC policy", "bad reputation"]
)
@pytest.mark.parametrize("status", ["", "5.0.0", "5.1.1", "5.7.1", "5.4.1"])
def test_a_policy_is_never_a_death(status, policy):
    assert classify(status, f"550 {status} Message {policy}") == "refused"


def test_an_address_in_numbers_is_no_status():
    assert stated("connect to 192.0.2.5 port 25: 550 5.1.1 no") == "5.1.1"
    assert stated("host 5.1.1.1 said no") == ""
