"""The links in mails, over a real socket: leave, choose, and nothing else."""

import http.client
import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import urlencode

import pytest

from publisher.audience import Signer, address
from publisher.pipeline import Workspace, erase, mail_signups, transport_of
from publisher.pipeline.readers import keys
from publisher.web import Server, application
from tests.acceptance.test_service import join, running, until
from tests.site import CONFIG

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TWO = (
    CONFIG + '\n[newsletters.noon]\ntitle = "Noon"\n[[newsletters.noon.sections]]\nname = "lead"\n'
)


class Web:
    """A served site, and links as its mails have them."""

    def __init__(self, space, port, root):
        self.space, self.port, self.root = space, port, root

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
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
def serving(site, root=""):
    space = Workspace(site.root, NOW, writing=True)
    server = Server(application(space, lambda: NOW, root), "127.0.0.1", 0)
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


def test_a_forged_link_is_answered_as_a_good_one_and_changes_nothing(web):
    good = web.link("ana", "morning")
    forged = good[:-4] + "AAAA"
    for body in ({}, {"List-Unsubscribe": "One-Click"}):
        first = web.ask("POST", forged, body)
        assert web.standing("ana")["morning"] == "active"
        second = web.ask("POST", web.link("ben", "morning"), body)
        assert (first.status, first.text) == (second.status, second.text)
    assert web.ask("GET", forged).text == web.ask("GET", good).text


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


def test_a_preferences_link_is_no_unsubscribe_link_and_a_broken_one_says_so(web):
    token = web.link("ana").removeprefix("/preferences/")
    web.ask("POST", f"/unsubscribe/{token}", {"List-Unsubscribe": "One-Click"})
    assert set(web.standing("ana").values()) == {"active"}
    dead = web.ask("GET", f"/preferences/{token[:-2]}xx")
    assert dead.status == 404
    assert "This link does not work" in dead.text


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", None, 404),
        ("GET", "/unsubscribe/", None, 404),
        ("GET", "/unsubscribe/../../.publisher/ledger.db", None, 404),
        ("GET", "/unsubscribe/%2e%2e%2fx", None, 404),
        ("GET", "/unsubscribe/" + "x" * 4000, None, 200),
        ("GET", "/preferences/%00", None, 404),
        ("GET", "/preferences/1.zz.é", None, 404),
        ("POST", "/unsubscribe/x", "a" * 20_000, 413),
        ("POST", "/unsubscribe/x", "&".join(f"a{n}=1" for n in range(1500)), 200),
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


def test_run_answers_readers_too_and_goes_on_where_the_port_is_taken(site):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        site.config(CONFIG + f"[web]\nport = {port}\n")
        join(site, "ana")
        site.story("a")
        with running(site, at="2026-11-24 06:59:58") as service:
            service.says("error: web: ")
            service.says("all out: 1 accepted")
            taken.close()
            site.config(CONFIG + f"[web]\nport = {port}\n\n")
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
        for given in ({"If_None_Match": etag}, {"If_None_Match": f'"x", W/{etag}'},
                      {"If_Modified_Since": date}, {"If_None_Match": "*"}):  # fmt: skip
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
    for asked, part in (("bytes=0-9", data[:10]), ("bytes=10-", data[10:]), ("bytes=-5", data[-5:]),
                        ("bytes=0-999999999", data)):  # fmt: skip
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
    ["../editions", "..%2f..%2fpublisher.toml", "%2e%2e/%2e%2e/publisher.toml", "/etc/passwd",
     "section/../../sent/x.json", ".atom.xml.aside", "section/.hidden/atom.xml", "a%00.xml", "",
     "section", "atom.xml/", "publisher.toml", "link/atom.xml"],
)  # fmt: skip
def test_nothing_but_feeds_is_served(feeds, path):
    (feeds.folder / "link").symlink_to("/etc")
    (feeds.folder / ".atom.xml.aside").write_text("half")
    answer = feeds.ask("GET", f"/feeds/{path}")
    assert answer.status == 404
    assert len(answer.data) < 100


def signing_up(web, address="new@x.example", *newsletters, **fields):
    form = {"address": address, "newsletter": newsletters or ["morning"], **fields}
    return web.ask("POST", "/subscribe", form)


def confirmations(web):
    """Deliver what waits; return (address, link) of each confirmation mail so far."""
    web.space.now = NOW
    mail_signups(web.space, transport_of(web.space), NOW)
    found = []
    for path in (web.space.root / "outbox/mail/new").glob("*"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        text = mail.get_body(("plain",)).get_content()
        found.append((mail["To"], re.search(r"https://test.example(/confirm/\S+)", text)[1]))
    return found


def test_who_signs_up_gets_a_mail_and_is_a_reader_once_it_is_confirmed(web):
    page = web.ask("GET", "/subscribe")
    assert page.text.count('type="checkbox"') == 2
    assert "https://test.example/feeds/atom.xml" in page.text
    answer = signing_up(web)
    assert (answer.status, "Look into your mail" in answer.text) == (200, True)
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
    assert web.ask("POST", link, {}).status == 404


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
        web.space.ledger.signups.ask(address("new@x.example"), ["morning"], "en", "net", now)
        if mail_signups(web.space, transport_of(web.space), now):
            mailed.append(hours)
    assert mailed == [0, 25, 50]


def test_too_many_of_one_network_or_domain_are_asked_to_wait_without_a_word(web):
    for n in range(30):
        headers = {"X_Forwarded_For": f"203.0.113.{n}"}
        form = urlencode({"address": f"n{n}@d{n}.example", "newsletter": "morning"})
        kind = "application/x-www-form-urlencoded"
        assert web.ask("POST", "/subscribe", form, Content_Type=kind, **headers).status == 200
    assert len(confirmations(web)) == 10
    for n in range(80):
        web.space.ledger.signups.ask(
            address(f"m{n}@big.example"), ["morning"], "en", f"net{n}", NOW
        )
    assert len(confirmations(web)) == 70


def test_a_robot_that_fills_every_field_is_thanked_and_forgotten(web):
    assert "Look into your mail" in signing_up(web, website="https://spam.example").text
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
    assert web.ask("POST", link, {}).status == 404


def test_a_confirmation_holds_no_text_of_whoever_asked_and_says_what_it_is(web):
    signing_up(web, "new@x.example", name="BUY NOW", title="spam")
    confirmations(web)
    (path,) = (web.space.root / "outbox/mail/new").glob("*")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Please confirm: Test Letter"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert "BUY NOW" not in path.read_text()
