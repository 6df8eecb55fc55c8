"""Input that means harm is named and left out; everything else goes on."""

import pytest

from tests.site import AT

HEAD = "---\ntitle: Bad\ndate: 2026-11-23 13:00\n---\n\n"
KILLERS = {
    "ruby.md": HEAD + "<div>" + "<rt>" * 10_000,
    "attributes.md": HEAD + "<div>" + '<b title="</b>">' * 2_700,
    "comments.md": HEAD + "<div>" + "<b><!--</b>-->" * 3_000,
    "closed.md": HEAD + "<rt>" * 9_000 + "x" + "</rt>" * 9_000,
    "quotations.md": HEAD + "> " * 20_000 + "x",
    "lists.md": HEAD + "<ul><li>" * 3_000 + "x",
    "page.html": "<html><head><title>Bad</title></head><body>" + "<span>" * 9_000 + "x",
    "summary.md": f"---\ntitle: Bad\ndate: 2026-11-23\nsummary: '{'<rt>' * 10_000}'\n---\nx",
}
"""Each killed the process, or would have if the sanitiser had not taken minutes before."""


@pytest.mark.parametrize("name", KILLERS)
def test_an_article_that_killed_the_process_is_named_and_left_out(site, name):
    site.article(name, KILLERS[name])
    site.story("good")
    checked = site.run("check", "--at", AT)
    assert checked.code == 1
    assert f"error: articles/{name}: more than 200 elements within each other\n" in checked.out
    built = site.run("build", "--at", AT)
    assert f"error: articles/{name}: more than 200 elements within each other\n" in built.err
    assert "The first paragraph of good." in site.part("message.html")
    assert "Bad" not in site.part("message.txt")
    assert [entry["title"] for entry in site.feed()["items"]] == ["Good"]
