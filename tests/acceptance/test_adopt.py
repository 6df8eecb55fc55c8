"""adopt: a site of another generator becomes a publication, and its folder stays as it is."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from publisher.pipeline.from_site import adopt_site
from tests.site import NOW, command, tree
from tests.sites_of_generators import SITES, write_site

AT = "2026-11-24 07:00"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "letter").mkdir()
    write_site(tmp_path / "site", SITES["hugo"])
    return tmp_path


def _adopt(place: Path, *args: str):
    return command("-C", str(place / "letter"), "adopt", "../site", "--at", AT, *args)


def test_a_site_becomes_a_publication_beside_it_and_is_not_touched(place):
    before = tree(place / "site")
    done = _adopt(place)
    assert (done.code, tree(place / "site")) == (0, before)
    assert sorted(tree(place / "letter")) == [".gitignore", "publisher.toml"]
    assert done.out.split("hugo: ")[1].split("\n")[:4] == [
        "4 files in ../site/content",
        "        found  read  hidden  left out  undated",
        "  post  4      3     1       1         0",
        "  all   4      3     1       1         0",
    ]
    assert done.out.endswith("Left out\n          1  the shortcode wave is not known\n")
    assert "feeds adopt https://live.tides.example/index.xml" in done.err


@pytest.mark.parametrize("has_model", [True, False])
@pytest.mark.parametrize(("language", "articles"), [("en", 100), ("en", 98), ("de", 100)])
def test_the_packaged_model_is_named_where_it_can_help(place, language, articles, has_model):
    story = f"---\ntitle: A\ndate: 2026-01-09\nlang: {language}\n---\nText.\n"
    files = {"_config.yml": f"title: A\nlang: {language}\n"}
    files |= {f"_posts/2026-01-09-a{number}.md": story for number in range(articles)}
    write_site(place / "jekyll", files)
    found = adopt_site(
        place / "jekyll", place / "letter", NOW, lambda *_: None, has_model=has_model
    )
    helps = language == "en" and articles >= 100
    assert tomllib.loads(found.text).get("related") == (
        {"model": "wordllama"} if helps and has_model else None
    )
    assert ("publisher[meaning]" in found.text) == (helps and not has_model)
    assert found.publication.related.model == ("wordllama" if helps and has_model else "")


def test_what_is_written_says_where_each_value_came_from(place):
    left_out = "---\ntitle: Big\ndate: 2026-01-09\n---\n\n{{< wave >}}\n"
    write_site(place / "site", {"content/wave/big.md": left_out})
    _adopt(place)
    text = (place / "letter/publisher.toml").read_text()
    wanted = (
        ('title = "Tide Tables"', "from hugo.toml:2 title"),
        ('base_url = "https://live.tides.example/"', "from config/production/hugo.toml:1 baseURL"),
        ('zone = "Europe/London"', "from hugo.toml:4 timeZone"),
        ('author = "Ana"', "from config/_default/params.toml:4 author.name"),
        ('articles = "../site/content"', "Hugo's habit"),
        ('site = "../site"', "its configuration, data and pictures"),
    )
    lines = [tuple(part.strip() for part in line.split("  # ")) for line in text.split("\n")]
    assert [pair for pair in wanted if pair not in lines] == []
    own = tomllib.loads(text)
    assert own["sources"]["generator"] == "hugo"
    sections = own["newsletters"]["morning"]["sections"]
    assert [one["sections"] for one in sections] == [["post", "wave"], ["post", "wave"]]


def test_what_it_wrote_is_built_from_articles_outside_its_folder(place):
    before = tree(place / "site")
    _adopt(place)
    built = command("-C", str(place / "letter"), "build", "--at", AT)
    assert built.code == 0, built.err
    assert tree(place / "site") == before
    feed = (place / "letter/outbox/feeds/feed.json").read_text()
    assert "Ebb" in feed
    home = (place / "letter/outbox/web/index.html").read_text()
    assert "sections/" not in home
    assert "Later" not in feed


def test_init_from_does_the_same_in_a_new_folder(place):
    done = command("init", str(place / "new"), "--from", str(place / "site"), "--title", "Mine")
    assert done.code == 0
    text = (place / "new/publisher.toml").read_text()
    assert text.count("as you said") == 1
    assert tomllib.loads(text)["publication"]["title"] == "Mine"


def test_a_publication_that_is_there_is_not_overwritten(place):
    _adopt(place)
    before = tree(place / "letter")
    again = _adopt(place)
    assert (again.code, tree(place / "letter")) == (2, before)
    assert "there is a publication in" in again.err


def test_a_trial_writes_nothing_and_shows_the_configuration(place):
    done = _adopt(place, "--dry-run")
    assert (done.code, tree(place / "letter")) == (0, {})
    assert '[sources]\ngenerator = "hugo"' in done.out


def test_the_sites_own_folder_is_taken_only_if_that_is_said(place):
    site = str(place / "site")
    before = tree(place / "site")
    for words in (("-C", site, "adopt", "."), ("-C", f"{site}/content", "adopt", "..")):
        done = command(*words)
        assert (done.code, tree(place / "site")) == (2, before)
    assert command("-C", site, "adopt", ".", "--inside").code == 0
    publication = tomllib.loads((place / "site/publisher.toml").read_text())
    assert publication["publication"]["articles"] == "content"
    assert publication["web"]["static"] == "static"


def test_json_holds_the_same(place):
    found = _adopt(place, "--json").json
    assert (found["generator"], found["all"]["read"]) == ("hugo", 3)
    assert found["left_out"] == {"the shortcode wave is not known": 1}


def test_a_site_without_articles_is_an_error_that_says_where_it_looked(tmp_path):
    (tmp_path / "_config.yml").write_text("title: A\n")
    (tmp_path / "letter").mkdir()
    done = command("-C", str(tmp_path / "letter"), "adopt", str(tmp_path))
    assert done.code == 2
    assert "lies in the site's folder" in done.err
    (tmp_path / "site").mkdir()
    (tmp_path / "site/_config.yml").write_text("title: A\n")
    done = command("-C", str(tmp_path / "letter"), "adopt", "../site")
    assert done.err.split("\n")[1] == "  Looked in: folders of posts (jekyll)."


def test_a_configuration_that_cannot_be_read_is_named_with_its_line(place):
    (place / "site/hugo.toml").write_text('title = "A"\nb = = 1\n')
    done = _adopt(place)
    assert (done.code, tree(place / "letter")) == (2, {})
    assert "site/hugo.toml:2: not TOML" in done.err


def test_values_that_publisher_toml_cannot_hold_stay_as_comments(tmp_path):
    (tmp_path / "letter").mkdir()
    config = 'title = "a\\u0000\\n\\"b"\nbaseURL = "javascript:1"\nlanguageCode = "$(id)"\n'
    files = {"hugo.toml": config, "content/a.md": "---\ndate: 2026-01-01\n---\n# A\n\nB.\n"}
    write_site(tmp_path / "site", files)
    done = command("-C", str(tmp_path / "letter"), "adopt", "../site")
    assert done.code == 0, done.err
    own = tomllib.loads((tmp_path / "letter/publisher.toml").read_text())["publication"]
    assert (own["title"], own["base_url"]) == ('a "b', "https://news.example")
    assert "language" not in own


def test_the_ids_of_the_live_feed_are_kept_and_what_is_no_article_is_named(place):
    item = (
        "<item><title>{}</title><guid>{}</guid><pubDate>05 Jan 2026 09:00:00 GMT</pubDate></item>"
    )
    items = item.format("Ebb", "post-7") + item.format("Gone", "post-8")
    (place / "live.xml").write_text(f"<rss version='2.0'><channel>{items}</channel></rss>")
    done = _adopt(place, "--feed", str(place / "live.xml"))
    assert "left over: Gone: no article has its address or its title" in done.out
    ids = tomllib.loads((place / "letter/ids.toml").read_text())
    assert ids == {"post/ebb.md": "post-7"}
    own = tomllib.loads((place / "letter/publisher.toml").read_text())
    assert (own["sources"]["ids"], own["feeds"]["entries"]) == ("permalink", 2)


PAGE = """<!doctype html><html lang="en"><head><title>{title} | The Tide</title>
<link rel="canonical" href="https://tide.example/{path}">
<link rel="alternate" type="application/rss+xml" href="/feed.xml"></head>
<body><nav><a href="/">Home</a></nav>{body}<footer>All rights</footer></body></html>"""
STORY = """<article><h1>{title}</h1><time datetime="2026-01-0{n}">then</time>
<p>The sea comes in and goes out again, as it has for a thousand years or more.</p></article>"""


def _rendered(folder):
    pages = {"index.html": ("The Tide", "", "<main><h2>Stories</h2></main>")}
    for n in range(1, 5):
        body = STORY.format(title=f"Day {n}", n=n)
        pages[f"day-{n}/index.html"] = (f"Day {n}", f"day-{n}/", body)
    texts = {
        name: PAGE.format(title=title, path=path, body=body)
        for name, (title, path, body) in pages.items()
    }
    write_site(folder, texts)


@pytest.mark.parametrize("verb", ["adopt", "init"])
def test_rendered_html_of_any_site_becomes_a_publication(tmp_path, verb):
    (tmp_path / "letter").mkdir()
    _rendered(tmp_path / "public")
    words = (
        ("adopt", "../public", "--from-html")
        if verb == "adopt"
        else ("init", "--from-html", "../public")
    )
    done = command("-C", str(tmp_path / "letter"), *words, "--at", AT)
    assert done.code == 0, done.err
    own = tomllib.loads((tmp_path / "letter/publisher.toml").read_text())
    assert own["publication"]["base_url"] == "https://tide.example/"
    assert own["publication"]["articles"] == "../public"
    assert own["sources"]["rendered"] is True
    assert "feeds adopt https://tide.example/feed.xml" in done.err
    built = command("-C", str(tmp_path / "letter"), "feeds", "build", "--at", AT)
    assert built.code == 0, built.err
    feed = json.loads((tmp_path / "letter/outbox/feeds/feed.json").read_text())
    found = [(one["title"], one["url"], one["date_published"][:10]) for one in feed["items"]]
    assert found[0] == ("Day 4", "https://tide.example/day-4/", "2026-01-04")
    assert len(found) == 4
    assert "rights" not in feed["items"][0]["content_html"]


def test_a_folder_without_a_front_page_is_no_rendered_site(tmp_path):
    (tmp_path / "letter").mkdir()
    (tmp_path / "other").mkdir()
    done = command("-C", str(tmp_path / "letter"), "adopt", "../other", "--from-html")
    assert (done.code, "no index.html" in done.err) == (2, True)


def test_what_is_to_be_typed_next_can_be_typed_where_names_have_spaces(tmp_path):
    target = tmp_path / "my letter"
    quoted = f"-C '{target}'"
    assert quoted in command("init", str(target)).err
    write_site(tmp_path / "my site", SITES["hugo"])
    other = tmp_path / "my other letter"
    done = command("init", str(other), "--from", str(tmp_path / "my site"), "--at", AT)
    assert f"publisher -C '{other}' check" in done.err
    export = tmp_path / "my export.json"
    export.write_text('{"db": [{"meta": {"version": "5"}, "data": {"posts": []}}]}')
    told = command("-C", str(target), "import", str(export)).err
    assert told.rstrip().endswith(f"import ghost '{export}'")
