"""Signatures: dkimpy, another's program, verifies what is signed, and refuses what was changed."""

import re
import string
from datetime import UTC, datetime, timedelta

import dkim
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.delivery import Messages, MessageSigner
from publisher.delivery.dkim import BodyDigest, body_digest, relaxed, sign
from publisher.model import Rendition, Slotted, SlotText
from tests.dkim_keys import BEGUN, DOMAIN, pair, signer, verified
from tests.unit.delivery.test_message import HEADING, READER, RENDITION

AT = datetime(2026, 11, 24, 7, tzinfo=UTC)
SLOTS = (SlotText("first_name", "html", "reader"), SlotText("first_name", "text", "reader"))


def signed(rendition=RENDITION, reader=READER, date=None, by=None, **heading):
    made = Messages(rendition, replace(HEADING, **heading), by or signer())
    return made.message(reader, date)


def plain(subject="News", html="<p>Words</p>", text="Words"):
    return Rendition(
        subject=Slotted((subject,)),
        preheader=Slotted(()),
        html=Slotted((html,) if html else ()),
        text=Slotted((text,)),
    )


def _begins(message):
    """Where a message begins below its signatures."""
    return message.index(b"\r\nFrom: ") + 2


def tags(message, name):
    field = re.search(rb"DKIM-Signature:(.*?\r\n)(?![ \t])", message, re.DOTALL)[1]
    (found,) = re.findall(rf"(?:^|;)\s*{name}=([^;]*)".encode(), field)
    return re.sub(rb"\s", b"", found).decode()


def test_a_message_has_an_rsa_signature_and_below_it_one_of_ed25519():
    message = signed()
    assert verified(message) == [True, True]
    assert re.findall(rb"a=([a-z0-9-]+);", message) == [b"rsa-sha256", b"ed25519-sha256"]
    assert message.startswith(b"DKIM-Signature:")


def test_but_for_its_signatures_a_message_is_the_same_as_without_keys():
    message = signed()
    rest = message[_begins(message) :]
    assert rest == Messages(RENDITION, HEADING).message(READER)


def test_the_same_input_gives_the_same_bytes():
    assert signed() == signed()


def test_the_signature_is_of_the_messages_own_date():
    assert tags(signed(date=AT), "t") == str(int(AT.timestamp()))
    assert tags(signed(), "t") == str(int(HEADING.date.timestamp()))


def test_no_length_of_the_body_is_told():
    message = signed()
    assert not re.search(rb"[;\s]l=", message[: _begins(message)])


def test_no_header_that_matters_can_be_added_below_or_above():
    message = signed()
    assert verified(message) == [True, True]
    for added in (
        b"From: other@evil.example\r\n",
        b"Subject: Another\r\n",
        b"List-Unsubscribe: <https://evil.example/>\r\n",
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        b"Reply-To: other@evil.example\r\n",
        b"To: others@evil.example\r\n",
        b"Content-Type: text/html\r\n",
        b"Date: Tue, 24 Nov 2026 08:00:00 +0000\r\n",
        b"Message-ID: <another@evil.example>\r\n",
        b"MIME-Version: 1.0\r\n",
    ):
        head, _, body = message.partition(b"\r\n\r\n")
        assert verified(head + b"\r\n" + added + b"\r\n" + body) == [False, False], added
        at = _begins(head)
        assert verified(head[:at] + added + head[at:] + b"\r\n\r\n" + body) == [False, False], added


def test_an_encoding_can_be_added_where_it_says_nothing_and_nowhere_else():
    multipart, text = signed(), signed(plain(html=""))
    for message, is_valid in ((multipart, True), (text, False)):
        at = _begins(message)
        added = message[:at] + b"Content-Transfer-Encoding: 7bit\r\n" + message[at:]
        assert verified(added) == [is_valid] * 2


def test_a_mail_to_one_person_lets_nobody_add_a_way_to_unsubscribe():
    message = signed(list_id="")
    assert b"\r\nList-Unsubscribe" not in message
    assert verified(message) == [True, True]
    at = _begins(message)
    added = message[:at] + b"List-Unsubscribe: <https://evil.example/>\r\n" + message[at:]
    assert verified(added) == [False, False]


@pytest.mark.parametrize("header", ["List-Id", "Feedback-ID", "Content-Language", "MIME-Version"])
def test_every_header_that_we_write_is_signed(header):
    message = signed()
    changed = re.sub(rf"(?m)^{header}: ".encode(), f"{header}: x".encode(), message)
    assert verified(changed) == [False, False]


def test_every_header_that_there_is_is_signed():
    message = signed(
        reply_to="desk@news.example", archive="https://news.example/m/", automatic=True,
        archived_at="https://news.example/m/1/",
    )  # fmt: skip
    head = message.partition(b"\r\n\r\n")[0]
    there = {name.decode().lower() for name in re.findall(rb"(?m)^([A-Za-z-]+):", head)}
    assert there - {"dkim-signature"} <= set(tags(message, "h").lower().split(":"))


def test_a_changed_word_of_the_body_is_found():
    message = signed()
    assert verified(message.replace(b"the desk", b"the disk")) == [False, False]


def test_what_servers_do_to_spaces_and_folding_harms_nothing():
    message = signed(plain(subject="Night buses return " * 8))
    head, _, body = message.partition(b"\r\n\r\n")
    folded = head.replace(b"List-Id: ", b"list-id:\r\n\t ").replace(b"Subject: ", b"SUBJECT:  ")
    spaced = body.replace(b"--\r\n", b"-- \t\r\n") + b"\r\n\r\n"
    assert verified(folded + b"\r\n\r\n" + spaced) == [True, True]


def test_two_headers_of_a_name_are_signed_from_below():
    message = (
        b"Received: a\r\nFrom: a@news.example\r\nList-Id: <one>\r\nList-Id: <two>\r\n\r\nx\r\n"
    )
    made = sign(message, signer(), AT)
    assert verified(made) == [True, True]
    assert tags(made, "h").count("List-Id") == 2


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n\r\n", b" \r\n", b"x", b"x\r\n\r\n \t\r\n"])
def test_bodies_that_end_in_nothing_are_signed(body):
    made = sign(b"From: a@news.example\r\nSubject: s\r\n\r\n" + body, signer(), AT)
    assert verified(made) == [True, True]


def test_lines_of_the_signature_are_short():
    for by in (signer(), MessageSigner("a" * 60 + "." + "b" * 60 + ".example", (pair(),))):
        head = signed(by=by).partition(b"\r\n\r\n")[0]
        field = head[: head.index(b"\r\nFrom:")]
        assert max(map(len, field.split(b"\r\n"))) <= 160


# Which keys sign


def test_each_message_is_signed_by_the_keys_in_force_at_its_date():
    first, second = pair(), pair("s2", 2, AT)
    by = MessageSigner(DOMAIN, (second, first))
    before, after = signed(date=AT - timedelta(seconds=1), by=by), signed(date=AT, by=by)
    assert (tags(before, "s"), tags(after, "s")) == ("s1", "s2")
    assert verified(before, first, second) == verified(after, first, second) == [True, True]


def test_before_any_key_signs_a_message_is_as_without():
    by = MessageSigner(DOMAIN, (pair("s2", 2, AT), pair("s3", 2, None)))
    assert signed(date=BEGUN, by=by) == Messages(RENDITION, HEADING).message(READER, BEGUN)


# Whatever an edition and a reader say

_TEXT = st.text(max_size=120).filter(lambda text: "\0" not in text)
_LINES = st.lists(
    st.text(st.sampled_from("ab .\t=\n\r—é字ع🚆" + string.punctuation), max_size=90), max_size=6
).map("\n".join)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=25)
@given(subject=_TEXT, html=_LINES, text=_LINES, name=_TEXT, value=_LINES, sender=_TEXT)
def test_whatever_it_says_dkimpy_verifies_it(subject, html, text, name, value, sender):
    rendition = Rendition(
        subject=Slotted((subject, SlotText("first_name", "header", "you"))),
        preheader=Slotted(()),
        html=Slotted((html, SLOTS[0], html)) if html else Slotted(()),
        text=Slotted((SLOTS[1], text, SLOTS[1])),
    )
    reader = READER._replace(name=name, values={**READER.values, "first_name": value})
    assert verified(signed(rendition, reader, sender_name=sender or "x")) == [True, True]


@pytest.mark.parametrize(
    "subject",
    [
        "Ночные автобусы возвращаются на линию",
        "夜行バスが戻ってくる、十年ぶりのこと",
        "عودة حافلات الليل إلى شوارع المدينة",
        "रात की बसें लौट आई हैं",
        "Ünïcödé — “quoted” 🚆🚌",
        "=?utf-8?B?fake?= word",
        "a " * 300,
        "x" * 500,
        "trailing   spaces   ",
    ],
)
def test_a_subject_of_any_script_is_signed(subject):
    assert verified(signed(plain(subject=subject))) == [True, True]


def test_an_address_that_is_not_ascii_is_signed():
    reader = READER._replace(address="用户@例え.example".replace("例え", "xn--r8jz45g"), utf8=True)
    assert verified(signed(reader=reader)) == [True, True]


@pytest.mark.parametrize("text", ["", "\n", "\n\n", " \n \n", "a\n\n\n"])
def test_a_mail_of_text_alone_is_signed(text):
    assert verified(signed(plain(html="", text=text))) == [True, True]
    ends = Rendition(
        subject=Slotted(("x",)), preheader=Slotted(()), html=Slotted(()),
        text=Slotted((SLOTS[1],)),
    )  # fmt: skip
    for value in ("", "Ana", "\n"):
        reader = READER._replace(values={**READER.values, "first_name": value})
        assert verified(signed(ends, reader)) == [True, True]


# The canonical form


@given(st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n", b"=", b"  "])).map(b"".join))
def test_a_body_is_relaxed_as_dkimpy_does_it(body):
    from dkim.canonicalization import Relaxed

    want = Relaxed.canonicalize_body(body)
    got = relaxed(body).rstrip(b"\r\n")
    assert (got + b"\r\n" if got else b"") == (b"" if want == b"\r\n" else want) or (
        not body.endswith(b"\r\n")
    )


@given(
    st.lists(st.sampled_from([b"a b", b"", b" ", b"c\t d ", b"=", b"x  "]), max_size=6),
    st.lists(st.sampled_from([b"a b", b"", b" ", b"c\t d ", b"=", b"x  "]), max_size=6),
)
def test_a_body_hashed_in_two_steps_is_hashed_as_a_whole(first, second):
    start, rest = (b"".join(line + b"\r\n" for line in lines) for lines in (first, second))
    assert BodyDigest(start).of(relaxed(rest)) == body_digest(start + rest)
    pieces = [relaxed(line + b"\r\n") for line in second]
    assert BodyDigest(start).of(*pieces) == body_digest(start + rest)


def test_the_oracle_can_fail():
    message = signed()
    assert not dkim.DKIM(message).verify(dnsfunc=lambda *_, **__: None)
    assert verified(message, pair("s1", 2)) == [False, False]
