"""Text on its way: what an editor writes is what readers are told, in every output."""

import json
import re

import pytest

from tests.site import Site

CONFIG = """\
[publication]
title = "Lab"
base_url = "https://news.example"
since = 2026-01-01
sender = "letter@news.example"

[newsletters.full]
title = "Full"
every = "day"
max_age = "3650d"
any_language = true
[[newsletters.full.sections]]
name = "all"
max = 50
show = "full"
"""
AT = "2026-11-26 12:00"
EDITION = "full@2026-11-26T0700"


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path, CONFIG)


def written(site, body, **keys):
    head = {"title": "A", "date": "2026-11-25", **keys}
    lines = "".join(f"{key}: {value}\n" for key, value in head.items())
    site.article("a.md", f"---\n{lines}---\n{body}\n")
    site.build(AT)
    return site.feed()["items"][0]


def test_a_raised_figure_is_the_same_number_everywhere(site):
    item = written(site, "The virus spread to 10<sup>6</sup> cells in 25 m<sup>2</sup>.")
    told = "The virus spread to 10⁶ cells in 25 m²."
    assert item["summary"] == told
    assert told in site.part("message.txt", EDITION)
    page = (site.root / "outbox/web/a/index.html").read_text()
    assert f'<meta name="description" content="{told}">' in page
    assert f"<summary>{told}</summary>" in (site.root / "outbox/feeds/atom.xml").read_text()


def test_a_raised_figure_in_titles_and_given_summaries(site):
    written(site, "Body.", title="Over 10<sup>6</sup> cases", summary='"Now 10<sup>6</sup> cases"')
    assert site.part("subject.txt", EDITION) == "Over 10⁶ cases"
    assert site.part("preheader.txt", EDITION) == "Now 10⁶ cases"


def test_an_update_to_come_is_none_yet_and_is_told(site):
    item = written(site, "A", lastmod="2031-05-01")
    assert item["date_modified"] == "2026-11-25T00:00:00+00:00"
    assert b"2031" not in (site.root / "outbox/feeds/atom.xml").read_bytes()
    told = site.run("check", "--at", AT).out
    assert "a.md: it was changed on 2031-05-01, which is still to come" in told
    site.build("2031-05-02 12:00")
    assert site.feed()["items"][0]["date_modified"] == "2031-05-01T00:00:00+00:00"


@pytest.mark.parametrize("how", ["front matter", "by hand", "by name"])
def test_an_excluded_story_is_nowhere_in_that_edition(site, how):
    keys = {"front matter": "exclude: true", "by name": "exclude: [full]"}.get(how, "pin: []")
    words = "bread cinema school winter museum bicycle garden lantern"
    for number in range(8):
        text = " and ".join(f"{word}{number}" for word in words.split())
        site.article(
            f"z{number}.md",
            f"---\ntitle: Other {number}\ndate: 2026-10-0{number + 1}\n---\n{text}.",
        )
    shared = "harbour captains, the tidal barrier, the northern quay and the ferry timetable"
    site.article(
        "a.md", f"---\ntitle: Ferry vote\ndate: 2026-11-25\n---\nThe council heard {shared}."
    )
    site.article(
        "e.md",
        f"---\ntitle: Left out\ndate: 2026-11-20\nnewsletter:\n  {keys}\n---\nLast spring {shared} were news.",
    )
    if how == "by hand":
        assert site.run("exclude", "full", "left-out", "--at", AT).code == 0
    site.build(AT)
    folder = site.root / "outbox/editions" / EDITION
    assert all(b"Left out" not in path.read_bytes() for path in folder.iterdir())
    assert "Left out" in (site.root / "outbox/web/a/index.html").read_text()


def test_addresses_of_links_pictures_and_enclosures_are_encoded_once(site):
    site.article("bild ä.png", b"x")
    item = written(
        site,
        '<a href="/größe und%20Maß">a</a>',
        image="bild ä.png",
        enclosure="https://bücher.example/ü%20x.pdf",
        canonical_url="https://news.example/straße/",
    )
    assert item["url"] == "https://news.example/stra%C3%9Fe/"
    assert 'href="https://news.example/gr%C3%B6%C3%9Fe%20und%20Ma%C3%9F"' in item["content_html"]
    assert item["image"] == "https://news.example/stra%C3%9Fe/bild%20%C3%A4.png"
    assert item["attachments"][0]["url"] == "https://xn--bcher-kva.example/%C3%BC%20x.pdf"
    assert "there is no file" not in site.run("check", "--at", AT).out


@pytest.mark.parametrize(
    ("base", "source"),
    [
        ("https://cdn.example/posts/", "https://cdn.example/posts/i.png"),
        ("//cdn.example/p/", "https://cdn.example/p/i.png"),
        ("../up/", "https://news.example/up/i.png"),
        ("javascript:x", "https://news.example/a/i.png"),
    ],
)
def test_addresses_begin_at_the_base_of_a_page(site, base, source):
    head = f'<base href="{base}"><title>A</title><meta name="date" content="2026-11-25">'
    site.article("a.html", f"<html><head>{head}</head><body><p><img src='i.png'></p></body></html>")
    site.build(AT)
    assert f'src="{source}"' in site.feed()["items"][0]["content_html"]


def test_a_link_to_a_part_of_a_page_leads_there_and_feeds_have_no_ids(site):
    item = written(site, "[down](#the-end) [note](#n)\n\n## The end\n\n<p id='n'>Note</p>")
    page = (site.root / "outbox/web/a/index.html").read_text()
    assert '<h2 id="the-end">The end</h2>' in page
    assert '<p id="n">Note</p>' in page
    assert 'href="/a/#the-end"' in page
    assert " id=" not in item["content_html"]
    assert 'id="n"' not in site.part("message.html", EDITION)


def test_ids_change_no_version_of_an_article(site):
    versions = []
    for body in ("<h2>H</h2>", "<h2 id='x'>H</h2>"):
        written(site, body)
        listed = json.loads(site.run("check", "--list", "--json", "--at", AT).out)
        versions.append(listed["articles"][0]["version"])
    assert versions[0] == versions[1]


def test_what_the_sanitiser_took_is_told_by_check(site):
    written(
        site,
        '<iframe src="https://www.youtube.com/embed/abcdefg" title="Film"></iframe>\n\n'
        "![Chart](data:image/png;base64,iVBO)\n\n<form><p>Words</p></form>",
    )
    told = site.run("check", "--at", AT).out
    assert (
        "note: articles/a.md: an <iframe> became a link to https://www.youtube.com/watch?v=abcdefg"
        in told
    )
    assert (
        "warning: articles/a.md: left out: a picture whose data stands in the text (data:)" in told
    )
    assert "left out: a form" in told


def test_words_of_another_direction_say_so_in_mails_feeds_and_pages(site):
    item = written(site, "זהו טקסט עם מילה English באמצע.", title='"שלום, עולם!"', language="he")
    assert item["content_html"].startswith('<div lang="he" dir="rtl">')
    for name in ("rss.xml", "atom.xml"):
        assert 'dir="rtl"' in (site.root / "outbox/feeds" / name).read_text()
    html = site.part("message.html", EDITION)
    assert re.search(r'<h[23] lang="he" dir="rtl"[^>]*><a[^>]*>(<bdi>)?שלום', html)


def test_three_tags_have_three_feeds(site):
    written(site, "A", tags='["C", "C++", "C#", "🎉"]')
    found = {path.name for path in (site.root / "outbox/feeds/tag").iterdir()}
    assert found == {"c", "c-plus-plus", "c-sharp", "🎉"}
    assert site.feed()["items"][0]["tags"] == ["C", "C++", "C#", "🎉"]
    assert site.run("feeds", "check", "--at", AT).code == 0


def test_a_tag_that_came_later_does_not_take_an_address(site):
    written(site, "A", tags='["C++"]')
    site.article("b.md", '---\ntitle: B\ndate: 2026-11-26\ntags: ["C"]\n---\nB\n')
    site.build("2026-11-27 12:00")
    assert [one["title"] for one in site.feed("tag/c/feed.json")["items"]] == ["A"]


def test_dates_in_names_keep_old_stories_old(site):
    for name in (
        "2026-01-11_under.md",
        "2026-01-10-bundle/index.md",
        "2026/01/09/deep.md",
        "2026-01-08 - spaced.md",
    ):
        site.article(name, f"---\ntitle: {name[:10]}\n---\nText.\n")
    site.build(AT)
    published = [one["date_published"][:10] for one in site.feed()["items"]]
    assert published == ["2026-01-11", "2026-01-10", "2026-01-09", "2026-01-08"]


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (16).to_bytes(4, "big") + (12).to_bytes(4, "big")


def test_a_picture_in_a_mail_is_as_wide_as_its_file_and_its_attributes_may_lie(site):
    site.article("tiny.png", PNG)
    for img in (
        "![i](tiny.png)",
        '<img src="tiny.png" width="900" height="3">',
        '<img src="tiny.png" width="100%">',
    ):
        written(site, f"{img} opens it.\n\n{img}")
        found = re.findall(r"<img [^>]*tiny.png[^>]*>", site.part("message.html", EDITION))
        assert len(found) == 2
        assert all('width="16" height="12"' in one for one in found)


def test_a_picture_of_the_static_folder_is_measured_as_well(site):
    written(site, "![i](/img/tiny.png)")
    assert 'width="536"' in site.part("message.html", EDITION)
    (site.root / "static/img").mkdir(parents=True)
    (site.root / "static/img/tiny.png").write_bytes(PNG)
    site.build(AT)
    assert 'width="16"' in site.part("message.html", EDITION)
    (site.root / "static/img/tiny.png").write_bytes(PNG + b"\0" * 1_000_100)
    assert "the picture tiny.png has 1.0 MB" in site.run("check", "--at", AT).out


def test_a_picture_that_arrives_later_is_measured_then(site):
    written(site, "![i](tiny.png)")
    assert 'width="536"' in site.part("message.html", EDITION)
    site.article("tiny.png", PNG)
    site.build(AT)
    assert 'width="16"' in site.part("message.html", EDITION)


def test_a_picture_too_heavy_or_too_wide_for_mail_is_named(site):
    site.article("heavy.png", PNG + b"\0" * 1_000_100)
    wide = PNG[:16] + (4000).to_bytes(4, "big") + (30).to_bytes(4, "big")
    site.article("wide.png", wide)
    written(site, "![h](heavy.png) ![w](wide.png)")
    told = site.run("check", "--at", AT).out
    assert "a.md:5: the picture heavy.png has 1.0 MB: too heavy for mail" in told
    assert "a.md:5: the picture wide.png has 4,000 pixels: too wide for mail" in told


def test_a_logo_that_is_a_file_is_put_where_readers_can_load_it(site):
    (site.root / "logo.png").write_bytes(PNG)
    site.config(CONFIG.replace('title = "Lab"', 'title = "Lab"\nlogo = "logo.png"'))
    written(site, "Text.")
    assert (site.root / "outbox/web/logo.png").read_bytes() == PNG
    assert 'src="https://news.example/logo.png"' in site.part("message.html", EDITION)
    assert site.feed()["icon"] == "https://news.example/logo.png"
    (site.root / "logo.png").unlink()
    assert "there is no file for the logo" in site.run("check", "--at", AT).out


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("logo.svg", b"<svg/>", "the logo is an SVG"),
        ("logo.png", PNG + b"\0" * 1_000_100, "the logo has 1.0 MB: too heavy for mail"),
    ],
)
def test_a_logo_that_mails_cannot_show_well_is_named(site, name, data, said):
    (site.root / name).write_bytes(data)
    site.config(CONFIG.replace('title = "Lab"', f'title = "Lab"\nlogo = "{name}"'))
    assert said in site.run("check", "--at", AT).out


def test_a_copy_of_each_edition_opens_in_a_browser(site):
    site.article("tiny.png", PNG)
    written(site, "![i](tiny.png)")
    path = site.root / "outbox/views" / f"{EDITION}.html"
    html = path.read_text()
    assert "[[" not in html
    (source,) = re.findall(r'<img [^>]*src="([^"]*tiny.png)"', html)
    assert (path.parent / source).read_bytes() == PNG
    site.story("a", date="2026-11-25", draft="true")
    site.build(AT)
    assert not path.exists()
