"""A slip in publisher.toml takes nothing away that is not ours."""

import pytest

from publisher.outbox.place import MARK
from tests.site import AT, CONFIG, tree


def _outbox(site, place):
    site.config(CONFIG.replace("[postal]", f'outbox = "{place}"\n\n[postal]', 1))


@pytest.mark.parametrize(
    "place", ["/", "..", ".", "articles", "articles/out", "static", "templates/x", ".git", "link"]
)
@pytest.mark.parametrize("verb", ["build", "check", "feeds build", "status"])
def test_an_outbox_that_holds_the_publication_is_refused_by_every_verb(site, place, verb):
    site.story("a")
    (site.root / "static").mkdir()
    (site.root / "static/web").mkdir()
    (site.root / "static/web/page.html").write_text("mine")
    (site.root / "link").symlink_to(site.root / "articles")
    _outbox(site, place)
    before = tree(site.root.parent)
    result = site.run(*verb.split(), "--at", AT)
    assert result.code == 2
    assert "must not" in result.err
    assert "Traceback" not in result.err
    assert tree(site.root.parent) == before


@pytest.mark.parametrize("verb", ["build", "feeds build", "pin morning a"])
def test_an_outbox_with_files_of_others_is_refused_before_anything_is_removed(site, verb):
    site.story("a")
    for name in ("web/index.html", "feeds/rss.xml", "notes.txt"):
        path = site.root / "www" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    _outbox(site, "www")
    before = tree(site.root / "www")
    result = site.run(*verb.split(), "--at", AT)
    assert (result.code, tree(site.root / "www")) == (2, before)
    assert result.err == (
        f"publisher: publisher.toml: the outbox {site.root}/www holds files that are not ours\n"
        "  A build takes away what it did not make.\n"
        "  Name an empty folder; or, if it was an outbox, make an empty file "
        f"{site.root}/www/{MARK}\n"
    )
    (site.root / "www" / MARK).touch()
    assert site.run("build", "--at", AT).code == 0


def test_an_outbox_of_an_older_publisher_is_known_by_what_lies_in_it(site):
    site.story("a")
    site.build()
    (site.root / "outbox" / MARK).unlink()
    (site.root / "outbox/notes.txt").write_text("mine")
    site.build()
    assert (site.root / "outbox/notes.txt").read_text() == "mine"
    assert (site.root / "outbox" / MARK).is_file()


def test_an_outbox_with_a_readme_alone_is_free(site):
    (site.root / "outbox").mkdir()
    (site.root / "outbox/README.md").write_text("x")
    (site.root / "outbox/.gitignore").write_text("*\n")
    site.story("a")
    site.build()
