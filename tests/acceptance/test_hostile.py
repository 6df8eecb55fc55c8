"""Input that means harm is named and left out; everything else goes on."""

import pytest

from publisher.isolation import child
from tests.site import AT, CONFIG

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


THEMES = {
    "slow.txt": "one\n{% for a in range(99999) %}{% for b in range(99999) %}\n{{ b }}\n{% endfor %}{% endfor %}",
    "large.txt": "one\n\n\n{% set x = [0] * 200000000 %}",
}


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_that_is_too_slow_or_too_large_is_named_and_the_rest_is_built(site, name):
    site.config(CONFIG.replace("[postal]", "[rendering]\nseconds = 1\n\n[postal]", 1))
    text = (site.root / "publisher.toml").read_text()
    site.config(
        text + f'\n[newsletters.bad]\ntitle = "Bad"\nevery = "day"\ntemplate = "{name[:-4]}"\n'
    )
    (site.root / "templates/mail").mkdir(parents=True)
    (site.root / "templates/mail" / name).write_text(THEMES[name])
    site.story("good")
    built = site.run("build", "--at", AT)
    assert built.code == 1
    assert f"templates/mail/{name}:" in built.err
    assert "it takes too long" in built.err or "beyond measure" in built.err
    assert "The first paragraph of good." in site.part("message.html")
    assert (site.root / "outbox/web/good/index.html").is_file()
    assert f"templates/mail/{name}:" in site.run("check", "--at", AT).out


def test_an_article_whose_body_kills_the_child_is_named_and_left_out(site, monkeypatch):
    """As one would that gets past every guard: its text ends the process that inlines it."""
    marked = "<p>" + "KILLER " * 5
    site.article("bad.md", HEAD + marked)
    site.story("good", date="2026-11-22 12:00")
    monkeypatch.setattr(child, "_WORKER", "tests.killing")
    built = site.run("build", "--at", AT)
    assert (
        "articles/bad.md: its body cannot be put into a mail: the process that tried it died"
        in built.err
    )
    assert "KILLER" not in site.part("message.html")
    assert "The first paragraph of good." in site.part("message.html")
    assert (site.root / "outbox/web/good/index.html").is_file()
    assert "articles/bad.md: its body cannot be put" in site.run("check", "--at", AT).out
