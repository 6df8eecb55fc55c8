"""The editor's preview over a real socket: what it shows, and to whom."""

import http.client
import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product
from urllib.parse import urlencode

import pytest

from publisher.web import Server, listening, preview_application
from tests.acceptance.test_service import join
from tests.site import CONFIG, PAGED, Site, tree

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 20, tzinfo=UTC)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(300)


class Preview:
    """A preview of a site that is served."""

    def __init__(self, site, port):
        self.site, self.at = site, f"http://127.0.0.1:{port}"
        self.port = port

    def ask(self, path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer

    def page(self, **chosen):
        return self.ask(f"/?{urlencode(chosen)}").text

    def told(self, page, act):
        """Whether who looks at a page is told of what `act` does."""
        since = page.split('data-since="')[1].partition('"')[0]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", f"/changes?since={since}")
        with connection.getresponse() as answer:
            act()
            found = answer.read()
        connection.close()
        return b"data: changed" in found

    def frame(self, **chosen):
        return self.ask(f"/frame?{urlencode({'name': 'morning', **chosen})}")


@contextmanager
def previewing(site, name="", reader="", now=NOW):
    stop = threading.Event()
    clock = now if callable(now) else lambda: now
    app = preview_application(site.root, clock, name, reader, stop.is_set)
    with listening("127.0.0.1", 0) as where:
        server = Server(app, where)
    thread = threading.Thread(target=server.run, args=(stop.is_set,))
    thread.start()
    try:
        yield Preview(site, server.port)
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def preview(site):
    site.story("a", "First Things")
    join(site, "ana")
    with previewing(site) as one:
        yield one


def test_the_page_shows_in_box_line_frames_text_size_and_stories(preview):
    page = preview.page()
    assert "<h1>morning@2026-11-24T0700</h1>" in page
    assert 'id="subject">First Things</p>' in page
    assert page.count("<iframe") == 2 and 'width="600"' in page and 'width="375"' in page
    assert "KB of the 102 that Gmail shows" in page and "<meter" in page
    assert "The first paragraph of a." in page
    assert "a.md" in page
    assert preview.page(scheme="both").count("<iframe") == 4


def test_light_and_dark_are_forced_and_pictures_can_be_off(preview):
    light, dark = preview.frame(scheme="light"), preview.frame(scheme="dark")
    assert "@media not all {" in light.text and "@media all {" in dark.text
    assert "prefers-color-scheme: dark" not in light.text + dark.text
    assert "img-src http" in light.getheader("content-security-policy")
    off = preview.frame(images="off").getheader("content-security-policy")
    assert "img-src 'none'" in off and "sandbox" in off


@pytest.mark.slow
def test_a_given_reader_sees_what_is_for_them_and_no_link_of_theirs_works(site):
    site.story("a")
    (site.root / "templates/blocks").mkdir(parents=True)
    footer = site.run("templates", "show", "blocks/footer.txt")
    text = (footer.out or "") + "Hello {{ slot('name', 'reader') }}\n"
    (site.root / "templates/blocks/footer.txt").write_text(text)
    assert (
        site.run(
            "subscribers", "add", "ana@x.example", "--name", "Ana", "--newsletter", "morning"
        ).code
        == 0
    )
    with previewing(site, reader="ana@x.example") as preview:
        page = preview.page()
        assert (
            "Hello Ana" in page and "ana@x.example" in preview.frame(**{"as": "ana@x.example"}).text
        )
        assert "Hello reader" in preview.page(**{"as": ""})
        assert "nobody knows" in preview.page(**{"as": "ben@x.example"}) or "no subscriber" in (
            preview.page(**{"as": "ben@x.example"})
        )
        assert "/unsubscribe/u" not in page
        assert "https://test.example/unsubscribe/" in preview.frame().text


def test_what_the_checks_found_stands_beside_what_it_means(site):
    dates = '[sources]\nundated = "first-seen"\n'
    long = f'title = "Morning"\nsubject = "{"x" * 95}"'
    site.config(CONFIG.replace('title = "Morning"', long) + dates)
    site.article("a.html", "<h1>A</h1><p>Hi <img src='x.png'> there.</p>")
    with previewing(site) as preview:
        page = preview.page()
        header, main = page.split("</header>")
        assert "the subject has 95 characters" in header
        assert "has no alt text" in main.split("<iframe")[0]
        assert "img:not([alt]){outline" in preview.frame().text
        stories = page.split("<h2>Stories</h2>")[1]
        assert "no date: it counts as published" in stories


@pytest.mark.slow
def test_a_mistake_is_shown_with_its_line_and_gone_once_it_is_mended(preview):
    folder = preview.site.root / "templates/mail"
    folder.mkdir(parents=True)
    (folder / "digest.txt").write_text("one\n{{ nothing }}")
    assert "templates/mail/digest.txt:2: &#39;nothing&#39; is undefined" in preview.page()
    (folder / "digest.txt").unlink()
    assert "First Things" in preview.page()
    config = preview.site.root / "publisher.toml"
    good = config.read_text()
    config.write_text(good + "\nnonsense")
    assert "publisher.toml:" in preview.page()
    config.write_text(good.replace('title = "Morning"', 'title = "Evening"'))
    assert "Evening" in preview.frame().text or "Evening" in preview.page() + preview.frame().text
    assert "would be skipped" not in preview.page(name="morning")
    assert "there is no" in preview.page(name="nonsense")


def test_pictures_beside_an_article_show_before_anything_is_published(preview):
    (preview.site.root / "articles/view.png").write_bytes(PICTURE)
    preview.site.article("b.md", "---\ntitle: B\ndate: 2026-11-23 13:00\n---\n\n![V](view.png)\n")
    preview.page()
    html = preview.frame().text
    assert 'src="/picture/0"' in html
    assert preview.ask("/picture/0").getheader("content-type") == "image/png"
    assert preview.ask("/picture/7").status == 404


def test_looking_writes_nothing(preview):
    ledger = tree(preview.site.root / ".publisher")
    preview.page(scheme="both", **{"as": "ana@x.example"})
    preview.frame()
    assert tree(preview.site.root / ".publisher").keys() - ledger.keys() <= {
        "ledger.db-shm",
        "ledger.db-wal",
    }
    assert tree(preview.site.root / ".publisher")["ledger.db"] == ledger["ledger.db"]
    assert not (preview.site.root / "outbox").exists()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_page_elsewhere_whose_name_leads_here_reads_nothing(preview, host):
    for path in ("/", "/frame", "/picture/0", "/changes", "/preview.js"):
        answer = preview.ask(path, Host=host)
        assert answer.status in (400, 421) and "First" not in answer.text


def test_nothing_but_looking_is_answered(preview):
    for path in ("/", "/frame", "/changes"):
        assert preview.ask(path, "POST").status == 405
    policy = preview.ask("/").getheader("content-security-policy")
    assert "frame-ancestors 'none'" in policy and "script-src 'self'" in policy
    assert preview.ask("/../publisher.toml").status == 404


def test_the_command_writes_one_page_where_there_is_no_terminal(site):
    site.story("a", "First Things")
    result = site.run("preview", "--once", "--no-open", "--at", "2026-11-23 20:00")
    assert result.code == 0
    page = (site.root / ".publisher/preview/morning@2026-11-24T0700.html").read_text()
    assert "First Things" in page and "<script" not in page
    assert result.out.strip().endswith("morning@2026-11-24T0700.html")


def test_what_commands_say_is_followed(preview):
    site, at = preview.site, ("--at", "2026-11-23 20:00")
    site.story("early", "Early Days", "2026-10-01 12:00")
    site.run("status", *at)
    page = preview.page()
    assert "Early Days" not in page
    assert preview.told(page, lambda: site.run("pin", "morning", "early", *at))
    page = preview.page()
    assert "Early Days" in page
    assert preview.told(page, lambda: site.run("schedule", "pause", "morning", *at))


def test_a_slot_that_passes_makes_way_for_the_next_one(site):
    site.story("a")
    clock = [NOW]
    with previewing(site, now=lambda: clock[-1]) as preview:
        page = preview.page()
        assert "morning@2026-11-24T0700" in page
        assert preview.told(page, lambda: clock.append(LATER))
        assert "morning@2026-11-25T0700" in preview.page()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The preview of a publication that has an edition and pages."""
    site = Site(tmp_path_factory.mktemp("published"), PAGED)
    site.story("a", "First Things", tags="[sea]", section="world")
    site.story("b", "Second Things", "2026-11-23 11:00", tags="[sea]")
    site.build("2026-11-24 07:00")
    site.story("c", "Third Things <3 & more", "2026-11-24 09:00")
    (site.root / "articles/view.png").write_bytes(PICTURE)
    site.article(
        "d.md",
        "---\ntitle: Fourth Things\ndate: 2026-11-24 08:00\nimage: view.png\n---\n\n"
        "Please [click here](https://x.example/) for TK.\n",
    )
    with previewing(site, now=LATER) as one:
        one.before = tree(site.root)
        yield one


def test_a_finding_leads_to_what_it_means(published):
    page, frame = published.page(), published.frame().text
    told = page[page.index("<strong>“TK” was to be replaced") :]
    place = re.search(r'#(finding-\d+)" target="mail-1">Show it</a>', told)[1]
    assert f'<mark id="{place}">TK</mark>' in frame
    assert 'articles/d.md:7 · <a href="/rules#placeholder">' in told
    assert 'id="placeholder"' in published.ask("/rules").text


def test_the_contact_sheet_shows_each_template_at_each_width_in_each_look(published):
    sheet = published.ask("/sheet").text
    frames = re.findall(r'<iframe loading="lazy" title="(\w+) at (\d+) pixels, ([\w ]+)"', sheet)
    assert set(frames) == set(
        product(
            ("breaking", "digest", "plain", "single", "confirmation", "preferences", "welcome"),
            ("600", "375", "320"),
            ("light", "dark", "inverted", "pictures off"),
        )
    )
    assert "Morning" in published.frame(template="confirmation").text
    breaking = published.frame(template="breaking").text
    assert "Third" in breaking and "Fourth" not in breaking
    assert "filter:invert(1)" in published.frame(scheme="inverted").text
    assert published.page(template="nonsense").count("<iframe") == 0


def test_an_edition_is_compared_with_the_last_one(published):
    page = published.ask("/compare").text
    states = re.findall(r'<tr class="(\w+)">.*?<td>(.*?)</td>', page)
    assert states == [
        ("new", "Third Things &lt;3 &amp; more"),
        ("new", "Fourth Things"),
        ("gone", "First Things"),
        ("gone", "Second Things"),
    ]
    assert "morning@2026-11-24T0700, built, not sent" in page
    assert "at which Gmail clips" in page
    first = published.ask("/compare?name=morning@2026-11-24T0700").text
    assert "There is no edition before this one" in first


def test_the_sites_pages_show_as_they_would_be_built(published):
    chooser = published.ask("/site").text
    assert {"home", "article", "tag", "archive"} <= set(re.findall(r">(\w+): ", chooser))
    front = published.ask("/at/light/index.html").text
    assert 'href="/at/light/d/"' in front
    article = published.ask("/at/dark/d/")
    assert 'href="/at/dark/style.css"' in article.text
    picture = re.search(r'src="(/at/dark/[^"]*view.png)"', article.text)[1]
    assert published.ask(picture).getheader("content-type") == "image/png"
    assert "@media all {" in published.ask("/at/dark/style.css").text
    assert published.ask("/at/light/c/").status == 200
    assert "sandbox" in article.getheader("content-security-policy")


@pytest.mark.parametrize(
    "path",
    ["nothing/", "../publisher.toml", "%2e%2e/publisher.toml", ".publisher/ledger.db", "d.md"],
)
def test_nothing_but_the_site_lies_below_its_pages(published, path):
    assert published.ask(f"/at/light/{path}").status == 404
    assert published.ask("/at/sepia/index.html").status == 404


def test_a_hostile_title_is_words_in_every_view(published):
    for path in ("/", "/sheet", "/compare", "/site", "/rules"):
        answer = published.ask(path)
        assert answer.status == 200
        assert "<3" not in answer.text and "<script>" not in answer.text
        assert "script-src 'self'" in answer.getheader("content-security-policy")
        assert answer.text.count("<iframe") == answer.text.count(" sandbox=")


def test_no_view_writes_anything(published):
    for path in ("/", "/sheet", "/compare", "/site", "/at/light/d/"):
        published.ask(path)
    after = tree(published.site.root)
    assert after.keys() - published.before.keys() <= {
        ".publisher/ledger.db-shm",
        ".publisher/ledger.db-wal",
    }
    assert all(after[path] == data for path, data in published.before.items())
