"""Feeds become files: asked politely, written once, an editor's hand respected."""

import gzip
import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from publisher.config import parse
from publisher.errors import ConfigError, SourceError, UnknownName
from publisher.fetching import Answer, Unanswered
from publisher.pipeline import polling
from publisher.pipeline.importing_feed import import_feed
from publisher.pipeline.polling import poll

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HEAD = '[publication]\ntitle = "Lab"\nbase_url = "https://news.example"\n'
URL = "https://blog.example/feed.xml"


def publication(feeds=f'feeds = ["{URL}"]'):
    return parse(f"{HEAD}[sources]\n{feeds}\n")


def rss(*items, title="Harbour blog"):
    inner = "".join(
        f"<item><guid>{guid}</guid><link>https://blog.example/{guid}/</link><title>{words}</title>"
        f"<pubDate>{day}</pubDate><description>&lt;p&gt;{words}.&lt;/p&gt;</description></item>"
        for guid, words, day in items
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{inner}</channel></rss>".encode()


OLD = ("a", "Harbour opens", "Sun, 22 Nov 2026 10:00:00 GMT")
NEW = ("b", "Ferry late", "Mon, 23 Nov 2026 11:00:00 GMT")


class Servers:
    """Other people's servers: what each address answers; `asked` are addresses with conditions."""

    def __init__(self, **pages):
        self.pages, self.asked = {URL: Answer(URL, 200), **pages}, []

    def say(self, body=b"", status=200, url=URL, moved="", **headers):
        self.pages[url] = Answer(
            url, status, moved, {k.replace("_", "-"): v for k, v in headers.items()}, body
        )

    def __call__(self, feed, pace):
        url = pace.moved or feed.url
        self.asked.append((url, pace.conditions))
        found = self.pages[url]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def web():
    return Servers()


@pytest.fixture
def root(tmp_path):
    (tmp_path / "articles").mkdir()
    return tmp_path


def files(root):
    return {
        p.relative_to(root / "articles").as_posix(): p.read_text()
        for p in root.glob("articles/**/*.html")
    }


def test_stories_are_written_once_and_what_is_unchanged_is_not_sent_again(root, web):
    own = publication()
    web.say(rss(OLD), etag='"1"')
    (first,) = poll(root, own, NOW, ask=web)
    assert (first.state, len(first.added)) == ("new", 1)
    before = files(root)
    web.say(status=304)
    (again,) = poll(root, own, NOW + DAY, ask=web)
    assert (again.state, web.asked[-1]) == ("unchanged", (URL, {"If-None-Match": '"1"'}))
    assert files(root) == before
    assert next(iter(before)).startswith("feeds/blog-example-feed-xml/2026-11-22-harbour-opens-")
    assert not list(root.glob("articles/**/.*"))


def test_nobody_is_asked_before_it_is_due_but_by_name(root, web):
    own = publication()
    poll(root, own, NOW, ask=web)
    assert poll(root, own, NOW + timedelta(minutes=5), ask=web)[0].state == "waiting"
    poll(root, own, NOW + timedelta(minutes=6), names=[URL], ask=web)
    assert len(web.asked) == 2
    with pytest.raises(UnknownName, match="no feed"):
        poll(root, own, NOW, names=["other"], ask=web)


def test_an_entry_that_drops_out_stays_and_a_changed_one_is_written_again(root, web):
    own = publication()
    web.say(rss(OLD))
    poll(root, own, NOW, ask=web)
    web.say(rss(NEW, (OLD[0], "Harbour opened", OLD[2])))
    (found,) = poll(root, own, NOW + DAY, ask=web)
    assert (len(found.added), len(found.changed)) == (1, 1)
    web.say(rss(NEW))
    poll(root, own, NOW + 2 * DAY, ask=web)
    texts = "".join(files(root).values())
    assert len(files(root)) == 2
    assert ('title: "Harbour opened"' in texts, 'updated: "2026-11-24T12:00:00Z"' in texts) == (
        True,
        True,
    )


def test_what_an_editor_did_by_hand_stays(root, web):
    own = publication()
    web.say(rss(OLD, NEW))
    poll(root, own, NOW, ask=web)
    edited, removed = sorted(root.glob("articles/feeds/*/*.html"))
    renamed = edited.with_name("mine.html")
    edited.rename(renamed)
    renamed.write_text(renamed.read_text().replace("---\n<p>", "---\n<p>By us: "))
    removed.unlink()
    web.say(rss((OLD[0], "Other words", OLD[2]), (NEW[0], "Others", NEW[2])))
    (found,) = poll(root, own, NOW + DAY, ask=web)
    assert (found.added, found.changed) == ((), ())
    assert [one.severity for one in found.problems] == ["note"]
    assert list(files(root)) == ["feeds/blog-example-feed-xml/mine.html"]
    (again,) = poll(root, own, NOW + 2 * DAY, ask=web)
    assert again.problems == ()


def test_without_its_memory_a_poll_knows_its_stories_by_their_files(root, web):
    own = publication()
    web.say(rss(OLD, ("c", "Undated", "")))
    poll(root, own, NOW, ask=web)
    before = files(root)
    for file in (root / ".publisher/polled").iterdir():
        file.write_text("damaged")
    (found,) = poll(root, own, NOW + DAY, ask=web)
    assert (found.state, files(root)) == ("unchanged", before)


def test_a_feed_without_dates_floods_nobody_and_later_stories_are_of_their_day(root, web):
    own = publication()
    web.say(rss(("a", "One", ""), ("b", "Two", "")))
    poll(root, own, NOW, ask=web)
    assert all("\ndate:" not in text for text in files(root).values())
    web.say(rss(("a", "One", ""), ("b", "Two", ""), ("c", "Three", "")))
    poll(root, own, NOW + DAY, ask=web)
    assert sum('date: "2026-11-24T12:00:00Z"' in text for text in files(root).values()) == 1


def test_two_feeds_with_one_story_bring_it_once(root, web):
    other = "https://planet.example/rss"
    own = publication(f'feeds = ["{URL}", "{other}"]')
    web.say(rss(OLD))
    web.say(rss((*OLD,), NEW), url=other)
    first, second = poll(root, own, NOW, ask=web)
    assert (len(first.added), len(second.added), len(files(root))) == (1, 1, 2)


def test_faults_are_told_and_asked_again_later_and_later(root, web):
    own = publication()
    web.pages[URL] = Unanswered("nobody listens there")
    (found,) = poll(root, own, NOW, ask=web)
    assert (found.state, found.problems[0].what) == ("failed", "nobody listens there")
    assert found.due and found.due >= NOW + timedelta(hours=2)
    web.say(b"<html>Sign in</html>")
    (found,) = poll(root, own, NOW + DAY, ask=web)
    assert found.problems[0].what == "it is a web page, not a feed"
    web.say(status=503, retry_after="864000")
    (found,) = poll(root, own, NOW + 3 * DAY, ask=web)
    assert found.due and found.due >= NOW + 10 * DAY


def test_a_feed_that_breaks_a_reader_keeps_no_other_from_us(root, web, monkeypatch):
    other = "https://planet.example/rss"
    own = publication(f'feeds = ["{other}", "{URL}"]')
    web.say(rss(NEW))
    web.say(b"spoilt", url=other)
    real = polling.read_feed

    def read(body, url, kind):
        if body == b"spoilt":
            raise KeyError("what no feed has")
        return real(body, url, kind)

    monkeypatch.setattr(polling, "read_feed", read)
    first, second = poll(root, own, NOW, ask=web)
    assert (first.state, second.state) == ("failed", "new")
    assert first.problems[0].what == "it cannot be read: KeyError: 'what no feed has'"


def test_half_letters_and_endless_lengths_in_a_feed_are_left_out(root, web):
    own = publication()
    story = {
        "id": "\ud8001", "title": "Ferries \ud800", "content_text": "They run 😀 again.",
        "url": "https://blog.example/\udc00", "attachments": [{
            "url": "https://blog.example/a.mp3", "mime_type": "audio/mpeg\ud800",
            "size_in_bytes": int("9" * 4000),
        }],
    }  # fmt: skip
    web.say(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [story]}).encode())
    (found,) = poll(root, own, NOW, ask=web)
    assert found.state == "new"
    (text,) = files(root).values()
    assert "Ferries ?" in text
    assert "They run 😀 again." in text
    assert "length" not in text
    endless = (
        f'<enclosure url="https://blog.example/a.mp3" type="audio/mpeg" length="{"9" * 5000}"/>'
    )
    web.say(rss(OLD).replace(b"</item>", endless.encode() + b"</item>"))
    assert poll(root, own, NOW + DAY, ask=web)[0].state == "new"


def test_a_feed_that_moved_is_asked_there_and_one_that_is_gone_no_more(root, web):
    own, new = publication(), "https://blog.example/new.xml"
    web.say(rss(OLD), moved=new)
    (found,) = poll(root, own, NOW, ask=web)
    assert f'url = "{new}"' in found.problems[0].todo
    assert 'into = "feeds/blog-example-feed-xml"' in found.problems[0].todo
    web.say(rss(OLD), url=new)
    poll(root, own, NOW + DAY, ask=web)
    assert web.asked[-1][0] == new
    web.say(status=410, url=new)
    assert poll(root, own, NOW + 2 * DAY, ask=web)[0].state == "gone"
    assert poll(root, own, NOW + 900 * DAY, ask=web)[0].state == "gone"
    assert len(web.asked) == 3
    assert len(files(root)) == 1


@pytest.mark.parametrize(
    ("feeds", "what"),
    [
        ('feeds = ["ftp://x.example/"]', "web address"),
        (f'feeds = ["{URL}", "{URL}"]', "another feed"),
        (f'[[sources.feeds]]\nurl = "{URL}"\ninto = "../x"', "folder"),
        (f'[[sources.feeds]]\nurl = "{URL}"\ninto = "_x"', "folder"),
        (f'[[sources.feeds]]\nurl = "{URL}"\nevery = "1s"', "5min"),
        (f'[[sources.feeds]]\nurl = "{URL}"\nentries = 0', "1 to"),
        (f'[[sources.feeds]]\nurl = "{URL}"\ncolour = "x"', "unknown key"),
        ('[[sources.feeds]]\nname = "x"', "url is missing"),
    ],
)
def test_a_feed_that_cannot_be_meant_is_a_mistake_of_the_configuration(feeds, what):
    with pytest.raises(ConfigError, match=what):
        publication(feeds)


@contextmanager
def served(answers):
    """A server on this machine: by path what it sends (status, headers, body), and what came."""
    came = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            came.append(dict(self.headers))
            status, headers, body = answers[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", came
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_real_server_is_asked_as_one_should_and_a_bomb_unpacked_no_further(root):
    bomb = gzip.compress(b"<rss>" + b" " * 11_000_000, 1)
    answers = {
        "/feed": (200, {"Content-Encoding": "gzip", "ETag": '"x"'}, gzip.compress(rss(OLD))),
        "/bomb": (200, {"Content-Encoding": "gzip"}, bomb),
        "/inside": (302, {"Location": "http://169.254.169.254/latest"}, b""),
    }
    with served(answers) as (here, came):
        tables = "".join(
            f'[[sources.feeds]]\nurl = "{here}{path}"\nprivate = {private}\n'
            for path, private in (("/feed", "true"), ("/bomb", "true"), ("/inside", "false"))
        )
        own = publication(tables)
        found = poll(root, own, NOW)
    assert [one.state for one in found] == ["new", "failed", "failed"]
    assert "more than 10,000,000 bytes" in found[1].problems[0].what
    assert "private network" in found[2].problems[0].what
    assert came[0]["User-Agent"].startswith("publisher/")
    assert came[0]["Accept-Encoding"] == "gzip"


def test_a_feed_is_imported_with_its_own_ids_and_nothing_is_written_over(root, web, tmp_path):
    file = tmp_path / "feed.xml"
    file.write_bytes(rss(OLD, ("c", "Undated", "")))
    own = publication("")
    first = import_feed(root, own, str(file), NOW)
    assert (len(first.written), first.undated, first.folder) == (2, 1, "imported/harbour-blog")
    assert 'id: "a"' in "".join(files(root).values())
    again = import_feed(root, own, str(file), NOW + DAY)
    assert (again.written, again.there) == ((), 2)
    web.say(rss(NEW))
    assert len(import_feed(root, own, URL, NOW, into="else", dry=True, ask=web).written) == 1
    assert len(files(root)) == 2
    for source in ("https://x.example", str(tmp_path / "none.xml")):
        with pytest.raises(SourceError):
            import_feed(root, own, source, NOW, ask=lambda *_: web.pages[URL] and Answer(URL, 404))
    with pytest.raises(SourceError, match="out of the articles"):
        import_feed(root, own, str(file), NOW, into="../x")
