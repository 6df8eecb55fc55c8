import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.returns.ways import Ours, envelope_recipient

OURS = Ours(("bounces@news.example", "Leave@News.example"))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Delivered-To: bounces+3f@news.example", "bounces+3f@news.example"),
        (
            "X-Original-To: bounces+3f@news.example\nDelivered-To: box@host",
            "bounces+3f@news.example",
        ),
        (
            "X-Original-To: box@host.example\nDelivered-To: bounces=3f@news.example",
            "bounces=3f@news.example",
        ),
        ("Envelope-to: someone@x.example,\n bounces-3f@news.example", "bounces-3f@news.example"),
        ("delivered-to: <LEAVE@news.example>", "LEAVE@news.example"),
        ("Delivered-To: box@host.example", "box@host.example"),
        ("To: bounces+3f@news.example", "bounces+3f@news.example"),
        ("To: somebody@x.example", ""),
        ("Delivered-To: box@host.example\nTo: bounces+3f@news.example", "bounces+3f@news.example"),
        (
            "Delivered-To: bounces+new@news.example\nDelivered-To: bounces+old@news.example",
            "bounces+new@news.example",
        ),
        ("Subject: Delivered-To: bounces@news.example", ""),
        ("Delivered-To:", ""),
        ("", ""),
    ],
)
def test_the_recipient_is_what_the_server_wrote(head, expected):
    for end in ("\n", "\r\n"):
        data = (head + "\n\nDelivered-To: bounces+body@news.example\n").replace("\n", end)
        assert envelope_recipient(data.encode(), OURS) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("bounces@news.example", True),
        ("BOUNCES@NEWS.EXAMPLE", True),
        ("bounces+x@news.example", True),
        ("bounces+@news.example", False),
        ("bouncesx@news.example", False),
        ("xbounces@news.example", False),
        ("bounces@news.example.evil.example", False),
        ("bounces", False),
        ("@", False),
        ("", False),
    ],
)
def test_ours_are_our_addresses_and_what_follows_them(address, expected):
    assert OURS(address) is expected


@given(st.binary(max_size=300))
def test_whatever_a_header_holds_is_read(data):
    found = envelope_recipient(b"Delivered-To: " + data, OURS)
    assert len(found) <= 320 and not any(sign in found for sign in "\r\n\t <>")


def test_a_header_without_an_end_costs_little():
    assert envelope_recipient(b"To: " + b"a" * 5_000_000, OURS) == ""
    assert envelope_recipient(b"To: a@b.example,\n" * 300_000, OURS) == ""
