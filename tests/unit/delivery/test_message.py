"""A reader's message: well-formed whatever the reader and the edition say."""

import email
import email.policy
import quopri
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.delivery import Headers, Messages
from publisher.delivery.encoding import phrase, quoted, quoted_value, unstructured
from publisher.errors import ConfigError
from publisher.model import Recipient, Rendition, Slotted, SlotText

HEADING = Headers(
    sender="letter@news.example",
    sender_name="The Bayside Letter",
    list_id="morning.news.example",
    list_name="Morning",
    date=datetime(2026, 11, 24, 7, tzinfo=UTC),
    language="en",
    feedback_id="a:morning:edition:news",
    leave_by_mail="leave@news.example",
)
READER = Recipient(
    reader=7,
    address="ana@x.example",
    domain="x.example",
    message_id="m.1@news.example",
    name="Ana",
    values={
        "unsubscribe_url": "https://news.example/unsubscribe/1.7.morning.sig",
        "first_name": "Ana",
    },
)
LEAVE = SlotText("unsubscribe_url", "url", "https://news.example/unsubscribe/")
RENDITION = Rendition(
    subject=Slotted(("Night buses return",)),
    preheader=Slotted(("x",)),
    html=Slotted(
        (
            "<p>Dear ",
            SlotText("first_name", "html", "reader"),
            ',</p>\n<a href="',
            LEAVE,
            '">leave</a>\n',
        )
    ),
    text=Slotted(
        (
            "Dear ",
            SlotText("first_name", "text", "reader"),
            ",\n.a dot\nFrom the desk \n",
            SlotText("unsubscribe_url", "text", ""),
            "\n",
        )
    ),
)


def message(reader=READER, rendition=RENDITION, **heading):
    return Messages(rendition, replace(HEADING, **heading)).message(reader)


@lru_cache(maxsize=4)  # Python's own parser takes longer than all the rest
def parsed(data):
    found = email.message_from_bytes(data, policy=email.policy.SMTP)
    strict = email.message_from_bytes(data, policy=email.policy.strict)
    for part in (*found.walk(), *strict.walk()):
        assert part.defects == []
        for name, value in part.items():
            assert value.defects == () if hasattr(value, "defects") else True, name
    return found


def shown(data, header):
    """A header as mail programs show it; Python's own parser keeps blanks between encoded words."""
    raw = email.message_from_bytes(data, policy=email.policy.compat32)[header]
    name = str(make_header(decode_header(raw.rpartition("<")[0].strip())))
    return name[1:-1].replace("\\\\", "\\").replace('\\"', '"') if raw.startswith('"') else name


def parts(data):
    return {
        part.get_content_type(): part.get_content().replace("\r\n", "\n")
        for part in parsed(data).walk()
        if not part.is_multipart()
    }


def assert_well_formed(data):
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", data), "bare CR, LF or NUL"
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not [line for line in lines if line.startswith((b".", b"From "))], "nothing to stuff"
    body = data.split(b"\r\n\r\n", 1)[1]
    assert max(map(len, body.split(b"\r\n"))) <= 76
    parsed(data)


def test_a_message_to_the_letter():
    head, _, body = message().decode().partition("\r\n\r\n")
    boundary = re.search('boundary="(.+)"', head)[1]
    assert head.replace("\r\n", "\n") == (
        "From: The Bayside Letter <letter@news.example>\n"
        "To: Ana\n <ana@x.example>\n"
        "Subject: Night buses return\n"
        "Date: Tue, 24 Nov 2026 07:00:00 +0000\n"
        "Message-ID: <m.1@news.example>\n"
        "List-Id: Morning <morning.news.example>\n"
        "List-Unsubscribe: <https://news.example/unsubscribe/1.7.morning.sig>,\n"
        " <mailto:leave@news.example?subject=1.7.morning.sig>\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
        "Feedback-ID: a:morning:edition:news\n"
        "Content-Language: en\n"
        "MIME-Version: 1.0\n"
        f'Content-Type: multipart/alternative;\n boundary="{boundary}"'
    )
    assert body.replace("\r\n", "\n") == (
        f"--{boundary}\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        "Dear=20=\nAna=\n,\n=2Ea dot\n=46rom the desk=20\n=\nhttps://news.example/unsubscribe/1.7.morning.sig=\n\n\n"
        f"\n--{boundary}\n"
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        '<p>Dear=20=\nAna=\n,</p>\n<a href=3D"=\nhttps://news.example/unsubscribe/1.7.morning.sig=\n">leave</a>\n\n'
        f"\n--{boundary}--\n"
    )


def test_text_comes_first_and_both_parts_say_what_the_rendition_says():
    found = parts(message())
    assert list(found) == ["text/plain", "text/html"]
    assert found["text/plain"].strip() == RENDITION.text.filled(READER.values).strip()
    assert found["text/html"].strip() == RENDITION.html.filled(READER.values).strip()


def test_an_edition_without_html_is_plain_text():
    data = message(rendition=replace(RENDITION, html=Slotted(())))
    assert parsed(data).get_content_type() == "text/plain"


def test_the_same_reader_gets_the_same_bytes():
    assert message() == message()
    assert message() != message(READER._replace(message_id="m.2@news.example"))


def test_a_message_of_its_own_date_differs_by_that_alone():
    messages = Messages(RENDITION, HEADING)
    usual, own = (
        messages.message(READER),
        messages.message(READER, datetime(2026, 11, 25, 19, tzinfo=UTC)),
    )
    was, now = b"Date: Tue, 24 Nov 2026 07:00:00 +0000", b"Date: Wed, 25 Nov 2026 19:00:00 +0000"
    assert own == usual.replace(was, now) != usual
    assert messages.message(READER) == usual


def test_what_a_schedule_sends_says_so():
    assert "Auto-Submitted: auto-generated" in message(automatic=True).decode()
    assert "Auto-Submitted" not in message().decode()


NAMES = [
    "محمد بن سلمان",
    "अनुष्का शर्मा",
    "田中 太郎",
    "👩‍👩‍👧‍👦 Family",
    "x" * 200,
    "é" * 200,
    'O\'Neil, "Bob" <b@x.example>',
    "=?utf-8?B?aGk=?=",
    "a\\b",
    "(comment) Bob",
    "Ann Lee @home",
    ".",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_script_is_shown_as_it_is(name):
    data = message(READER._replace(name=name, values={**READER.values, "first_name": name}))
    assert_well_formed(data)
    assert [one.addr_spec for one in parsed(data)["To"].addresses] == ["ana@x.example"]
    assert shown(data, "To") == name
    assert parts(data)["text/plain"].startswith(f"Dear {name},")


@pytest.mark.parametrize("name", NAMES)
def test_a_subject_holds_the_readers_own_words(name):
    subject = Slotted(("For ", SlotText("first_name", "header", "you"), ": the news"))
    data = message(
        READER._replace(values={**READER.values, "first_name": name}),
        replace(RENDITION, subject=subject),
    )
    assert_well_formed(data)
    assert parsed(data)["Subject"] == f"For {name}: the news"


ANY = st.text(st.characters(codec="utf-8"), max_size=300)
HOSTILE = st.sampled_from(
    [
        "a\r\nBcc: z@x.example",
        "\r\n.\r\nMAIL FROM:<>",
        "\n\n--=_",
        "x\0y",
        "=3D=\r\n",
        "..",
        ".",
        "From me",
        "\u2028Bcc: x",
        "\x85",
        "\x0b",
        "=" * 100,
        "a" * 2000,
        " ",
        "a ",
    ]
)


@pytest.mark.slow
@settings(max_examples=200)
@given(ANY | HOSTILE, ANY | HOSTILE)
def test_no_value_of_a_reader_injects_anything(name, value):
    subject = Slotted(("S ", SlotText("first_name", "header", "")))
    reader = READER._replace(name=name, values={**READER.values, "first_name": value})
    data = message(reader, replace(RENDITION, subject=subject))
    assert_well_formed(data)
    found = parsed(data)
    assert set(found.keys()) == set(parsed(message()).keys())
    assert [one.addr_spec for one in found["To"].addresses] == ["ana@x.example"]
    text = replace(RENDITION).text.filled(reader.values)
    assert parts(data)["text/plain"].rstrip("\n") == text.rstrip("\n")


@settings(max_examples=200)
@given(ANY | HOSTILE)
def test_quoted_printable_decodes_to_what_it_was_made_from(text):
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    data = quoted(text)
    assert quopri.decodestring(data.replace(b"\r\n", b"\n")) == plain.encode()
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert not [line for line in lines if line.startswith((b".", b"From "))]


@settings(max_examples=200)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)
)
def test_a_value_between_two_pieces_is_itself(value):
    data = quoted("before") + b"=\r\n" + quoted_value(value) + quoted("after")
    assert quopri.decodestring(data.replace(b"\r\n", b"\n")) == f"before{value}after".encode()


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=300)
)
def test_a_header_value_comes_back_with_its_words(text):
    for name, made in (("Subject", unstructured(text, "Subject")), ("X-Name", phrase(text))):
        assert all(len(line) <= 78 for line in made.split(b"\r\n"))
        if name == "Subject":
            found = email.message_from_bytes(
                b"Subject: " + made + b"\r\n\r\n", policy=email.policy.SMTP
            )
            assert " ".join(str(found["Subject"]).split()) == " ".join(text.split())


@pytest.mark.parametrize(
    "address",
    [
        "x@y.z> NOTIFY=NEVER",
        "a@x.example\r\nBcc: b@x.example",
        "<a@x.example>",
        "a b@x.example",
        "@",
        "",
    ],
)
def test_an_address_that_could_inject_makes_no_message(address):
    with pytest.raises(ValueError, match="not an address"):
        message(READER._replace(address=address))


@pytest.mark.parametrize(
    "url", ["http://news.example/u/1", "https://x/\r\nBcc: x", "https://x/ >,<", "javascript:1"]
)
def test_only_a_clean_https_link_stands_in_list_unsubscribe(url):
    with pytest.raises(ValueError, match="not an address"):
        message(READER._replace(values={"unsubscribe_url": url}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sender", "a@b.example>\r\nX: y"),
        ("reply_to", "nobody"),
        ("list_id", "a b"),
        ("feedback_id", "a\nb"),
        ("archive", "https://a b/"),
        ("archived_at", "ftp://a.example/"),
        ("language", "en\r\n"),
        ("leave_by_mail", "x"),
    ],
)
def test_a_heading_that_cannot_be_is_refused(key, value):
    with pytest.raises(ConfigError, match="cannot stand in the header"):
        message(**{key: value})


def test_a_message_names_where_it_stands_on_the_web():
    page = "https://news.example/newsletters/morning/2026-11-24T0700/"
    data = message(archive="https://news.example/newsletters/morning/", archived_at=page)
    assert_well_formed(data)
    assert b"\r\nList-Archive: <https://news.example/newsletters/morning/>\r\n" in data
    assert f"\r\nArchived-At: <{page}>\r\n".encode() in data
    assert b"Archived-At" not in message()


def test_a_long_sender_and_list_name_are_folded():
    data = message(
        sender_name="Žluťoučký kůň " * 8,
        list_name="A list with quite a long name, and a comma, to be folded here",
    )
    assert_well_formed(data)
    assert shown(data, "From") == ("Žluťoučký kůň " * 8).strip()


def test_an_address_beyond_ascii_stands_in_utf8():
    data = message(READER._replace(address="用户@xn--fsqu00a.example", utf8=True))
    assert "\r\n <用户@xn--fsqu00a.example>\r\n".encode() in data
