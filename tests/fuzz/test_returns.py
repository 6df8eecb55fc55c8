"""Mails that came back: whatever they are, something is read of each, and nothing is raised."""

from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publisher.model import Returned
from publisher.returns.classes import classify
from publisher.returns.making import LONGEST
from publisher.returns.reading import read_strictly
from tests.fuzz.spoilt import joined, spoilt
from tests.unit.returns.specimens import FOLDER, specimens

pytestmark = pytest.mark.slow


def is_plain(found: tuple[Returned, ...]) -> bool:
    """Whether it may stand on a terminal's line and in a database's column."""
    texts = [text for one in found for text in (one.words, one.recipient, one.token, one.server)]
    hidden = {category(letter) for text in texts for letter in text} & {"Cc", "Cs", "Zl", "Zp"}
    return bool(found) and not hidden and all(len(text) <= LONGEST for text in texts)


@given(st.binary(max_size=3000))
@example(b"=?utf-8?b?=?=")
@example(b"Subject: =?iso-2022-kr?b?GyQpQw==?=\n\n\x1b$)C\x0e!")
def test_whatever_bytes_come_something_is_read(data):
    assert is_plain(read_strictly(data))


_FIELDS = st.sampled_from(
    "From To Subject Content-Type Content-Transfer-Encoding Auto-Submitted Return-Path References"
    " List-Unsubscribe Message-ID X-Failed-Recipients Precedence".split()
)
_VALUES = st.one_of(
    st.text(max_size=60).map(lambda text: text.replace("\n", " ")),
    st.sampled_from(
        [
            "multipart/report; boundary=B", 'multipart/mixed; boundary="B', "message/rfc822",
            "message/delivery-status", "message/feedback-report", "text/html; charset=utf-16",
            "base64", "quoted-printable", "<>", "mailer-daemon@x.example", "Undelivered mail",
            "=?gb18030?b?z7XNs83L0MU=?=", "Automatic reply", "unsubscribe",
        ]
    ),
)  # fmt: skip


@given(st.lists(st.tuples(_FIELDS, _VALUES), max_size=8), st.lists(_VALUES, max_size=12))
def test_mails_of_true_fields_and_false_values_are_read(fields, lines):
    head = "".join(f"{name}: {value}\n" for name, value in fields)
    body = "\n--B\n".join(lines)
    assert is_plain(read_strictly(f"{head}\n--B\n{body}".encode("utf-8", "surrogatepass")))


PIECES = [
    b"\n", b"\n\n", b"--B", b"--B--", b"Content-Type: multipart/mixed; boundary=B\n", b"\x1b$B", b"\0",
    b"Content-Transfer-Encoding: base64\n", b"<a@x.example>:", b"550 5.1.1 ", b"=?utf-8?b?", b"?=",
    b"Final-Recipient: rfc822;", b"Action: delayed\n", b"Subject: Re: unsubscribe\n", b"\xed\xa0\x80",
]  # fmt: skip


@given(spoilt([one.message for one in specimens(FOLDER)], PIECES))
def test_a_spoilt_mail_of_the_corpus_is_read(message):
    assert is_plain(read_strictly(message))


@given(st.text(max_size=12), joined([piece.decode("latin-1") for piece in PIECES]))
def test_whatever_a_server_says_has_a_class(status, words):
    found = classify(status, words.decode())
    assert found in ("dead", "full", "refused", "transient", "unknown")
