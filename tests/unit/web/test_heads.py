"""Which requests are so plain that no parser is needed."""

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.web.heads import asked

HOST = b"Host: x\r\n"


def head(line=b"GET /a HTTP/1.1", more=b"", host=HOST):
    return line + b"\r\n" + host + more + b"\r\n"


@pytest.mark.parametrize(
    ("data", "method", "path", "closes"),
    [
        (head(), "GET", "/a", False),
        (head(b"HEAD /feeds/atom.xml?from=x HTTP/1.1"), "HEAD", "/feeds/atom.xml", False),
        (head(b"GET /%E6%96%B0/ HTTP/1.1"), "GET", "/新/", False),
        (head(more=b"Connection: Keep-Alive\r\n"), "GET", "/a", False),
        (head(more=b"Connection: close\r\n"), "GET", "/a", True),
        (head(b"GET /a HTTP/1.0", host=b""), "GET", "/a", True),
    ],
)
def test_a_plain_request_is_read(data, method, path, closes):
    found = asked(data)
    assert (found.method, found.path, found.closes) == (method, path, closes)


def test_headers_have_small_names_and_no_space_around_them():
    more = b'If-None-Match:  "a", "b" \t\r\nUSER-AGENT:x: y\r\nAccept:\r\n'
    assert asked(head(more=more)).headers == {
        "host": "x", "if-none-match": '"a", "b"', "user-agent": "x: y", "accept": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b"", head()[:-1], head()[:-2], head() + b"x", head() + head(), b"\r\n" + head(),
        head(b"POST /a HTTP/1.1"), head(b"get /a HTTP/1.1"), head(b"GET a HTTP/1.1"),
        head(b"GET http://x/a HTTP/1.1"), head(b"GET  /a HTTP/1.1"), head(b"GET /a b HTTP/1.1"),
        head(b"GET /a HTTP/2.0"), head(b"GET /a HTTP/1.1 "), head(b"GET /\xc3\xa9 HTTP/1.1"),
        head(host=b""), head(more=HOST), head(more=b"host: y\r\n"),
        head(more=b"Content-Length: 0\r\n"), head(more=b"Transfer-Encoding: chunked\r\n"),
        head(more=b"content-length : 3\r\n"), head(more=b"X: a\r\n b\r\n"), head(more=b"X: a\nY: b\r\n"),
        head(more=b"X: \0\r\n"), head(more=b"X\r\n"), head(more=b": x\r\n"), head(more=b"X: a\rb\r\n"),
        head(more=b"Range: bytes=0-1\r\n"), head(more=b"If-Range: x\r\n"),
        head(more=b"Expect: 100-continue\r\n"), head(more=b"Upgrade: h2c\r\n"),
        head(more=b"Connection: upgrade\r\n"), head(more=b"Connection: close, te\r\n"),
        head(more=b"X-Forwarded-For: a\r\nX-Forwarded-For: b\r\n"), head(more=b"X: " + b"y" * 8192 + b"\r\n"),
        head().replace(b"\r\n", b"\n"),
    ],
)  # fmt: skip
def test_whatever_is_not_plain_is_left_to_the_parser(data):
    assert asked(data) is None


PIECES = [
    b"GET /a HTTP/1.1\r\n", b"HEAD /%41?b HTTP/1.0\r\n", HOST, b"\r\n", b"\n", b" ", b"\t", b":", b"\0", b"\xff",
    b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n",
    b"Connection: keep-alive\r\n", b"X: a b\xe9\r\n", b"Y:\r\n", b"Accept-Encoding: br;q=0\r\n", b"abc",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join))
def test_what_is_taken_the_parser_reads_alike_and_nothing_is_left(pieces):
    for data in (pieces, pieces + b"\r\n", b"GET /a HTTP/1.1\r\n" + HOST + pieces + b"\r\n"):
        if (found := asked(data)) is None:
            continue
        connection = h11.Connection(h11.SERVER)
        connection.receive_data(data)
        request, end = connection.next_event(), connection.next_event()
        assert (type(request), type(end)) == (h11.Request, h11.EndOfMessage)
        assert connection.trailing_data[0] == b""
        assert request.method.decode() == found.method
        said = {name.decode(): value.decode("latin-1") for name, value in request.headers}
        assert said == dict(found.headers)
        assert found.closes == (connection.their_state is h11.MUST_CLOSE)
