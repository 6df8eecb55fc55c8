"""What hides a page in its own generator hides it here, or is named."""

import pytest

from tests.site import Site

DATED = "date: 2026-11-20"


def yaml(*lines):
    return "---\ntitle: Secret\n" + "\n".join((DATED, *lines)) + "\n---\nText.\n"


HIDDEN = {
    "Hugo, headless": {"a/index.md": yaml("headless: true")},
    "Hugo, build": {"a.md": yaml("build: {list: never, render: never}")},
    "Hugo, _build": {"a.md": yaml("_build:", "  render: false")},
    "Hugo, in no list": {"a.md": yaml("build: {list: local}")},
    "Hugo, only a link": {"a.md": yaml("build: {render: link}")},
    "Hugo, cascade": {"x/_index.md": "---\ncascade: {draft: true}\n---\n", "x/a.md": yaml()},
    "Hugo, cascade in a list": {
        "x/_index.md": "---\ncascade:\n- target: {path: '/x/**'}\n  build: {render: never}\n---\n",
        "x/y/a.md": yaml(),
    },
    "Hugo, cascade in TOML": {
        "x/_index.md": "+++\n[[cascade]]\ndraft = true\n[cascade._target]\nkind = 'page'\n+++\n",
        "x/a.md": yaml(),
    },
    "Hugo, cascade of all": {"_index.md": "---\ncascade: {headless: true}\n---\n", "x/a.md": yaml()},
    "Hugo, cascade that expires": {
        "x/_index.md": "---\ncascade: {expiryDate: 2026-01-01}\n---\n", "x/a.md": yaml(),
    },
    "Zola, render": {"a.md": '+++\ntitle = "Secret"\ndate = 2026-11-20\nrender = false\n+++\nText.'},
    "Eleventy, permalink": {"a.md": yaml("permalink: false")},
    "Eleventy, collections": {"a.md": yaml("eleventyExcludeFromCollections: true")},
    "Eleventy, folder": {"x/x.json": '{"eleventyExcludeFromCollections": true}', "x/a.md": yaml()},
    "Eleventy, folder above": {"x/x.11tydata.json": '{"permalink": false}', "x/y/a.md": yaml()},
    "Eleventy, the articles' folder": {"articles.json": '{"draft": true}', "a.md": yaml()},
    "Eleventy, file": {"a.11tydata.json": '{"draft": true}', "a.md": yaml()},
    "Nikola, tag": {"a.md": "<!--\n.. title: Secret\n.. date: 2026-11-20\n.. tags: x, draft\n-->\nText."},
    "Nikola, private": {"a.md": ".. title: Secret\n.. date: 2026-11-20\n.. tags: private\n\nText."},
    "Nikola, status": {"a.md": ".. title: Secret\n.. status: private\n\nText."},
    "Nikola, two files": {"a.meta": ".. title: Secret\n.. status: draft\n", "a.md": "# Secret\n\nText."},
    "Nikola, two files, tag": {"a.meta": ".. title: Secret\n.. tags: draft\n", "a.md": "Text."},
    "Ghost, mail": {"a.html": '{"title": "Secret", "published_at": "2026-11-20", "status": "sent"}\n<p>x</p>'},
    "Ghost, mail only": {"a.md": yaml("email_only: true")},
    "Ghost, members": {"a.md": yaml("visibility: members")},
    "Eleventy, table": {"a.md": yaml("permalink: {build: false}")},
    "Lume": {"a.md": yaml("url: false")},
    "Grav": {"a.md": yaml("routable: false")},
    "Astro's schemas": {"a.md": yaml("isDraft: true")},
    "Kirby and others, state": {"a.md": yaml("state: draft")},
    "Micropub": {"a.md": yaml("post-status: draft")},
    "Substack": {"a.md": yaml("audience: only_paid")},
    "Medium": {"draft_Secret--0123456789ab.html": "<html><head><title>Secret</title></head><body><p>Text.</p></body></html>"},
    "Docusaurus": {"a.md": yaml("unlisted: true")},
    "Obsidian": {"a.md": yaml("publish: false")},
    "Jekyll, as a text": {"a.md": yaml('published: "false"')},
    "WordPress, pending": {"a.md": yaml("status: pending")},
    "Hexo, password": {"a.md": yaml("password: abc")},
    "private": {"a.md": yaml("private: yes")},
}  # fmt: skip


@pytest.mark.parametrize("files", HIDDEN.values(), ids=HIDDEN)
def test_what_is_not_public_there_is_in_no_byte_here(tmp_path, files):
    site = Site(tmp_path)
    site.story("public")
    for name, text in files.items():
        site.article(name, text)
    site.build("2026-11-27 12:00")
    assert all(b"Secret" not in data for data in site.outbox().values())
    out = site.run("check", "--at", "2026-11-27 12:00").out
    assert "hidden: " in out
    assert "0 errors" in out


PUBLIC = {
    "a theme's flag": {"a.md": yaml("public: Everyone", "listed: 3", "build: 2026.1", "render: fast")},
    "not headless": {"a.md": yaml("headless: false", "unlisted: no", "private: false", "publish: true")},
    "built as always": {"a.md": yaml("build: {list: always, render: always}")},
    "an address": {"a.md": yaml("permalink: /secret/")},
    "its own word goes before the folder's": {
        "x/_index.md": "---\ncascade: {draft: true}\n---\n", "x/a.md": yaml("draft: false"),
    },
    "a cascade for others": {
        "x/_index.md": "---\ncascade:\n- target: {path: '/x/other/**'}\n  draft: true\n---\n",
        "x/a.md": yaml(),
    },
    "a cascade for sections": {
        "x/_index.md": "---\ncascade: {draft: true, target: {kind: section}}\n---\n", "x/a.md": yaml(),
    },
    "another folder's data": {"x/y.json": '{"draft": true}', "x/a.md": yaml()},
    "data that is a list": {"x/x.json": "[1, 2]", "x/a.md": yaml()},
    "Nikola, two files": {"a.meta": ".. title: Secret\n.. date: 2026-11-20\n", "a.md": "Text."},
}  # fmt: skip


@pytest.mark.parametrize("files", PUBLIC.values(), ids=PUBLIC)
def test_what_is_public_there_is_public_here(tmp_path, files):
    site = Site(tmp_path)
    for name, text in files.items():
        site.article(name, text)
    site.build("2026-11-27 12:00")
    assert [item["title"] for item in site.feed()["items"]] == ["Secret"]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.md": yaml("tags: [draft, x]")}, "it has the tag 'draft', and is published all the same"),
        ({"x/x.11tydata.js": "module.exports = {}", "x/a.md": yaml()}, "a script is not run"),
        ({"x/x.json": "{draft: true}", "x/a.md": yaml()}, "cannot be read, and may hide articles"),
        ({"x/_index.md": "---\ndraft: true\n---\n", "x/a.md": yaml()}, "the section is a draft"),
        ({"x/_index.md": "---\na: [\n---\n", "x/a.md": yaml()}, "cannot be read, and may hide"),
    ],
)  # fmt: skip
def test_what_may_hide_and_does_not_is_named(tmp_path, files, told):
    site = Site(tmp_path)
    for name, text in files.items():
        site.article(name, text)
    assert told in site.run("check", "--at", "2026-11-27 12:00").out


def test_a_folder_that_begins_to_hide_hides_what_was_read_before(tmp_path):
    site = Site(tmp_path)
    site.article("x/a.md", yaml())
    site.build("2026-11-27 12:00")
    assert len(site.feed()["items"]) == 1
    site.article("x/_index.md", "---\ncascade: {draft: true}\n---\n")
    site.build("2026-11-27 12:00")
    assert site.feed()["items"] == []
    (tmp_path / "articles/x/_index.md").unlink()
    site.build("2026-11-27 12:00")
    assert len(site.feed()["items"]) == 1


TWICE = {
    "YAML": "---\ntitle: Secret\ndate: 2026-11-20\ndraft: true\ndraft: false\n---\nText.\n",
    "other letters": "---\ntitle: Secret\ndate: 2026-11-20\ndraft: false\nDraft: true\n---\nText.\n",
    "TOML": "+++\ntitle = 'Secret'\ndate = 2026-11-20\ndraft = false\nDraft = true\n+++\nText.\n",
    "JSON": '{"title": "Secret", "date": "2026-11-20", "draft": true, "draft": false}\n\nText.\n',
    "Pelican": "Title: Secret\nDate: 2026-11-20\nStatus: draft\nStatus: published\n\nText.\n",
    "Nikola": ".. title: Secret\n.. date: 2026-11-20\n.. status: private\n.. status: published\n\nText.\n",
    "expiry": "---\ntitle: Secret\ndate: 2026-11-20\nexpires: 2026-11-21\nexpires: 2027-11-21\n---\nText.\n",
}


@pytest.mark.parametrize("text", TWICE.values(), ids=TWICE)
def test_what_is_said_twice_of_who_sees_an_article_leaves_it_out(tmp_path, text):
    site = Site(tmp_path)
    site.article("a.md", text)
    site.build("2026-11-27 12:00")
    assert all(b"Secret" not in data for data in site.outbox().values())
    assert "stands more than once in the front matter" in site.run("check").out


@pytest.mark.parametrize(
    ("lines", "told"),
    [(("tags: [x]", "tags: [y]"), True), (("draft: false", "draft: false"), False), (("tags: x", "Tags: x"), False),
     (("<<: {draft: true}", "draft: false"), False)],
)  # fmt: skip
def test_other_keys_that_stand_there_twice_are_named_where_they_differ(tmp_path, lines, told):
    site = Site(tmp_path)
    site.article("a.md", yaml(*lines))
    site.build("2026-11-27 12:00")
    assert [item["title"] for item in site.feed()["items"]] == ["Secret"]
    line = "warning: articles/a.md:5: tags stands more than once in the front matter, with other values"
    assert (line in site.run("check", "--at", "2026-11-27 12:00").out) is told


@pytest.mark.parametrize(("published", "shown"), [("2027-02-01", False), ("2026-11-19", True)])
def test_of_two_dates_of_its_publication_the_later_one_counts(tmp_path, published, shown):
    site = Site(tmp_path)
    site.article("a.md", yaml(f"published: {published}"))
    site.build("2026-11-27 12:00")
    assert bool(site.feed()["items"]) is shown
