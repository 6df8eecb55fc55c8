"""The links in mails, over a real socket: leave, choose, and nothing else."""

import http.client
import re
import socket
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import urlencode

import pytest
from lxml import html

from publisher.audience import Signer, address, mailbox
from publisher.delivery import Stop
from publisher.model import Reply
from publisher.pipeline.keys import keys
from publisher.pipeline.readers.signups import mail_signups
from publisher.pipeline.readers.subscribers import erase
from publisher.pipeline.sends.transports import transport_of
from publisher.pipeline.workspace import Workspace
from publisher.web import Counting, Server, application, listening
from publisher.web.app import FORMS
from publisher.web.door import Door
from publisher.web.shortcuts import Shortcuts
from tests.acceptance.test_service import join, running
from tests.processes import until
from tests.site import CONFIG, NO_PAGES

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TWO = (
    CONFIG + '\n[newsletters.noon]\ntitle = "Noon"\n[[newsletters.noon.sections]]\nname = "lead"\n'
)


class Web:
    """A served site, and links as its mails have them."""

    def __init__(self, space, port, root):
        self.space, self.port, self.root = space, port, root

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, dict):
            body = urlencode(body, doseq=True)
            names.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.request(method, self.root + path, body, names)
        answer = connection.getresponse()
        answer.data = answer.read()
        answer.text = answer.data.decode("utf-8", "replace")
        connection.close()
        return answer

    def link(self, name, newsletter=None):
        reader = self.space.ledger.readers.find(f"{name}@x.example")
        signer = Signer(keys(self.space), newsletter or "")
        if newsletter:
            return f"/unsubscribe/{signer.unsubscribe(reader.id)}"
        return f"/preferences/{signer.preferences(reader.id)}"

    def standing(self, name):
        return dict(self.space.ledger.readers.find(f"{name}@x.example").subscriptions)


@contextmanager
def serving(site, root="", complain=lambda _: None):
    space = Workspace(site.root, NOW, writing=True)
    with listening("127.0.0.1", 0) as where:
        door = Door(1000)
        ways = Shortcuts(
            Counting().noting(root, "", FORMS), door
        )  # the second time, all goes by it
        app = application(space, lambda: NOW, root, complain, shortcuts=ways)
        server = Server(app, where, door, ways)
    stop = threading.Event()
    thread = threading.Thread(target=server.run, args=(stop.is_set,))
    thread.start()
    try:
        yield Web(space, server.port, root)
    finally:
        stop.set()
        thread.join()
        space.close()


@pytest.fixture
def web(site):
    site.config(TWO)
    join(site, "ana", "ben")
    join(site, "ana", newsletter="noon")
    with serving(site) as one:
        yield one


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"List-Unsubscribe": "One-Click"}, {}),
        (
            '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
            {"Content_Type": "multipart/form-data; boundary=b"},
        ),
    ],
)
def test_one_click_leaves_that_newsletter_alone_however_often(web, body, headers):
    for _ in range(2):
        answer = web.ask("POST", web.link("ana", "morning"), body, **headers)
        assert (answer.status, answer.text) == (200, "Unsubscribed.\n")
        assert answer.getheader("Set-Cookie") is None
    assert web.standing("ana") == {"morning": "unsubscribed", "noon": "active"}
    reader = web.space.ledger.readers.find("ana@x.example")
    log = [one.what for one in web.space.ledger.readers.consents(reader.id)]
    assert log == ["subscribed", "subscribed", "unsubscribed"]


def test_whatever_a_mail_scanner_follows_changes_nothing(web):
    before = (web.standing("ana"), web.standing("ben"))
    for path in (web.link("ana", "morning"), web.link("ana"), "/style.css"):
        for method in ("GET", "HEAD", "OPTIONS"):
            assert web.ask(method, path).status in (200, 405)
    assert (web.standing("ana"), web.standing("ben")) == before


def test_a_forged_link_changes_nothing_and_does_not_say_that_it_did(web):
    good = web.link("ana", "morning")
    forged, unknown = good[:-4] + "AAAA", "/unsubscribe/1.2.morning.AAAA"
    for body in (None, {}, {"List-Unsubscribe": "One-Click"}):
        method = "GET" if body is None else "POST"
        first, second = (web.ask(method, path, body) for path in (forged, unknown))
        assert web.standing("ana")["morning"] == "active"
        assert (first.status, first.text) == (second.status, second.text)  # who reads is not told
        assert (first.status, "could not be read" in first.text) == (404, True)


def test_a_person_sees_one_button_and_where_it_leads(web):
    page = web.ask("GET", web.link("ana", "morning"))
    assert page.status == 200
    assert "Do you want to stop receiving Morning?" in page.text
    assert page.text.count("<button") == 1
    assert "<script" not in page.text
    done = web.ask("POST", web.link("ana", "morning"), {})
    assert "You will not receive Morning any more." in done.text


def test_a_reader_chooses_newsletters_language_and_zone(web):
    path = web.link("ana")
    page = web.ask("GET", path)
    assert page.text.count(" checked") == 2
    form = {"newsletter": ["noon"], "language": "en", "zone": "Asia/Tokyo", "action": "save"}
    assert "Saved." in web.ask("POST", path, form).text
    assert web.standing("ana") == {"morning": "unsubscribed", "noon": "active"}
    reader = web.space.ledger.readers.find("ana@x.example")
    assert (reader.language, reader.zone) == ("en", "Asia/Tokyo")
    again = {"newsletter": ["morning", "noon", "nothing"], "zone": "Mars/One", "action": "save"}
    web.ask("POST", path, again)
    assert web.standing("ana") == {"morning": "active", "noon": "active"}
    assert web.space.ledger.readers.find("ana@x.example").zone == "Asia/Tokyo"
    web.ask("POST", path, {"newsletter": ["noon"], "action": "leave"})
    assert set(web.standing("ana").values()) == {"unsubscribed"}


def test_a_reader_looks_for_a_time_zone_and_nothing_is_saved_by_that(web):
    page = web.link("ana")
    form = {"newsletter": ["noon"], "language": "en", "zone": "Asia/Tokyo", "action": "find"}
    before = web.standing("ana")
    answer = web.ask("POST", page, {**form, "find": "switzerland"})
    shown = html.fromstring(answer.text)
    chosen = shown.xpath("//option[@selected]/@value | //input[@checked]/@value")
    assert chosen == ["noon", "en", "Europe/Zurich"]
    assert shown.xpath("//optgroup/@label") == ["Europe"]
    assert "(GMT+01:00)" in answer.text
    lost = web.ask("POST", page, {**form, "find": "<b>atlantis"}).text
    kept = html.fromstring(lost).xpath("//optgroup/option[@selected]/@value")
    assert kept == ["Asia/Tokyo"]
    assert "No time zone is called that" in lost and "<b>" not in lost
    reader = web.space.ledger.readers.find("ana@x.example")
    assert (reader.zone, web.standing("ana")) == ("", before)


def test_who_signs_up_on_a_page_in_a_language_is_answered_in_it(web):
    form = {"newsletter": ["morning"], "address": "nobody", "language": "de"}
    assert "Das ist keine E-Mail-Adresse" in web.ask("POST", "/subscribe", form).text
    answer = web.ask("POST", "/subscribe", {**form, "address": "neu@x.example"})
    assert answer.headers["content-language"] == "de"
    ((_, link),) = confirmations(web)
    assert web.ask("GET", link).headers["content-language"] == "de"
    for tag in ("xx", "../../en", ""):
        answer = web.ask("POST", "/subscribe", {**form, "language": tag})
        assert (answer.status, answer.headers["content-language"]) == (400, "en")


def test_a_preferences_link_is_no_unsubscribe_link_and_a_broken_one_says_so(web):
    token = web.link("ana").removeprefix("/preferences/")
    web.ask("POST", f"/unsubscribe/{token}", {"List-Unsubscribe": "One-Click"})
    assert set(web.standing("ana").values()) == {"active"}
    dead = web.ask("GET", f"/preferences/{token[:-2]}xx")
    assert dead.status == 404
    assert "This link could not be read" in dead.text


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", None, 404),
        ("GET", "/unsubscribe/", None, 404),
        ("GET", "/unsubscribe/../../.publisher/ledger.db", None, 404),
        ("GET", "/unsubscribe/%2e%2e%2fx", None, 404),
        ("GET", "/unsubscribe/" + "x" * 4000, None, 404),
        ("GET", "/preferences/%00", None, 404),
        ("GET", "/preferences/1.zz.é", None, 404),
        ("POST", "/unsubscribe/x", "a" * 20_000, 413),
        ("GET", "/subscribe/", None, 200),
        ("GET", "//evil.example/%2e%2e", None, 404),
        ("POST", "/unsubscribe/x", "&".join(f"a{n}=1" for n in range(1500)), 404),
        ("PUT", "/unsubscribe/x", None, 405),
        ("POST", "/style.css", "", 405),
    ],
)
def test_what_an_attacker_tries_gets_a_plain_answer(web, method, path, body, status):
    from urllib.parse import quote

    answer = web.ask(method, quote(path, safe="/%."), body)
    assert answer.status == status
    assert "<script" not in answer.text
    assert answer.getheader("X-Content-Type-Options") == "nosniff"


def test_no_answer_leads_away_and_a_slash_more_is_no_other_address(web):
    path = web.link("ana", "morning") + "/"
    answer = web.ask("POST", path, {"List-Unsubscribe": "One-Click"}, Host="evil.example")
    assert (answer.status, answer.getheader("Location")) == (200, None)
    assert web.standing("ana")["morning"] == "unsubscribed"


DAILY_OR_WEEKLY = (
    TWO
    + """
[newsletters.weekly]
title = "Weekly"
instead_of = "morning"
[[newsletters.weekly.sections]]
name = "all"
"""
)


def test_a_reader_chooses_how_often_and_gets_one_of_them(site):
    site.config(DAILY_OR_WEEKLY)
    join(site, "ana")
    with serving(site) as web:
        page = web.ask("GET", web.link("ana")).text
        assert 'name="frequency.morning" value="morning" checked' in page
        assert 'name="frequency.morning" value="weekly">' in page
        assert 'type="checkbox" name="newsletter" value="noon"' in page
        form = {"frequency.morning": "weekly", "newsletter": "noon", "action": "save"}
        assert "Saved." in web.ask("POST", web.link("ana"), form).text
        assert web.standing("ana") == {
            "morning": "unsubscribed",
            "noon": "active",
            "weekly": "active",
        }
        both = {"newsletter": ["morning", "weekly"], "action": "save"}  # nobody's form
        web.ask("POST", web.link("ana"), both)
        assert web.standing("ana") == {
            "morning": "active",
            "noon": "unsubscribed",
            "weekly": "unsubscribed",
        }
        web.ask("POST", web.link("ana"), {"frequency.morning": "", "action": "save"})
        assert set(web.standing("ana").values()) == {"unsubscribed"}
        signed = {"frequency.morning": "weekly", "address": "new@x.example"}
        assert "Your request is noted" in web.ask("POST", "/subscribe", signed).text
        ((_, link),) = confirmations(web)
        web.ask("POST", link, {})
        assert web.standing("new") == {"weekly": "active"}


def test_who_gets_both_from_before_may_keep_them_or_leave_one(site):
    site.config(DAILY_OR_WEEKLY)
    join(site, "ana")
    join(site, "ana", newsletter="weekly")
    with serving(site) as web:
        page = web.ask("GET", web.link("ana")).text
        assert 'type="radio"' not in page and page.count("checked") == 2
        form = {"newsletter": ["morning", "weekly"], "language": "de", "action": "save"}
        web.ask("POST", web.link("ana"), form)
        assert web.standing("ana") == {"morning": "active", "weekly": "active"}
        web.ask("POST", web.link("ana"), {"newsletter": ["weekly"], "action": "save"})
        assert web.standing("ana") == {"morning": "unsubscribed", "weekly": "active"}


@pytest.mark.parametrize("other", ["weekly", "nonsense"])
def test_a_frequency_of_nothing_is_a_mistake_with_its_line(site, other):
    site.config(DAILY_OR_WEEKLY.replace('instead_of = "morning"', f'instead_of = "{other}"'))
    result = site.run("status")
    assert result.code == 2 and "weekly.instead_of" in result.err


def test_a_form_that_asks_for_nothing_changes_nothing(web):
    before = web.space.ledger.readers.find("ana@x.example")
    for body in ({}, {"newsletter": "noon"}, "--b\r\nnonsense"):
        kind = {"Content_Type": "multipart/form-data; boundary=b"} if isinstance(body, str) else {}
        assert web.ask("POST", web.link("ana"), body, **kind).status == 400
    web.ask(
        "POST",
        web.link("ana"),
        {
            "newsletter": ["morning", "noon"],
            "action": "save",
            "language": "en-" + "-".join(["abcdefgh"] * 60),
        },
    )
    assert web.space.ledger.readers.find("ana@x.example") == before


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=" + "x" * 9000,
        "multipart/form-data; boundary=b;" + "a=b;" * 2000,
        "multipart/form-data; boundary=(((((((",
    ],
)
@pytest.mark.parametrize("part", ["name*", 'name="a', "((((", 'name="List-Unsubscribe"'])
def test_a_form_of_many_parts_that_is_none_is_a_form_without_fields(web, kind, part):
    body = f"--b\r\nContent-Disposition: form-data; {part}\r\n\r\nOne-Click\r\n--b--\r\n"
    answer = web.ask("POST", web.link("ana", "morning"), body, Content_Type=kind)
    assert answer.status in (200, 400)


def test_who_sends_a_head_for_ever_is_let_go_and_holds_up_nobody(web, monkeypatch):
    import socket

    from publisher.web import connection

    monkeypatch.setattr(connection, "_HEADS", 0.3)
    slow = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(20)]
    for one in slow:
        one.sendall(b"GET / HT")
    assert web.ask("GET", "/subscribe").status == 200
    for one in slow:
        one.settimeout(10)
        with suppress(ConnectionResetError):
            assert one.recv(1) == b""
        one.close()


def test_a_ledger_that_is_locked_holds_up_no_feed(feeds):
    import sqlite3

    lock = sqlite3.connect(feeds.space.root / ".publisher/ledger.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    waiting = [
        threading.Thread(target=lambda: signing_up(feeds, "new@x.example")) for _ in range(12)
    ]
    for one in waiting:
        one.start()
    assert feeds.ask("GET", "/feeds/atom.xml").status == 200
    lock.execute("ROLLBACK")
    for one in waiting:
        one.join()


def test_every_page_is_told_to_run_nothing_and_tell_nobody(web):
    page = web.ask("GET", web.link("ana"), Host="evil.example", X_Forwarded_Host="evil.example")
    assert "evil.example" not in page.text
    policy = page.getheader("Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert page.getheader("Referrer-Policy") == "no-referrer"
    assert page.getheader("Cache-Control") == "no-store"
    assert page.getheader("Server") is None


def test_the_links_in_a_mail_lead_to_the_pages_also_below_a_path(site):
    site.config(CONFIG + '[delivery]\nlinks = "https://news.example/mail/"\n')
    site.story("a")
    join(site, "ana")
    site.build()
    site.run("outbox", "export", "morning", "--eml", str(site.root / "eml"))
    (path,) = (site.root / "eml").glob("*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    link = mail["List-Unsubscribe"].split(",")[0].strip("<> ")
    assert link.startswith("https://news.example/mail/unsubscribe/")
    with serving(site, "/mail") as web:
        path = link.removeprefix("https://news.example/mail")
        assert '"/mail/style.css"' in web.ask("GET", path).text
        assert web.ask("POST", path, {"List-Unsubscribe": "One-Click"}).status == 200
        assert web.standing("ana") == {"morning": "unsubscribed"}


@pytest.mark.slow
def test_run_answers_readers_too_and_goes_on_where_the_port_is_taken(site):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        site.config(CONFIG.replace(NO_PAGES, f"{NO_PAGES}port = {port}\n"))
        join(site, "ana")
        site.story("a")
        with running(site, at="2026-11-24 06:50") as service:
            service.says("error: web: ")
            service.turn_to("2026-11-24 07:00")
            service.says("all out: 1 filed")
            taken.close()
            site.config(CONFIG.replace(NO_PAGES, f"{NO_PAGES}port = {port}\n\n"))
            space = Workspace(site.root, NOW)
            web = Web(space, port, "")
            path = web.link("ana", "morning")

            def left():
                try:
                    return web.ask("POST", path, {"List-Unsubscribe": "One-Click"}).status == 200
                except OSError:
                    return False

            assert until(left)
            assert web.standing("ana") == {"morning": "unsubscribed"}
            space.close()


@pytest.fixture
def feeds(site):
    site.config(CONFIG + '[feeds]\nhub = "https://hub.example/"\n')
    for n in range(20):
        site.story(f"s{n}", date=f"2026-11-{n + 1:02} 12:00", section="city")
    site.build()
    with serving(site) as one:
        one.folder = site.root / "outbox/feeds"
        yield one


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("rss.xml", "application/rss+xml; charset=utf-8"),
        ("atom.xml", "application/atom+xml; charset=utf-8"),
        ("feed.json", "application/feed+json; charset=utf-8"),
        ("feeds.opml", "text/x-opml; charset=utf-8"),
        ("section/city/atom.xml", "application/atom+xml; charset=utf-8"),
    ],
)
def test_a_feed_has_its_type_its_validators_and_its_links(feeds, path, kind):
    whole = feeds.ask("GET", f"/feeds/{path}")
    assert (whole.status, whole.getheader("Content-Type")) == (200, kind)
    assert whole.data == (feeds.folder / path).read_bytes()
    assert whole.getheader("Vary") == "Accept-Encoding"
    assert "max-age" in whole.getheader("Cache-Control")
    links = whole.getheader("Link")
    assert f'<https://test.example/feeds/{path}>; rel="self"' in links
    assert '<https://hub.example/>; rel="hub"' in links
    head = feeds.ask("HEAD", f"/feeds/{path}")
    assert (head.status, head.data) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Length", "Content-Type"):
        assert head.getheader(name) == whole.getheader(name)


def test_either_validator_alone_gives_304_in_every_coding(feeds):
    for coding in ("", "gzip", "br"):
        asked = {"Accept_Encoding": coding} if coding else {"Accept_Encoding": "identity"}
        whole = feeds.ask("GET", "/feeds/atom.xml", **asked)
        assert whole.getheader("Content-Encoding", "") == coding
        etag, date = whole.getheader("ETag"), whole.getheader("Last-Modified")
        assert not etag.startswith("W/")
        for given in (
            {"If_None_Match": etag},
            {"If_None_Match": f'"x", W/{etag}'},
            {"If_Modified_Since": date},
            {"If_None_Match": "*"},
        ):
            again = feeds.ask("GET", "/feeds/atom.xml", **asked, **given)
            assert (again.status, again.data) == (304, b"")
            assert again.getheader("ETag") == etag
        old = {"If_None_Match": '"x"', "If_Modified_Since": date}  # the ETag counts
        assert feeds.ask("GET", "/feeds/atom.xml", **asked, **old).status == 200
    for broken in ("soon", "Thu, 99 Foo 2026 00:00:00 GMT", ""):
        assert feeds.ask("GET", "/feeds/atom.xml", If_Modified_Since=broken).status == 200


def test_compressed_bytes_are_the_same_feed_under_an_etag_of_their_own(feeds):
    import gzip

    import brotli

    plain = feeds.ask("GET", "/feeds/atom.xml", Accept_Encoding="identity")
    packed = feeds.ask("GET", "/feeds/atom.xml", Accept_Encoding="gzip")
    assert gzip.decompress(packed.data) == plain.data
    best = feeds.ask("GET", "/feeds/atom.xml", Accept_Encoding="gzip, br")
    assert brotli.decompress(best.data) == plain.data
    assert len({one.getheader("ETag") for one in (plain, packed, best)}) == 3
    refused = feeds.ask("GET", "/feeds/atom.xml", Accept_Encoding="br;q=0, gzip;q=0.0")
    assert refused.getheader("Content-Encoding") is None


def test_a_feed_that_changes_has_another_etag_at_once(feeds):
    before = feeds.ask("GET", "/feeds/atom.xml").getheader("ETag")
    (feeds.folder / "atom.xml").write_text("<feed/>")
    assert feeds.ask("GET", "/feeds/atom.xml", If_None_Match=before).text == "<feed/>"


def test_ranges_give_the_part_that_is_asked_for(feeds):
    whole = feeds.ask("GET", "/feeds/atom.xml", Accept_Encoding="identity")
    data, etag = whole.data, whole.getheader("ETag")
    for asked, part in (
        ("bytes=0-9", data[:10]),
        ("bytes=10-", data[10:]),
        ("bytes=-5", data[-5:]),
        ("bytes=0-999999999", data),
    ):
        found = feeds.ask("GET", "/feeds/atom.xml", Accept_Encoding="identity", Range=asked)
        assert (found.status, found.data) == (206, part)
        assert found.getheader("Content-Range").endswith(f"/{len(data)}")
    beyond = feeds.ask("GET", "/feeds/atom.xml", Range=f"bytes={len(data)}-")
    assert (beyond.status, beyond.getheader("Content-Range")) == (416, f"bytes */{len(data)}")
    other = feeds.ask("GET", "/feeds/atom.xml", Range="bytes=0-9", If_Range='"another"')
    assert other.status == 200
    assert feeds.ask("GET", "/feeds/atom.xml", Range="bytes=0-9", If_Range=etag).status == 206
    for odd in ("bytes=-", "lines=1-2", "bytes=5-2,7-9", "bytes=a-b"):
        assert feeds.ask("GET", "/feeds/atom.xml", Range=odd).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "../editions",
        "..%2f..%2fpublisher.toml",
        "%2e%2e/%2e%2e/publisher.toml",
        "/etc/passwd",
        "section/../../sent/x.json",
        ".atom.xml.aside",
        "section/.hidden/atom.xml",
        "a%00.xml",
        "",
        "section",
        "publisher.toml",
        "link/atom.xml",
    ],
)
def test_nothing_but_feeds_is_served(feeds, path):
    (feeds.folder / "link").symlink_to("/etc")
    (feeds.folder / ".atom.xml.aside").write_text("half")
    answer = feeds.ask("GET", f"/feeds/{path}")
    assert answer.status == 404
    assert b"publication" not in answer.data and b"root:" not in answer.data


def signing_up(web, address="new@x.example", *newsletters, **fields):
    form = {"address": address, "newsletter": newsletters or ["morning"], **fields}
    return web.ask("POST", "/subscribe", form)


def confirmations(web):
    """Deliver what waits; return (address, link) of each confirmation mail so far."""
    web.space.now = NOW
    mail_signups(web.space, transport_of(web.space), NOW, Stop())
    found = []
    for path in (web.space.root / "outbox/mail/new").glob("*"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        text = mail.get_body(("plain",)).get_content()
        if link := re.search(r"https://test.example(/confirm/\S+)", text):
            found.append((mail["To"], link[1]))
    return found


def test_who_signs_up_gets_a_mail_and_is_a_reader_once_it_is_confirmed(web):
    page = web.ask("GET", "/subscribe")
    assert page.text.count('type="checkbox"') == 2
    assert "https://test.example/feeds/atom.xml" in page.text
    answer = signing_up(web)
    assert (answer.status, "Your request is noted" in answer.text) == (200, True)
    assert web.space.ledger.readers.find("new@x.example") is None
    ((to, link),) = confirmations(web)
    assert to == "new@x.example"
    for method in ("GET", "HEAD", "OPTIONS"):  # a scanner confirms nothing
        web.ask(method, link)
    assert web.space.ledger.readers.find("new@x.example") is None
    assert "Do you want to receive Morning?" in web.ask("GET", link).text
    assert "Welcome. You will receive Morning." in web.ask("POST", link, {}).text
    assert web.standing("new") == {"morning": "active"}
    (consent,) = web.space.ledger.readers.consents(
        web.space.ledger.readers.find("new@x.example").id
    )
    assert (consent.how, consent.source) == ("double opt-in", "web, asked 2026-11-24T08:00Z")
    assert web.ask("POST", link, {}).status == 410


def test_the_answer_tells_nobody_who_reads(web):
    web.space.ledger.readers.suppress("gone@x.example", "complained", NOW)
    answers = {
        signing_up(web, one).text for one in ("ana@x.example", "new@x.example", "gone@x.example")
    }
    assert len(answers) == 1
    assert [to for to, _ in confirmations(web)] == ["new@x.example"]


def test_an_address_gets_one_mail_a_day_and_three_ever(web):
    mailed = []
    for hours in (0, 1, 23, 25, 26, 50, 80, 500):
        now = NOW + timedelta(hours=hours)
        take_up(web, "new@x.example", now)
        if mail_signups(web.space, transport_of(web.space), now, Stop()):
            mailed.append(hours)
    assert mailed == [0, 25, 50]


def take_up(web, text, now=NOW, network="net", names=("morning",)):
    one = address(text)
    return web.space.ledger.signups.ask(one, mailbox(one), names, "en", network, now)


@pytest.mark.slow
def test_too_many_of_one_network_are_not_taken_up_whatever_else_they_claim(web):
    kind = "application/x-www-form-urlencoded"
    for n in range(30):
        form = urlencode({"address": f"n{n}@d{n}.example", "newsletter": "morning"})
        said = {"X_Forwarded_For": f"198.51.{n}.1, 203.0.113.{n}"}  # the proxy's word is the last
        assert web.ask("POST", "/subscribe", form, Content_Type=kind, **said).status == 200
    assert len(confirmations(web)) == 10


@pytest.mark.slow
def test_too_many_of_one_domain_are_mailed_later(web):
    assert [take_up(web, f"m{n}@big.example", network=f"net{n}") for n in range(80)] == [True] * 80
    assert len(all_confirmations(web, NOW)) == 60
    assert len(all_confirmations(web, NOW + timedelta(hours=1))) == 80


def all_confirmations(web, now):
    while mail_signups(web.space, transport_of(web.space), now, Stop()):
        pass
    return confirmations(web)


def test_what_is_counted_does_not_tell_who_reads(web):
    answers = []
    for victim in ("ana@x.example", "unknown@x.example"):
        for n in range(9):
            take_up(web, f"{n}@{victim}".replace("@x", ".x"), network=victim)
        take_up(web, victim, network=victim)
        answers.append(take_up(web, f"me{len(answers)}@mine.example", network=victim))
    assert answers == [False, False]


def test_all_spellings_of_a_mailbox_are_one(web):
    for n, text in enumerate(
        (
            "ana.b@gmail.com",
            "a.nab+1@gmail.com",
            "anab+2@googlemail.com",
            "x+1@y.example",
            "x+2@y.example",
            "x@y.example",
        )
    ):
        take_up(web, text, network=f"net{n}")
    assert len(confirmations(web)) == 2


def test_a_mail_confirms_what_it_said_whoever_asks_in_the_meantime(web):
    signing_up(web, "new@x.example", "morning")
    ((_, link),) = confirmations(web)
    signing_up(web, "new@x.example", "noon")
    web.ask("POST", link, {})
    assert web.standing("new") == {"morning": "active"}


def test_a_readers_own_language_stays_when_they_ask_for_more(web):
    ben = web.space.ledger.readers.find("ben@x.example")
    web.space.ledger.readers.choose(ben.id, (), (), NOW, "test", language="de")
    signing_up(web, "ben@x.example", "noon")
    ((_, link),) = confirmations(web)
    web.ask("POST", link, {})
    assert web.space.ledger.readers.find("ben@x.example").language == "de"
    assert web.standing("ben") == {"morning": "active", "noon": "active"}


@pytest.mark.parametrize("text", ["jürgen@x.example", "=?utf-8?q?a?=@x.example", "o'b@x.example"])
def test_any_address_that_is_one_can_be_confirmed(web, text):
    signing_up(web, text)
    ((_, link),) = confirmations(web)
    assert web.ask("POST", link, {}).status == 200
    assert web.space.ledger.readers.find(text).subscriptions == {"morning": "active"}


def test_what_a_server_puts_off_is_sent_later_and_counts_once(web):
    replies = [Reply(code=451, text="later"), Reply(code=0, stage="rcpt"), Reply(code=250)]

    class Session:
        def send(self, *_):
            return replies.pop(0)

        def close(self):
            pass

    class Way:
        def connect(self):
            return Session()

    take_up(web, "new@x.example")
    sent = [
        mail_signups(web.space, Way(), NOW + timedelta(minutes=n), Stop())
        for n in (0, 1, 11, 12, 22, 40)
    ]
    assert sent == [0, 0, 0, 0, 1, 0]


def test_a_robot_that_fills_every_field_is_thanked_and_forgotten(web):
    assert "Your request is noted" in signing_up(web, website="https://spam.example").text
    assert confirmations(web) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nobody",
        "a@b",
        "a@x.example\r\nBcc: all@x.example",
        '"a b"@x.example',
        "a" * 300 + "@x.example",
    ],
)
def test_what_is_no_address_is_asked_for_again_and_mails_nobody(web, text):
    answer = signing_up(web, text)
    assert answer.status == 400
    assert "This is no e-mail address" in answer.text
    assert confirmations(web) == []


def test_who_left_or_was_erased_may_come_back_by_their_own_word(web):
    web.ask("POST", web.link("ben", "morning"), {"List-Unsubscribe": "One-Click"})
    erase(web.space, "ana@x.example")
    for name in ("ben", "ana"):
        signing_up(web, f"{name}@x.example")
    for _, link in confirmations(web):
        web.ask("POST", link, {})
    assert web.standing("ben")["morning"] == web.standing("ana")["morning"] == "active"


def test_who_is_erased_before_confirming_is_forgotten_as_well(web):
    signing_up(web)
    ((_, link),) = confirmations(web)
    erase(web.space, "new@x.example")
    assert web.ask("POST", link, {}).status == 410


def test_a_confirmation_holds_no_text_of_whoever_asked_and_says_what_it_is(web):
    signing_up(web, "new@x.example", name="BUY NOW", title="spam")
    confirmations(web)
    (path,) = (web.space.root / "outbox/mail/new").glob("*")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Please confirm: Test Letter"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert "BUY NOW" not in path.read_text()


def welcomes(web):
    """Deliver what waits; return the welcome mails so far."""
    web.space.now = NOW
    mail_signups(web.space, transport_of(web.space), NOW, Stop())
    paths = (web.space.root / "outbox/mail/new").glob("*")
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
    return [mail for mail in mails if mail["Subject"] == "Welcome: Test Letter"]


def test_who_confirms_is_welcomed_once_with_the_way_to_leave(site):
    site.config(TWO.replace('title = "Morning"', 'title = "Morning"\nwelcome = true'))
    join(site, "ben", newsletter="noon")
    with serving(site) as web:
        for address in ("new@x.example", "ben@x.example", "gone@x.example"):
            signing_up(web, address, "morning", "noon")
        links = dict(confirmations(web))
        for link in links.values():
            assert "Welcome. You will receive Morning, Noon." in web.ask("POST", link, {}).text
        web.ask("POST", web.link("gone", "morning"), {})  # before the mail has left
        assert sorted(mail["To"] for mail in welcomes(web)) == ["ben@x.example", "new@x.example"]
        mail = next(mail for mail in welcomes(web) if mail["To"] == "new@x.example")
        text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert "You will receive Morning." in text  # the other one does not want it
        assert web.link("new") in text and web.link("new") in html
        web.ask("POST", web.link("new", "morning"), {})
        signing_up(web, "new@x.example")
        (back,) = [link for _, link in confirmations(web) if link not in links.values()]
        web.ask("POST", back, {})
        assert web.standing("new")["morning"] == "active"
        assert len(welcomes(web)) == 2
        assert web.space.ledger.signups.unconfirmed() == []


def test_feeds_of_a_site_with_letters_of_its_own_have_their_links_too(site):
    site.config(CONFIG.replace("https://test.example", "https://例え.example/é"))
    site.story("a")
    site.build()
    with serving(site) as web:
        answer = web.ask("GET", "/%C3%A9/feeds/atom.xml")
        assert answer.status == 200
        assert "<https://xn--r8jz45g.example/%C3%A9/feeds/atom.xml>" in answer.getheader("Link")


def test_what_goes_wrong_in_a_page_is_told_without_an_address(site):
    site.config(CONFIG)
    (site.root / "templates/web").mkdir(parents=True)
    (site.root / "templates/web/dead.html").write_text("{{ nothing.at.all }}")
    told = []
    space = Workspace(site.root, NOW, writing=True)
    with listening("127.0.0.1", 0) as where:
        server = Server(application(space, lambda: NOW, "", told.append), where)
    stop = threading.Event()
    thread = threading.Thread(target=server.run, args=(stop.is_set,))
    thread.start()
    answer = Web(space, server.port, "").ask("GET", "/unsubscribe/1.2.morning.x")
    stop.set()
    thread.join()
    space.close()
    assert (answer.status, len(told)) == (500, 1)
    assert answer.text == "Something went wrong. Please try again later.\n"


def test_no_more_of_the_feeds_is_kept_in_memory_than_is_allowed(tmp_path):
    from publisher.web.files import Files

    files = Files(tmp_path, lambda _: "", most=1000)
    for n in range(20):
        (tmp_path / f"{n}.xml").write_bytes(bytes([n]) * 150)
        assert files._file(f"{n}.xml").bodies[""] == bytes([n]) * 150
        assert sum(len(one.bodies[""]) for one in files._known.values()) <= 1000


@pytest.mark.parametrize(
    "body", [b"4\r\nabcdXX0\r\n\r\n", b"-4\r\nabcd", b"0x4\r\nabcd\r\n0\r\n\r\n"]
)
@pytest.mark.parametrize("path", ["/x", "/unsubscribe/x", "/feeds/rss.xml"])
def test_a_client_that_breaks_off_what_it_says_is_no_fault_of_ours(site, body, path):
    site.config(TWO)
    faults = []
    with serving(site, complain=faults.append) as web:
        with socket.create_connection(("127.0.0.1", web.port), timeout=10) as line:
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            line.sendall(head.encode() + body)
            with suppress(ConnectionResetError):
                while line.recv(65536):
                    pass
        assert web.ask("GET", "/subscribe").status == 200
    assert faults == []
