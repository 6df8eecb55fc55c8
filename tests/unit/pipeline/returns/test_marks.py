"""What tells that a message has come before, by another way."""

from publisher.pipeline.returns.marks import headers_of, marks_of
from publisher.returns import MOST

TEXT = b"Dear editors,\nI liked the harbour.\n"


def marks(data):
    return marks_of(data, headers_of(data))


def mail(text, *headers, own=b"a@x.example"):
    return b"\n".join([*headers, b"Message-ID: <" + own + b">", b"", text])


def test_a_message_by_two_ways_is_the_same_whatever_headers_and_line_ends_they_give_it():
    piped = mail(TEXT, b"Received: by a", b"Delivered-To: x@news.example")
    fetched = mail(TEXT, b"Received: from\n b").replace(b"\n", b"\r\n")
    assert marks(piped) == marks(fetched) != (None, None)


def test_of_a_message_that_ways_cut_off_it_is_the_same_too():
    large = mail(TEXT * (MOST // len(TEXT) + 1))
    by_pipe, by_imap = large[:MOST], large.replace(b"\n", b"\r\n")[:MOST]
    assert marks(by_pipe) == marks(by_imap)


def test_two_of_a_person_under_one_id_are_two():
    one, other = mail(TEXT), mail(TEXT + b"And the lighthouse.\n")
    assert marks(one)[0] == marks(other)[0]
    assert marks(one)[1] != marks(other)[1]


def test_what_has_no_id_has_no_mark():
    assert marks(b"Subject: a\n\nMessage-ID: <a@x.example>\n") == (None, None)
