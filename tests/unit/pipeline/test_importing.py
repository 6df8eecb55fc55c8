"""An export → article files: once, never over what an editor changed, with its pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from publisher.exports import SYSTEMS
from publisher.fetching import Answer, Unanswered
from publisher.pipeline.illustrating import Illustrator
from publisher.pipeline.importing import Wish, import_export
from publisher.pipeline.workspace import Workspace
from tests.site import CONFIG, NOW, tree
from tests.unit.exports.exports import attachment, ghost, ghost_post, item, put, wxr, zipped

_PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@dataclass
class Web:
    """Answers as a fetcher does, with what lies at an address."""

    pictures: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def ask(self, url, method="HEAD"):
        self.asked.append((method, url))
        found = self.pictures.get(url)
        if isinstance(found, Exception):
            raise found
        if found is None:
            return Answer(url, 404)
        return Answer(url, 200, "", {"content-type": found[0]}, found[1])


def _imported(own, path, system="wordpress", web=None, **wish):
    space = Workspace(own.root, NOW)
    try:
        given = Illustrator(web) if web else None
        return import_export(space, SYSTEMS[system], [path], Wish(**wish), given)
    finally:
        space.close()


def _article(site, name="2026/hello.html"):
    return (site.root / "articles" / name).read_text()


def test_a_second_import_changes_nothing(site, tmp_path):
    path = put(tmp_path, "e.xml", wxr(item(), item(2, title="Other")))
    assert _imported(site, path).counts == {"written": 2}
    before = {
        name: (site.root / "articles" / name).stat().st_mtime_ns
        for name in tree(site.root / "articles")
    }
    assert _imported(site, path).counts == {"unchanged": 2}
    after = {
        name: (site.root / "articles" / name).stat().st_mtime_ns
        for name in tree(site.root / "articles")
    }
    assert after == before


def test_a_new_export_changes_what_nobody_edited_and_no_more(site, tmp_path):
    _imported(site, put(tmp_path, "e.xml", wxr(item(), item(2, title="Other"))))
    edited = site.article("2026/other.html", _article(site, "2026/other.html") + "<p>Mine.</p>")
    new = put(
        tmp_path, "n.xml", wxr(item(body="<p>New.</p>"), item(2, title="Other", body="<p>N</p>"))
    )
    report = _imported(site, new)
    assert report.counts == {"replaced": 1, "edited here since, and left so": 1}
    assert "<p>New.</p>" in _article(site)
    assert edited.read_text().endswith("<p>Mine.</p>")
    assert _imported(site, new, replace=True).counts == {"unchanged": 1, "replaced": 1}


def test_without_its_memory_nothing_is_written_over(site, tmp_path):
    _imported(site, put(tmp_path, "e.xml", wxr(item())))
    (site.root / ".publisher/imports.json").write_text('{"articles": {"x": [1]}}')
    report = _imported(site, put(tmp_path, "n.xml", wxr(item(body="<p>New.</p>"))))
    assert report.counts == {"edited here since, and left so": 1}


def test_what_was_taken_away_here_stays_away(site, tmp_path):
    path = put(tmp_path, "e.xml", wxr(item()))
    _imported(site, path)
    (site.root / "articles/2026/hello.html").unlink()
    assert _imported(site, path).counts == {"taken away here since, and left so": 1}


def test_an_article_that_is_known_under_another_path_is_not_written_twice(site, tmp_path):
    path = put(tmp_path, "e.xml", wxr(item()))
    _imported(site, path)
    (site.root / "articles/2026/hello.html").rename(site.root / "articles/moved.html")
    assert site.run("status").code == 0
    site.build()
    (site.root / ".publisher/imports.json").unlink()
    assert _imported(site, path).counts == {"there already, in another file": 1}


def test_a_file_that_is_another_article_s_is_left_alone(site, tmp_path):
    mine = site.article("2026/hello.html", "---\ntitle: Mine\n---\n\nMine.")
    assert _imported(site, put(tmp_path, "e.xml", wxr(item()))).counts == {"written": 1}
    assert mine.read_text().endswith("Mine.")
    assert len(tree(site.root / "articles")) == 2


def test_two_articles_with_one_slug_are_two_files_also_where_case_is_no_difference(site, tmp_path):
    posts = [ghost_post(), ghost_post(id="75a1b2c3d4e5f60718293a4b", slug="HELLO")]
    _imported(site, put(tmp_path, "g.json", ghost(*posts)), "ghost")
    names = [name.casefold() for name in tree(site.root / "articles")]
    assert len(set(names)) == 2


def test_a_dry_run_writes_nothing_and_says_the_same(site, tmp_path):
    path = put(tmp_path, "e.xml", wxr(item()))
    assert _imported(site, path, dry=True).counts == {"written": 1}
    assert tree(site.root / "articles") == {}
    assert not (site.root / ".publisher/imports.json").exists()


def test_pictures_of_the_export_keep_their_old_addresses(site, tmp_path):
    body = (
        '<p><img src="https://site.example/wp-content/uploads/2026/01/a.png" srcset="x 2x"></p>'
        '<p><img src="https://site.example/wp-content/uploads/2026/01/gone.png"></p>'
    )
    data = wxr(item(body=body, meta={"_thumbnail_id": "9"}),
               attachment(9, "https://site.example/wp-content/uploads/2026/01/a.png"))  # fmt: skip
    files = {
        "site.wordpress.xml": data,
        "uploads/2026/01/a.png": _PNG,
        "uploads/2026/01/b.png": b"x",
    }
    report = _imported(site, zipped(tmp_path / "e.zip", files), site="https://site.example/")
    assert report.pictures == {"copied": 1}
    assert (site.root / "articles/wp-content/uploads/2026/01/a.png").read_bytes() == _PNG
    assert '<img src="/wp-content/uploads/2026/01/a.png">' in _article(site)
    assert 'image: "/wp-content/uploads/2026/01/a.png"' in _article(site)
    assert "https://site.example/wp-content/uploads/2026/01/gone.png" in _article(site)


def test_what_is_copied_is_found_by_the_build(site, tmp_path):
    data = ghost(ghost_post(feature_image="__GHOST_URL__/content/images/2026/a.png"))
    files = {"data/s.json": data, "content/images/2026/a.png": _PNG}
    _imported(site, zipped(tmp_path / "g.zip", files), "ghost")
    assert not [one for one in site.run("check").out.splitlines() if "a.png" in one]


def test_pictures_are_fetched_where_that_is_asked_for_and_else_stay_where_they_are(site, tmp_path):
    body = (
        '<p><img src="https://cdn.example/f/x.png?w=1"><img src="https://cdn.example/no.png">'
        '<img src="https://cdn.example/page.png"><a href="https://cdn.example/a">l</a></p>'
    )
    path = put(tmp_path, "e.xml", wxr(item(body=body)))
    web = Web({
        "https://cdn.example/f/x.png?w=1": ("image/png; x", _PNG),
        "https://cdn.example/no.png": Unanswered("it is an address of a private network"),
        "https://cdn.example/page.png": ("text/html", b"<p>"),
    })  # fmt: skip
    report = _imported(site, path, web=web)
    assert report.pictures == {
        "fetched": 1,
        "left where they are: it is an address of a private network": 1,
        "left where they are: it is no picture": 1,
    }
    (name,) = [name for name in tree(site.root / "articles") if name.endswith(".png")]
    assert name.startswith("pictures/")
    assert f'src="/{name}"' in _article(site)
    assert 'src="https://cdn.example/no.png"' in _article(site)
    assert len(web.asked) == 3
    again = _imported(site, path, web=Web())
    assert (again.counts, again.pictures["there already"]) == ({"unchanged": 1}, 1)


def test_a_base_url_with_a_path_leads_to_pictures_as_well(site, tmp_path):
    site.config(CONFIG.replace("https://test.example", "https://test.example/blog/"))
    data = ghost(ghost_post(html='<img src="__GHOST_URL__/content/images/2026/a.png">'))
    files = {"s.json": data, "content/images/2026/a.png": _PNG}
    _imported(site, zipped(tmp_path / "g.zip", files), "ghost", site="https://old.example/")
    assert 'src="/blog/content/images/2026/a.png"' in _article(site)


def test_a_folder_that_leads_out_is_refused(site, tmp_path):
    path = put(tmp_path, "e.xml", wxr(item()))
    (site.root / "articles/2026").symlink_to(tmp_path)
    result = site.run("import", "wordpress", str(path))
    assert result.code == 2
    assert "leads out of the articles folder" in result.err
    assert site.run("import", "wordpress", str(path), "--to", "../x").code == 2


def test_the_command_tells_what_it_found_and_what_to_do_next(site, tmp_path):
    items = [item(), item(2, kind="page"), item(3, title="D", status="draft", body="[foo_x a=1]")]
    path = put(tmp_path, "e.xml", wxr(*items))
    result = site.run("import", "wordpress", str(path))
    assert result.code == 0
    assert result.out == (
        "WordPress: 2 articles found\n"
        "  2  written\n"
        "  1  of them are drafts\n"
        "Left out:\n"
        "  1  page\n"
        "Not taken over from texts:\n"
        "  1  [foo_x]\n"
    )
    assert "--type post --type page" in result.err
    assert " check\n" in result.err
    told = site.run("import", "wordpress", str(path), "--json").json
    assert (told["found"], told["counts"], told["drafts"]) == (2, {"unchanged": 2}, 1)


def test_a_damaged_export_ends_with_1_and_keeps_what_was_whole(site, tmp_path):
    data = wxr(item(), item(2, title="Other"))
    result = site.run("import", "wordpress", str(put(tmp_path, "e.xml", data[:-400])))
    assert result.code == 1
    assert "the file ends in the middle" in result.err
    assert "  1  written" in result.out


def test_what_is_no_export_is_an_error_with_what_to_do(site, tmp_path):
    result = site.run("import", "ghost", str(put(tmp_path, "a.txt", b"x")))
    assert (result.code, result.out) == (1, "")
    assert "no export of Ghost is in it" in result.err


def test_check_names_exports_among_the_articles_with_the_command(site):
    put(site.root / "articles", "export.xml", wxr(item()))
    put(site.root / "articles", "g.json", ghost(ghost_post()))
    put(site.root / "articles", "data.json", json.dumps({"posts": []}).encode())
    put(site.root / "articles", "s/posts.csv", b"post_id,post_date,is_published\n")
    zipped(site.root / "articles/m.zip", {"posts/a.html": b"x", "README.html": b"x"})
    said = site.run("check").out
    for system, path in (("wordpress", "export.xml"), ("ghost", "g.json"), ("substack", "s"),
                         ("medium", "m.zip")):  # fmt: skip
        assert f"publisher import {system} articles/{path};" in said
    assert "data.json" not in said


_BARE = {
    "wordpress": (
        "wordpress.xml",
        b'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        b'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        b'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>S</title><item>'
        b"<title>Hello</title><link>https://site.example/hello/</link>"
        b'<guid isPermaLink="false">https://site.example/?p=1</guid>'
        b"<pubDate>Mon, 05 Jan 2026 08:00:00 +0000</pubDate>"
        b"<content:encoded><![CDATA[<p>Hello.</p>]]></content:encoded></item></channel></rss>",
    ),
    "ghost": (
        "ghost.json",
        b'{"db":[{"meta":{"version":"5.0.0"},"data":{"posts":[{"id":"1","uuid":"u","title":"Hello",'
        b'"slug":"hello","html":"<p>Hello.</p>","published_at":"2026-01-05T08:00:00.000Z"}]}}]}',
    ),
    "substack": (
        "posts.csv",
        b"post_id,post_date,is_published,title\n1.hello,2026-01-05T08:00:00Z,true,Hello\n",
    ),
}


@pytest.mark.parametrize("system", _BARE)
def test_the_barest_export_is_one_article_that_a_build_reads(site, tmp_path, system):
    name, data = _BARE[system]
    put(tmp_path / "e", "posts/1.hello.html", b"<p>Hello.</p>")
    put(tmp_path / "e", name, data)
    put(tmp_path / "e", "package.json", b"{}")  # of something else
    assert site.run("import", system, str(tmp_path / "e")).code == 0
    listed = site.run("check", "--list")
    assert "hello" in listed.out
    assert "1 article: 0 errors, 0 warnings, 0 notes." in listed.out


def test_a_file_of_readers_is_still_understood(site, tmp_path):
    path = put(tmp_path, "readers.csv", b"email\nana@reader.example\n")
    result = site.run("import", str(path), "--dry-run")
    assert (result.code, "import is subscribers import" in result.err) == (0, True)
    other = site.run("import", str(put(tmp_path, "g.json", ghost(ghost_post()))))
    assert other.code == 2
    assert "import ghost" in other.err


def test_a_folder_alone_is_told_by_its_files_and_else_asked_whose_it_is(site, tmp_path):
    put(tmp_path / "old", "site.json", ghost(ghost_post()))
    known = site.run("import", str(tmp_path / "old"))
    assert (known.code, f"import ghost {tmp_path / 'old'}" in known.err) == (2, True)
    put(tmp_path / "v1.2", "notes.txt", b"Nothing of anybody's.")
    other = site.run("import", str(tmp_path / "v1.2"))
    assert other.code == 2
    assert f"{tmp_path / 'v1.2'} is a folder, and no export that is known" in other.err
    assert f"adopt {tmp_path / 'v1.2'}" in other.err


def test_a_file_of_readers_that_is_not_there_is_told_with_the_verb_that_exists(site):
    told = site.run("import", "readers.csv").err
    assert "subscribers import [OPTIONS] FILE" in told
    assert "import import" not in told
