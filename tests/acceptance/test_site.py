"""The pages of the site: what stands on the web, and what never does."""

import contextlib
import re
import shutil
import socket
import time

import pytest
from lxml import html

from tests.acceptance.test_service import ROOT, join
from tests.acceptance.test_web import serving
from tests.site import AT, PAGED, Site, tree

pytestmark = pytest.mark.pages

LATER = "2026-11-24 07:30"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(300)


def pages(site):
    return tree(site.root / "outbox/web")


def names(site):
    return {name for name in pages(site) if name.endswith(".html")}


def text(site, name):
    return (site.root / "outbox/web" / name).read_text()


def mailed(site, *readers):
    """The morning edition, sent and delivered, and the pages made after it."""
    join(site, *(readers or ("ana",)))
    site.build()
    assert site.run("send", "morning", "--yes", "--at", AT).code == 0
    assert site.run("deliver", "--at", AT).code == 0
    site.build(LATER)
    return "newsletters/morning/2026-11-24T0700/index.html"


def test_each_article_has_a_page_and_stands_in_the_lists(site):
    site.story("a", "First Things", section="world")
    site.story("b", "Other Things", date="2026-10-02 12:00", section="world")
    site.build()
    made = names(site)
    assert {"a/index.html", "b/index.html", "index.html", "archive/index.html"} <= made
    assert {"archive/2026-11/index.html", "archive/2026-10/index.html"} <= made
    assert {"sections/world/index.html", "subscribe/index.html", "404.html"} <= made
    page = html.fromstring(text(site, "a/index.html"))
    assert page.xpath("string(//h1)") == "First Things"
    assert page.xpath("//link[@rel='canonical']/@href") == ["https://test.example/a/"]
    assert page.xpath("//meta[@property='og:type']/@content") == ["article"]
    feeds = page.xpath("//link[@rel='alternate']/@href")
    assert "/feeds/atom.xml" in feeds and "/feeds/section/world/feed.json" in feeds
    month = html.fromstring(text(site, "archive/2026-10/index.html"))
    assert month.xpath("//ol//a/@href") == ["/b/"]
    assert month.xpath("string(//h1)") == "October 2026"
    assert b"<loc>https://test.example/a/</loc>" in pages(site)["sitemap.xml"]
    assert b"Sitemap: https://test.example/sitemap.xml\n" in pages(site)["robots.txt"]


def test_every_link_of_every_page_leads_somewhere(site):
    site.story("a", section="world")
    site.story("b", section="world", tags="x")
    mailed(site)
    with serving(site) as web:
        known, waiting = set(), ["/"]
        while waiting:
            path = waiting.pop()
            if path in known:
                continue
            known.add(path)
            answer = web.ask("GET", path)
            assert answer.status == 200, path
            if answer.getheader("content-type").startswith("text/html"):
                found = html.fromstring(answer.data)
                links = found.xpath("//a/@href | //link/@href | //img/@src")
                waiting += [
                    re.sub("^https://test.example|#.*", "", link)
                    for link in links
                    if link.startswith(("/", "https://test.example")) and "#" not in link[:1]
                ]
    assert "/newsletters/morning/2026-11-24T0700/" in known and "/feeds/feeds.opml" in known


def test_footnotes_are_links_on_the_page_alone(site):
    head = "---\ntitle: {}\ndate: 2026-11-23 12:00\n---\n\n"
    for name in "ab":  # two in one edition and one feed
        site.article(f"{name}.md", head.format(name.upper()) + "Said[^x].\n\n[^x]: By *her*.\n")
    edition = text(site, mailed(site))
    page = html.fromstring(text(site, "a/index.html"))
    (there,) = page.xpath("//a[@role='doc-noteref']/@href")
    note = page.get_element_by_id(there.removeprefix("#"))
    assert note.text_content().split() == ["By", "her.", "↑"]
    (back,) = note.xpath(".//a[@role='doc-backlink']/@href")
    assert page.get_element_by_id(back.removeprefix("#")).text_content() == "[1]"
    (notes,) = page.xpath("//section[@role='doc-endnotes']")
    assert notes.get("aria-label") == "Footnotes" and note in notes.iter()
    entry = site.feed()["items"][0]["content_html"]
    assert (
        entry
        == "<p>Said<sup>[1]</sup>.</p>\n<hr>\n\n<ol>\n<li>\n<p>By <em>her</em>.</p>\n</li>\n</ol>"
    )
    assert "[1]" in edition and "footnote" not in edition


def test_what_is_hidden_is_in_no_byte_of_the_site(site):
    site.story("a", "Open")
    site.story("b", "xsecret draft", draft="true")
    site.story("c", "xsecret future", date="2026-12-24 12:00")
    site.story("d", "xsecret expired", expires="2026-11-23 18:00")
    site.article(
        "e.md", "---\ntitle: xsecret embargo\ndate: 2026-11-01\nembargo: 2026-12-01\n---\nHi."
    )
    site.build()
    for name, data in pages(site).items():
        assert b"xsecret" not in data + name.encode(), name
    assert len([one for one in names(site) if one.count("/") == 1]) > 3


def test_old_addresses_lead_on_until_the_story_is_hidden_and_never_over_a_page_or_file(site):
    site.story("a", "First Things", aliases="[/old/, /b/, /pics/x.html, /?p=1]")
    site.story("b", redirect_from="/2019/b.html")
    (site.root / "static/pics").mkdir(parents=True)
    (site.root / "static/pics/x.html").write_text("mine")
    told = site.build()
    assert "/old/ /a/ 301\n" in text(site, "_redirects")
    assert "https://test.example/a/" in text(site, "old/index.html")
    assert "https://test.example/b/" in text(site, "2019/b.html")
    assert text(site, "pics/x.html") == "mine"
    assert "/old/" not in text(site, "sitemap.xml")
    checked = site.run("check", "--at", AT).out
    for lost in ("/b/", "/pics/x.html", "/?p=1"):
        assert f"articles/a.md: its old address '{lost}' leads nowhere" in told.err
        assert f"its old address '{lost}' leads nowhere" in checked
    before = pages(site)
    site.build()
    assert pages(site) == before
    site.story("a", "First Things", aliases="[/old/]", draft="true")
    site.build()
    assert "old/index.html" not in pages(site)
    assert text(site, "_redirects") == "/2019/b.html /b/ 301\n"


def test_a_story_that_is_withdrawn_leaves_every_page_and_takes_its_picture_along(site):
    site.story("a", "Stays")
    site.story("b", "xsecret one", section="xhidden")
    (site.root / "articles/xsecret.png").write_bytes(PICTURE)
    site.article(
        "b.md",
        "---\ntitle: xsecret one\ndate: 2026-11-23\nsection: xhidden\n---\n\n![A view](xsecret.png)\n",
    )
    edition = mailed(site)
    assert "b/xsecret.png" in pages(site)
    assert "xsecret one" in text(site, edition)
    path = site.root / "articles/b.md"
    path.write_text(path.read_text().replace("title:", "draft: true\ntitle:"))
    site.build("2026-11-24 08:00")
    for name, data in pages(site).items():
        assert b"xsecret" not in data + name.encode() and b"xhidden" not in data, name
    assert "was withdrawn" in text(site, edition)
    assert html.fromstring(text(site, edition)).xpath("//ol//a/text()") == ["Stays"]
    assert not (site.root / "outbox/web/b").exists()


def test_an_edition_is_shown_as_it_was_sent_without_a_word_of_its_readers(site):
    site.story("a", "Told Once")
    path = mailed(site, "ana", "ben")
    page = text(site, path)
    assert "Told Once" in page and "The first paragraph of a." in page
    assert "your address because you subscribed" in page
    for name, data in pages(site).items():
        assert b"x.example" not in data, name
    site.story("a", "Told Otherwise")
    site.build("2026-11-24 08:00")
    assert "Told Once" in text(site, path)
    assert "Told Otherwise" in text(site, "a/index.html")
    assert "default-src 'none'; style-src 'self' 'unsafe-inline'" in html.fromstring(page).xpath(
        "string(//meta[@http-equiv='Content-Security-Policy']/@content)"
    )
    assert "<script" not in page


def test_editions_lead_to_the_ones_before_and_after_them(site):
    site.story("a")
    first = mailed(site)
    assert "Later edition" not in text(site, first)
    site.story("b", date="2026-11-24 12:00")
    site.build("2026-11-25 07:00")
    site.run("send", "morning", "--yes", "--at", "2026-11-25 07:00")
    site.run("deliver", "--at", "2026-11-25 07:00")
    second = first.replace("24T", "25T")
    assert 'href="/newsletters/morning/2026-11-25T0700/" rel="next"' in text(site, first)
    assert 'href="/newsletters/morning/2026-11-24T0700/" rel="prev"' in text(site, second)
    assert "Later edition" not in text(site, second)


def test_only_what_has_begun_to_go_out_stands_on_the_web(site):
    site.config(PAGED.replace('at = "07:00"', 'at = "07:00"\nundo = "20min"'))
    site.story("a")
    join(site, "ana")
    place = "newsletters/morning/2026-11-24T0700/index.html"
    site.build()
    assert place not in names(site)
    assert site.run("send", "morning", "--yes", "--undo", "20min", "--at", AT).code == 0
    site.build("2026-11-24 07:10")
    assert place not in names(site)
    assert site.run("cancel", "morning", "--yes", "--at", "2026-11-24 07:11").code == 0
    site.build("2026-11-24 07:40")
    assert place not in names(site)


def test_an_edition_stands_on_the_web_before_its_first_mail_is_sent(site):
    site.story("a")
    join(site, "ana")
    site.build()
    assert site.run("send", "morning", "--yes", "--at", AT).code == 0
    assert site.run("deliver", "--at", AT).code == 0
    assert "newsletters/morning/2026-11-24T0700/index.html" in names(site)


def test_newsletters_that_are_not_for_all_have_no_pages(site):
    site.config(PAGED.replace('title = "Morning"', 'title = "xMorning"\npublic = false'))
    site.story("a")
    mailed(site)
    assert not [name for name in names(site) if "newsletters" in name]
    for name, data in pages(site).items():
        assert b"xMorning" not in data, name


def test_search_engines_are_asked_to_leave_out_what_is_not_for_them(site):
    site.config(PAGED.replace('title = "Morning"', 'title = "Morning"\narchive = "noindex"'))
    site.story("a")
    site.story("b", noindex="true")
    edition = mailed(site)
    for name in (edition, "b/index.html", "404.html", "unsubscribe/index.html"):
        assert 'name="robots" content="noindex"' in text(site, name), name
    sitemap = text(site, "sitemap.xml")
    assert "test.example/a/" in sitemap
    assert "test.example/b/" not in sitemap and "2026-11-24T0700" not in sitemap
    site.config(PAGED + "\n[web]\nnoindex = true\n")
    site.build(LATER)
    assert 'content="noindex"' in text(site, "a/index.html")
    assert "<loc>" not in text(site, "sitemap.xml")


def test_a_second_build_touches_no_page_and_a_lost_memory_changes_none(site):
    site.story("a")
    site.story("b")
    mailed(site)
    folder = site.root / "outbox/web"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    bytes_before = pages(site)
    site.build(LATER)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    (site.root / ".publisher/pages.json").write_text("[]")
    site.build(LATER)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    shutil.rmtree(folder)
    site.build(LATER)
    assert pages(site) == bytes_before


@pytest.mark.slow
def test_pages_keep_their_related_stories_whatever_arrives_later(tmp_path):
    site = Site.copy_of(ROOT / "examples/bayside", tmp_path / "bayside")
    site.build("2026-11-24 07:00")
    name = "world/pacific-radar/index.html"
    before = text(site, name)
    wavering = "Japan Faces Uncertainty as U.S. Commitment to Allies Wavers"
    assert wavering in before
    source = site.root / "articles/world/allies-wavering.md"
    again = (
        source.read_text().replace(wavering, "Guarantees, Reconsidered").replace("# ", "# More ")
    )
    site.article("world/again.md", again)
    site.build("2026-11-24 07:10")
    assert text(site, name) == before
    source.unlink()
    site.build("2026-11-24 07:20")
    assert wavering not in text(site, name)


def test_pictures_beside_an_article_stand_beside_its_page_and_nothing_else_does(site):
    folder = site.root / "articles/city"
    folder.mkdir()
    (folder / "map.png").write_bytes(PICTURE)
    (folder / "other.png").write_bytes(PICTURE)
    (folder / "draft.md").write_text("---\ntitle: xsecret\ndraft: true\n---\nxsecret\n")
    (site.root / "secret.png").write_bytes(PICTURE)
    (folder / "out.png").symlink_to(site.root / "secret.png")
    site.article(
        "city/walk.md",
        "---\ntitle: A Walk\ndate: 2026-11-23\nslug: walk\n---\n\n![Map](map.png) ![Out](out.png) "
        "[source](draft.md) ![Up](../../secret.png) ![Root](/city/map.png)\n",
    )
    site.build()
    found = {name for name in pages(site) if name.endswith((".png", ".md"))}
    assert found == {"walk/map.png", "city/map.png"}
    assert 'src="/walk/map.png"' in text(site, "walk/index.html")


def test_a_folder_of_static_files_is_copied_as_it_is(site):
    site.story("a")
    folder = site.root / "static/pics"
    folder.mkdir(parents=True)
    (folder / "x.png").write_bytes(PICTURE)
    (site.root / "static/a").mkdir()
    (site.root / "static/a/index.html").write_text("not this one")
    (site.root / "static/.env").write_text("xsecret")
    (site.root / "static/link").symlink_to("/etc/passwd")
    site.build()
    assert pages(site)["pics/x.png"] == PICTURE
    assert "not this one" not in text(site, "a/index.html")
    assert {name for name in pages(site) if "env" in name or "link" in name} == set()
    shutil.rmtree(site.root / "static")
    site.build(LATER)
    assert "pics/x.png" not in pages(site)


def test_an_address_that_no_page_can_have_is_named(site):
    site.story("a")
    site.article(
        "far.md", "---\ntitle: Far\ndate: 2026-11-23\ncanonical: https://other.example/x\n---\nHi."
    )
    site.article("odd.md", "---\ntitle: Odd\ndate: 2026-11-23\nurl: /archive/\n---\nHi.")
    site.article("up.md", "---\ntitle: Up\ndate: 2026-11-23\nurl: /..%2f..%2fup/\n---\nHi.")
    built = site.run("build", "--json", "--at", AT).json
    told = [
        problem["path"] for problem in built["pages"]["problems"] if "no page" in problem["what"]
    ]
    assert sorted(told) == ["articles/far.md", "articles/odd.md", "articles/up.md"]
    assert "Odd" not in text(site, "archive/index.html").split("<main>")[0]
    assert not (site.root / "up").exists() and not (site.root.parent / "up").exists()


def test_pictures_beside_a_story_that_stands_elsewhere_are_shown_and_go_with_it(site):
    folder = site.root / "articles/far"
    folder.mkdir()
    for name in ("map.png", "city.png"):
        (folder / name).write_bytes(PICTURE)
    head = "---\ntitle: Far\ndate: 2026-11-23\nimage: city.png\ncanonical: https://other.example/x"
    site.article("far/index.md", f"{head}\n---\n\n![Map](map.png)\n")
    site.build(AT)
    assert {"far/map.png", "far/city.png"} <= pages(site).keys()
    feed = (site.root / "outbox/feeds/feed.json").read_text()
    assert "https://test.example/far/map.png" in feed and "other.example/map.png" not in feed
    site.article("far/index.md", f"{head}\ndraft: true\n---\n\n![Map](map.png)\n")
    site.build(LATER)
    assert not {"far/map.png", "far/city.png"} & pages(site).keys()


def test_where_another_site_has_the_articles_only_editions_have_pages(site):
    site.config(PAGED + '\n[web]\npages = "editions"\n')
    site.story("a")
    edition = mailed(site)
    assert edition in names(site) and "a/index.html" not in names(site)
    site.config(PAGED + '\n[web]\npages = "none"\n')
    site.build(LATER)
    assert pages(site) == {}


@pytest.mark.parametrize("template", ["web/article.html", "web/list.html", "mail/digest.mjml"])
@pytest.mark.parametrize("memory", ["kept", "lost"])
def test_a_template_with_a_mistake_leaves_what_was_there_but_nothing_withdrawn(
    site, template, memory
):
    site.story("a", "Stays")
    (site.root / "articles/xsecret.png").write_bytes(PICTURE)
    site.article("b.md", "---\ntitle: xsecret one\ndate: 2026-11-23\n---\n\n![x](xsecret.png)\n")
    mailed(site)
    before = pages(site)
    (site.root / "templates" / template).parent.mkdir(parents=True)
    (site.root / "templates" / template).write_text("{{ nothing.there }}")
    (site.root / "articles/b.md").unlink()
    if memory == "lost":
        (site.root / ".publisher/pages.json").unlink()
    site.story("c", "New", date="2026-11-24 05:00")
    result = site.run("build", "--at", "2026-11-25 08:00")
    assert result.code == 1 and f"templates/{template}:1" in result.err
    for name, data in tree(site.root / "outbox").items():
        if name.startswith(("web/", "feeds/")):
            assert b"xsecret" not in name.encode() + data, name
    if memory == "kept" and template == "web/article.html":
        assert pages(site)["a/index.html"] == before["a/index.html"]


def test_check_names_a_mistake_in_a_template_of_a_page_and_links_that_lead_nowhere(site):
    site.article(
        "a.md",
        "---\ntitle: A\ndate: 2026-11-23\n---\n\n[x](/nowhere/) [y](no.png) [z](/a/) "
        "[f](/feeds/atom.xml) [o](https://other.example/nowhere/)\n",
    )
    (site.root / "templates/web").mkdir(parents=True)
    (site.root / "templates/web/month.html").write_text("{{ nope }}")
    result = site.run("check", "--at", AT)
    told = result.out + result.err
    assert result.code == 1
    assert "templates/web/month.html:1: 'nope' is undefined" in told
    assert told.count("there is no such page or file") == 2
    assert "https://test.example/nowhere/" in told and "https://test.example/a/no.png" in told
    assert tree(site.root / "outbox") == {}


def test_a_file_of_a_kind_that_is_not_published_is_not_said_to_be_missing(site):
    text = "---\ntitle: A\ndate: 2026-11-23\n---\n\n![x](b.jfif) ![y](c.jfif) [z](y%00)\n"
    text += f"[long]({'y' * 300})\n"
    site.article("a/index.md", text)
    (site.root / "articles/a/b.jfif").write_bytes(b"a picture")
    told = site.run("check", "--at", AT).out
    assert (
        "it leads to https://test.example/a/b.jfif, and its file is of a kind that is not published "
        "from there\n  Save a picture as JPEG or PNG; or put the file into static/.\n"
    ) in told
    assert "it leads to https://test.example/a/c.jfif, and there is no such page or file\n" in told


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["feed", "disk", "body", "edition"])
@pytest.mark.parametrize("memory", ["kept", "lost"])
def test_whatever_fails_what_is_withdrawn_leaves_the_site(site, monkeypatch, fault, memory):
    site.story("a", "Stays", section="one")
    (site.root / "articles/xsecret.png").write_bytes(PICTURE)
    site.article(
        "xsecret.md",
        "---\ntitle: xsecret one\ndate: 2026-11-23\nsection: xsecretion\n---\n\n![x](xsecret.png)\n",
    )
    mailed(site)
    assert "xsecret/xsecret.png" in pages(site)
    (site.root / "articles/xsecret.md").unlink()
    site.story("c", date="2026-11-24 12:00")
    if memory == "lost":
        (site.root / ".publisher/pages.json").unlink()

    def failing(*_, **__):
        raise OSError(28, "No space left on device")

    if fault == "feed":
        (site.root / "outbox/feeds/rss.xml").unlink()
        (site.root / "outbox/feeds/rss.xml").mkdir()
    elif fault == "disk":
        monkeypatch.setattr("publisher.outbox.tree.put_all", failing)
    elif fault == "body":
        monkeypatch.setattr("publisher.sources.archive.Archive.body", failing)
    else:
        monkeypatch.setattr("publisher.pipeline.editions.seal.put_edition", failing)
    assert site.run("build", "--at", "2026-11-25 08:00").code != 0
    for name, data in pages(site).items():
        if memory == "kept" or name.endswith((".html", ".xml")):
            assert b"xsecret" not in name.encode() + data, name
    if memory == "kept":
        assert not (site.root / "outbox/web/xsecret").exists()


def test_packed_files_lie_beside_texts_as_long_as_they_are_wanted(site):
    site.story("a")
    site.build()
    with_them = site.outbox()
    assert {"web/a/index.html.br", "feeds/rss.xml.gz"} <= with_them.keys()
    config = (site.root / "publisher.toml").read_text()
    site.config(f"{config}\n[web]\npacked = false\n")
    site.build()
    assert site.outbox() == {n: d for n, d in with_them.items() if not n.endswith((".gz", ".br"))}
    site.config(config)
    site.build()
    assert site.outbox() == with_them


def test_a_text_and_its_packed_one_in_the_static_folder_settle_down(site):
    site.story("a")
    (site.root / "static").mkdir()
    (site.root / "static/data.csv").write_text("a,b\n" * 200)
    (site.root / "static/data.csv.gz").write_bytes(b"theirs")
    (site.root / "static/index.html.gz").write_bytes(b"theirs")
    (site.root / "static/style.css.br").write_bytes(b"theirs")
    site.build()
    (site.root / "static/data.csv").write_text("a,c\n" * 200)
    site.build()
    before = {path: path.stat().st_mtime_ns for path in (site.root / "outbox/web").rglob("*")}
    site.build()
    assert before == {p: p.stat().st_mtime_ns for p in (site.root / "outbox/web").rglob("*")}


def test_check_takes_pages_of_editions_and_the_sites_own_files_for_what_they_are(site):
    site.story("a")
    mailed(site)
    site.article(
        "b.md",
        "---\ntitle: B\ndate: 2026-11-23\n---\n\n[m](/newsletters/morning/2026-11-24T0700/) "
        "[s](/sitemap.xml) [c](/style.css) [f](/feeds/rss.xml) [h](/) [a](/archive/)\n",
    )
    result = site.run("check", "--at", LATER)
    assert "no such page" not in result.out + result.err


def test_the_title_of_a_withdrawn_lead_is_not_in_the_list_of_editions(site):
    site.story("a", "xsecret lead")
    site.story("b", "Other", date="2026-11-23 10:00")
    edition = mailed(site)
    assert "xsecret" in text(site, "newsletters/morning/index.html")
    (site.root / "articles/a.md").unlink()
    site.build("2026-11-24 08:00")
    for name, data in pages(site).items():
        assert b"xsecret" not in data, name
    listed = html.fromstring(text(site, "newsletters/morning/index.html"))
    assert listed.xpath("//ol//a/text()") == ["24 November 2026"]
    assert edition in names(site)


def test_a_picture_that_comes_later_is_copied_and_one_that_becomes_a_link_is_not(site):
    site.article("a.md", "---\ntitle: A\ndate: 2026-11-23\n---\n\n![x](pic.png)\n")
    site.build()
    picture = site.root / "articles/pic.png"
    picture.write_bytes(PICTURE)
    site.build()
    assert pages(site)["a/pic.png"] == PICTURE
    picture.unlink()
    picture.symlink_to("/etc/passwd")
    site.build()
    assert "a/pic.png" not in pages(site)


def test_an_own_picture_stands_on_its_page_once(site):
    (site.root / "articles/pic.png").write_bytes(PICTURE)
    site.article("a.md", "---\ntitle: A\ndate: 2026-11-23\nimage: pic.png\n---\n\n![x](pic.png)\n")
    site.build()
    assert text(site, "a/index.html").count("<img") == 1


def test_an_address_of_the_sites_own_files_stops_no_build(site):
    site.article("a.md", "---\ntitle: A\ndate: 2026-11-23\nurl: /style.css\n---\nHi.")
    site.article("b.md", "---\ntitle: B\ndate: 2026-11-23\nurl: /two/index.html\n---\nHi.")
    site.article("c.md", "---\ntitle: C\ndate: 2026-11-23\nurl: /two/\n---\nHi.")
    site.article("d.md", "---\ntitle: D\ndate: 2026-11-23\nurl: /feeds/\n---\nHi.")
    result = site.build()
    assert result.err.count("no page is made for it") == 3
    checked = site.run("check", "--at", AT)
    assert (checked.out + checked.err).count("no page is made for it") == 3
    assert "style.css" in pages(site) and "two/index.html" in pages(site)


def test_a_static_file_and_an_article_may_change_places(site):
    (site.root / "static").mkdir()
    (site.root / "static/a").write_text("a file")
    site.build()
    (site.root / "static/a").unlink()
    site.story("a")
    site.build()
    assert "a/index.html" in pages(site)


def test_an_editors_own_robots_txt_wins_and_a_second_style_is_named(site):
    site.story("a")
    (site.root / "static").mkdir()
    (site.root / "static/robots.txt").write_text("User-agent: *\nDisallow: /\n")
    (site.root / "static/style.css").write_text("body {}")
    assert "static/style.css: it is not copied" in site.build().err
    assert b"Disallow: /" in pages(site)["robots.txt"]
    before = pages(site)
    site.build()
    assert pages(site) == before


@pytest.mark.parametrize(
    "folder", [".", "articles", "articles/pics", "outbox", "..", "/etc", ".git"]
)
def test_a_static_folder_that_would_publish_something_else_is_refused(site, folder):
    site.config(PAGED + f'\n[web]\nstatic = "{folder}"\n')
    result = site.run("build", "--at", AT)
    assert result.code == 2 and "publisher.toml:" in result.err and "web.static" in result.err


@pytest.mark.parametrize("nonsense", ["{}", '{"format": 1, "files": {"a/index.html": [1, 2, 3]}}'])
def test_a_memory_of_another_version_is_none(site, nonsense):
    site.story("a")
    site.build()
    before = pages(site)
    (site.root / ".publisher/pages.json").write_text(nonsense)
    site.build()
    assert pages(site) == before


def test_a_newsletter_that_changes_its_language_changes_its_pages(site):
    site.story("a")
    site.build()
    site.config(PAGED.replace('title = "Morning"', 'title = "Morning"\nlanguage = "de"'))
    site.build()
    assert '<html lang="de"' in text(site, "newsletters/morning/index.html")


def test_erasing_a_reader_takes_previews_along(site):
    site.story("a")
    join(site, "ana")
    site.run("preview", "--once", "--as", "ana@x.example", "--at", "2026-11-23 20:00")
    (page,) = (site.root / ".publisher/preview").iterdir()
    assert "ana@x.example" in page.read_text() and page.stat().st_mode & 0o077 == 0
    site.run("subscribers", "erase", "ana@x.example", "--yes")
    assert not (site.root / ".publisher/preview").exists()


def test_pages_in_an_articles_own_language_speak_it(site):
    site.story("a", "Nachtbusse", lang="de", section="stadt")
    site.build()
    page = html.fromstring(text(site, "de/a/index.html"))
    assert page.get("lang") == "de"
    assert "23. November 2026" in page.text_content()


def test_a_broken_bundle_of_a_sent_edition_is_told_and_has_no_page(site):
    site.story("a")
    join(site, "ana")
    site.build()
    assert site.run("send", "morning", "--yes", "--at", AT).code == 0
    shutil.rmtree(site.root / "outbox/web")
    (site.root / ".publisher/pages.json").unlink()
    (site.root / "outbox/editions/morning@2026-11-24T0700/message.html").write_text("xsecret")
    site.story("a", "Another title")
    built = site.run("build", "--json", "--at", LATER).json
    assert any("it has no page" in one["what"] for one in built["pages"]["problems"])
    assert "newsletters/morning/2026-11-24T0700/index.html" not in names(site)


# Over a socket


@pytest.fixture
def web(site):
    (site.root / "articles/pic.png").write_bytes(PICTURE)
    site.article("a.md", "---\ntitle: A\ndate: 2026-11-23\n---\n\n![x](pic.png)\n")
    (site.root / "static").mkdir()
    (site.root / "static/big.mp3").write_bytes(bytes(range(256)) * 20_000)
    (site.root / "static/drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>" * 9)
    site.build()
    with serving(site) as one:
        yield one


def test_pages_are_served_with_validators_and_a_policy_without_scripts(web):
    page = web.ask("GET", "/a/", Accept_Encoding="br")
    assert page.status == 200 and page.getheader("content-type") == "text/html; charset=utf-8"
    assert page.getheader("content-encoding") == "br"
    policy = page.getheader("content-security-policy")
    assert "default-src 'none'" in policy and "script" not in policy and "unsafe" not in policy
    etag = page.getheader("etag")
    assert web.ask("GET", "/a", If_None_Match=etag).status == 304
    assert web.ask("HEAD", "/a/").data == b""
    assert web.ask("POST", "/a/", {"x": "1"}).status == 405
    assert web.ask("GET", "/").status == 200
    missing = web.ask("GET", "/nothing/here")
    assert missing.status == 404 and "There is no such page" in missing.text
    assert "sandbox" in web.ask("GET", "/drawing.svg").getheader("content-security-policy")


def test_the_first_page_of_a_site_below_a_path_is_served_with_and_without_its_slash(site):
    site.config(PAGED.replace('"https://test.example"', '"https://test.example/news/"'))
    site.story("a")
    site.build()
    with serving(site) as web:
        for path in ("/news/", "/news", "/news/"):  # the third time by the short way
            answer = web.ask("GET", path)
            assert answer.status == 200 and 'href="/news/a/"' in answer.text
        assert web.ask("GET", "/").status == web.ask("GET", "/newsroom").status == 404


def test_large_files_are_read_as_they_are_sent_by_ranges_too(web):
    whole = web.ask("GET", "/big.mp3")
    assert len(whole.data) == 5_120_000 and whole.getheader("content-type") == "audio/mpeg"
    part = web.ask("GET", "/big.mp3", Range="bytes=256-511")
    assert part.status == 206 and part.data == bytes(range(256))
    assert part.getheader("content-range") == "bytes 256-511/5120000"
    assert web.ask("GET", "/big.mp3", If_None_Match=whole.getheader("etag")).status == 304
    assert web.ask("HEAD", "/big.mp3").getheader("content-length") == "5120000"
    small = web.ask("GET", "/a/pic.png", Range="bytes=0-3")
    assert (small.status, small.data) == (206, b"\x89PNG")


@pytest.mark.parametrize(
    "path",
    [
        "/../publisher.toml",
        "/%2e%2e/publisher.toml",
        "/..%2fpublisher.toml",
        "/a/%00",
        "/.env",
        "/a/index.html.gz",
        "//etc/passwd",
        "/a/../../editions",
        "/%ff%fe",
    ],
)
def test_nothing_but_the_site_is_served(web, path):
    answer = web.ask("GET", path)
    assert answer.status == 404 and "publication" not in answer.text[:40]


@pytest.mark.slow
def test_a_large_file_may_take_its_time_and_a_dawdler_may_not(site, monkeypatch):
    from publisher.web import connection

    monkeypatch.setattr(connection, "_LIFE", 1.5)  # a megabyte each: a busy machine does that
    (site.root / "static").mkdir()
    (site.root / "static/big.mp3").write_bytes(bytes(24_000_000))
    site.story("a")
    site.build()
    with serving(site) as web:

        def fetch(dawdling):
            with socket.create_connection(("127.0.0.1", web.port)) as one:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
                one.sendall(b"GET /big.mp3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                got = reads = 0
                with contextlib.suppress(ConnectionError):
                    while data := one.recv(400_000):
                        got, reads = got + len(data), reads + 1
                        time.sleep(3.0 if dawdling and reads < 4 else 0.002)
                return got

        assert fetch(dawdling=False) > 24_000_000
        assert fetch(dawdling=True) < 24_000_000
