"""Mail scanners and fuzzers: whatever asks for whatever, nothing changes and nothing breaks."""

import http.client
import re
import socket
import sqlite3
import threading
from email import message_from_bytes, policy
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.acceptance.test_health import serving_all
from tests.acceptance.test_service import join
from tests.acceptance.test_web import TWO, confirmations, signing_up
from tests.site import AT, NO_PAGES


def state(site):
    """Every row of the ledger, but for sums of what was asked."""
    with sqlite3.connect(site.root / ".publisher/ledger.db") as db:
        names = [
            name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        tables = sorted(set(names) - {"counts", "feed_readers", "alembic_version"})
        return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def links_of(mail):
    """Every web address in a message: in its headers, its HTML, its text."""
    texts = [str(value) for value in mail.values()]
    texts += [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    found = {link for text in texts for link in re.findall(r"https?://[^\s\"'<>)]+", text)}
    return {link.replace("&amp;", "&") for link in found}


def mails(site):
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (site.root / "outbox/mail/new").iterdir()
    ]


@pytest.mark.slow
def test_a_crawler_that_follows_every_link_of_every_mail_changes_no_state(site):
    site.config(TWO.replace(NO_PAGES, "[web]\nclicks = true\nlink_in_mails = true\n"))
    site.story("a")
    site.story("b")
    join(site, "ana", "ben")
    site.build()
    site.run("send", "morning", "--yes", "--at", AT)
    site.run("deliver", "--at", AT)
    site.build("2026-11-24 07:30")
    with serving_all(site) as web:
        signing_up(web, "new@x.example")
        confirmations(web)
        links = {link for mail in mails(site) for link in links_of(mail)}
        ours = sorted(link for link in links if link.startswith("https://test.example/"))
        kinds = {urlsplit(link).path.split("/")[1] for link in ours}
        assert {"unsubscribe", "preferences", "confirm", "to", "newsletters"} <= kinds
        before = state(site)
        for link in ours:
            path = link.removeprefix("https://test.example")
            for method in ("GET", "HEAD", "OPTIONS"):
                for follow in (path, f"{path}/", f"{path}?utm_source=scanner"):
                    assert web.ask(method, follow).status in (200, 302, 404, 405), follow
        assert state(site) == before
        assert web.standing("ana") == {"morning": "active"}
        assert web.space.ledger.readers.find("new@x.example") is None


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    from tests.site import Site

    site = Site(tmp_path_factory.mktemp("fuzz") / "site")
    site.config(TWO.replace(NO_PAGES, "[web]\nclicks = true\n"))
    site.story("a", section="world")
    join(site, "ana")
    site.build()
    site.run("send", "morning", "--yes", "--at", AT)
    site.run("deliver", "--at", AT)
    site.build("2026-11-24 07:30")
    with serving_all(site) as web:
        signing_up(web, "new@x.example")
        ((_, confirm),) = confirmations(web)
        web.known = [web.link("ana"), web.link("ana", "morning"), confirm]
        yield web


ROUTES = [
    "/", "/a/", "/style.css", "/sitemap.xml", "/feeds/", "/feeds/atom.xml", "/subscribe",
    "/unsubscribe/", "/preferences/", "/confirm/", "/to/", "/to/morning@2026-11-24T0700/",
    "/newsletters/morning/", "/favicon.ico",
]  # fmt: skip
TEXT = st.text(max_size=40)
PIECE = st.one_of(
    TEXT, st.sampled_from(["..", "%00", "%2e%2e", "\r\nX: y", "0", "9" * 30, "\ud800"])
)
FIELDS = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from(
                [
                    "newsletter",
                    "address",
                    "action",
                    "language",
                    "zone",
                    "website",
                    "List-Unsubscribe",
                    "frequency.morning",
                ]
            ),
            TEXT,
        ),
        st.one_of(
            st.sampled_from(
                ["morning", "noon", "save", "leave", "One-Click", "en", "UTC", "a@x.example", ""]
            ),
            TEXT,
        ),
    ),
    max_size=6,
)


def encoded(text):
    return quote(text.encode("utf-8", "surrogatepass"))


@pytest.mark.slow
@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_request_of_any_kind_to_any_route_is_a_fault_of_ours(target, data):
    method = data.draw(
        st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "TRACE"])
    )
    path = data.draw(st.sampled_from(ROUTES + target.known))
    if data.draw(st.booleans()):
        path += encoded(data.draw(PIECE))
    if data.draw(st.booleans()):
        path += "?" + encoded(data.draw(PIECE)) + "=" + encoded(data.draw(PIECE))
    names = ["accept-encoding", "if-none-match", "if-modified-since", "range", "if-range", "host",
             "x-forwarded-for", "x-forwarded-host", "user-agent", "accept-language", "cookie",
             "content-type", "purpose"]  # fmt: skip
    headers = data.draw(st.dictionaries(st.sampled_from(names), TEXT, max_size=4))
    headers = {name: encoded(value) for name, value in headers.items()}
    body = None
    if method in ("POST", "PUT"):
        pairs = data.draw(FIELDS)
        body = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in pairs)
        kind = data.draw(
            st.sampled_from(
                [
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=b",
                    "multipart/form-data",
                    "text/plain",
                    "application/json",
                ]
            )
        )
        headers["content-type"] = kind
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status < 500, (method, path, headers, body)
    assert target.wrong == []


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    noise=st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=80).map(lambda b: b"GET /" + b + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
        st.binary(max_size=80).map(
            lambda b: b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n" + b
        ),
    )
)
def test_noise_on_the_line_is_refused_and_ends_nothing(target, noise):
    for port in (target.port, target.operator):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            line.sendall(noise)
            line.shutdown(socket.SHUT_WR)
            head = line.recv(65_536).partition(b"\r\n")[0]
        assert not head.startswith(b"HTTP/1.1 5"), (noise, head)
    assert threading.active_count() > 1
    assert target.ask("GET", "/").status == 200
