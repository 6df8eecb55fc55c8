"""What each mail of the corpus says, and that no reader is called dead who reads."""

from pathlib import Path

import pytest

from publisher.returns.making import DELAYED
from publisher.returns.reading import read, read_strictly
from tests.unit.returns.scores import LATER, pairs, table
from tests.unit.returns.specimens import FOLDER, TOKEN, message_id, specimens

ALL = (*specimens(FOLDER), *specimens(LATER))
DOCS = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "returns.md"


@pytest.mark.parametrize("specimen", ALL, ids=str)
def test_a_mail_of_the_corpus_is_read_as_what_it_is(specimen):
    found = read_strictly(specimen.message)
    assert [one.what for one in found] == [one.what for one in specimen.expected]
    for one, expected in zip(found, specimen.expected, strict=True):
        if expected.recipient:
            assert one.recipient == expected.recipient
        assert {name: getattr(one, name) for name, _ in expected.more} == dict(expected.more)
        assert one.words.startswith(DELAYED) == expected.delayed
        if specimen.ours:
            assert one.token == TOKEN
            assert one.message_id == message_id(specimen.ours)


def test_the_corpus_is_as_large_as_promised_and_holds_each_family():
    assert len(ALL) >= 140
    assert len({one.family for one in ALL}) >= 17
    assert len({str(one) for one in ALL}) == len(ALL)


def test_no_auto_reply_no_refusal_and_no_person_is_read_as_dead_or_as_a_complaint():
    wrong = [
        name
        for name, _, expected, found in pairs(ALL)
        if found is not None
        and found.what in ("dead", "complaint")
        and (expected is None or expected.what != found.what)
    ]
    assert wrong == []


def test_the_table_in_the_docs_is_what_the_corpus_gives():
    assert table() in DOCS.read_text()


@pytest.mark.parametrize("specimen", ALL, ids=str)
def test_line_ends_of_the_wire_make_no_difference(specimen):
    wire = specimen.message.replace(b"\n", b"\r\n")
    assert read_strictly(wire) == read_strictly(specimen.message)


def test_words_are_one_line_of_500_characters_at_most():
    (found,) = read(
        b"From: a@leser.example\nSubject: x\n\n" + b"words\x00 \x07and \xe2\x80\xaemore\n" * 400
    )
    assert len(found.words) <= 500
    assert "\n" not in found.words
    assert "\u202e" not in found.words


def test_what_a_person_quotes_of_ours_is_no_token_of_his():
    (found,) = read(
        b"From: bob@leser.example\nSubject: Re: Fwd: Good morning\n\nunsubscribe\n\n"
        b"> https://news.example/unsubscribe/" + TOKEN.encode() + b"\n"
    )
    assert (found.what, found.token) == ("unsubscribe", "")


def test_a_message_id_of_the_report_itself_is_never_taken_for_ours():
    (found,) = read(
        b"From: MAILER-DAEMON@x.example\nTo: letter@news.example\nMessage-ID: <theirs@x.example>\n"
        b"Subject: Undelivered Mail Returned to Sender\n\n<a@x.example>: 550 user unknown\n"
    )
    assert (found.what, found.recipient, found.message_id) == ("dead", "a@x.example", "")


def test_the_last_safeguard_keeps_a_mail_that_no_reader_can_take(monkeypatch):
    def broken(message):
        raise RecursionError

    monkeypatch.setattr("publisher.returns.reading.read_strictly", broken)
    (found,) = read(b"x")
    assert (found.what, found.words) == ("unknown", "could not be read: RecursionError")


_REPORT = (
    "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; "
    "report-type=delivery-status; boundary=B\n\n--B\nContent-Type: text/plain\n\nIt failed.\n\n"
    "--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
    "{fields}\nAction: failed\nStatus: 5.1.1\n\n"
    "--B\nContent-Type: text/rfc822-headers\n\nTo: {to}\nSubject: x\n\n--B--\n"
)


@pytest.mark.parametrize(
    ("fields", "to", "recipient"),
    [
        ("Original-Recipient: rfc822;ana+2Bnews@x.example\nFinal-Recipient: rfc822;a@y.example", "", "ana+news@x.example"),
        ("Final-Recipient: rfc822; ana+2Bnews+3D1@x.example", "", "ana+news=1@x.example"),
        ("Final-Recipient: rfc822; ana+2Bnews@x.example", "ana+news@x.example", "ana+news@x.example"),
        # An address that has such signs itself: as it came back, or by a `+` that is bare.
        ("Final-Recipient: rfc822; ana+3D@x.example", "ana+3D@x.example", "ana+3D@x.example"),
        ("Final-Recipient: rfc822; ana+3Dprint+x@x.example", "", "ana+3Dprint+x@x.example"),
        ("Original-Recipient: rfc822; ana+2b@x.example", "", "ana+2b@x.example"),
        ("Final-Recipient: rfc822; ana+news@x.example", "", "ana+news@x.example"),
    ],
)  # fmt: skip
def test_a_recipient_in_xtext_is_the_address_that_it_stands_for(fields, to, recipient):
    (found,) = read_strictly(_REPORT.format(fields=fields, to=to).encode())
    assert (found.recipient, found.what) == (recipient, "dead")
