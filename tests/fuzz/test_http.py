"""Requests: whatever comes in, there is an answer below 500 or none, and others are answered."""

import re
import socket

import pytest
from hypothesis import given

from tests.acceptance.test_web import TWO, join, serving
from tests.fuzz.spoilt import examples, spoilt
from tests.site import NO_PAGES, Site

pytestmark = pytest.mark.slow

PATIENCE = 0.25  # seconds, after which an answer is not coming


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("fuzz") / "site", TWO.replace(NO_PAGES, ""))
    site.story("a")
    site.build()
    join(site, "ana")
    with serving(site) as one:
        yield one
        assert one.ask("GET", "/a/").status == 200


def request(line: str, *headers: str, body: str = "") -> bytes:
    named = ["Host: test.example", "Connection: close", *headers]
    return "\r\n".join([f"{line} HTTP/1.1", *named, "", body]).encode()


FORM = "Content-Type: application/x-www-form-urlencoded"
SEEDS = [
    request("GET /"),
    request("GET /a/", "Accept-Encoding: br, gzip;q=0.5, *;q=0", 'If-None-Match: "x"'),
    request("GET /feeds/rss.xml", "Range: bytes=0-10, 20-", "If-Modified-Since: Mon, 23 Nov 2026"),
    request("HEAD /feeds/feed.json", "If-Range: W/x"),
    request("GET /subscribe?newsletter=morning&language=de"),
    request("POST /subscribe", FORM, "Content-Length: 32", body="address=x%40x.example&chosen=morning"[:32]),
    request("POST /unsubscribe/TOKEN", FORM, "Content-Length: 26", body="List-Unsubscribe=One-Click"),
    request("POST /preferences/TOKEN", FORM, "Transfer-Encoding: chunked", body="5\r\na=b&c\r\n0\r\n\r\n"),
    request("GET /unsubscribe/TOKEN", "Cookie: a=b", "X-Forwarded-For: 203.0.113.7, ::1"),
    request("OPTIONS *"),
    request("PUT /a/", "Expect: 100-continue", "Content-Length: 3", body="abc"),
]  # fmt: skip
PIECES = [
    b"\r\n", b"\n", b"\0", b"\xff", b" ", b"\t", b":", b"%", b"%00", b"%2e%2e/", b"../", b"//", b"?", b"#",
    b"a" * 9000, b"Host: x\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"HTTP/9.9",
    b"Content-Length: 99999999999\r\n", b"Transfer-Encoding: chunked\r\n", b"Range: bytes=-0\r\n",
    b"Range: bytes=5-1,99999999999999999999-\r\n", b"Transfer-Encoding: x, chunked\r\n", b"FFFFFFFFFFFFF\r\n",
    b"Content-Type: multipart/form-data; boundary=\r\n", b"--b\r\n", b"Accept-Encoding: ;q=x\r\n",
    b"Upgrade: websocket\r\nConnection: upgrade\r\n", b"If-None-Match: \"\r\n", b"X: " + b"y" * 70_000,
    b"http://evil.example/", b"CONNECT", b"TRACE", b"/.publisher/ledger.db", b"/../publisher.toml",
]  # fmt: skip
STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})")


@examples(60)
@given(spoilt(SEEDS, PIECES))
def test_any_request_is_answered_below_500_or_not_at_all(web, data):
    answer = b""
    with socket.create_connection(("127.0.0.1", web.port), timeout=PATIENCE) as connection:
        try:
            connection.sendall(data)
            while more := connection.recv(65536):
                answer += more
        except OSError:  # it waits for more, or has closed
            pass
    if answer:
        found = STATUS.match(answer)
        assert found and int(found[1]) < 500
    assert b"Traceback" not in answer and b"base_url" not in answer and b"SQLite" not in answer
