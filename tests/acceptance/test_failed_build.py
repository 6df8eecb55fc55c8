"""A build that fails takes away what is hidden, and nothing that another host, or version, made."""

import json
import shutil

import pytest

from publisher.pipeline.pages.publishing import take_shown
from publisher.pipeline.workspace import Workspace
from tests.acceptance.test_object_store import at, objects, url
from tests.crash.hosts import with_keys
from tests.postgresql import database, url_of
from tests.site import PAGED, Site, now, tree

__all__ = ["url"]  # a fixture

LATER = "2026-11-24 08:00"


def hosts_of(folder, config):
    """Two hosts with the same articles."""
    first, other = (Site(folder / name, config) for name in ("first", "other"))
    first.story("a")
    first.story("b", "xsecret", date="2026-11-23 13:00")
    shutil.copytree(first.root / "articles", other.root / "articles", dirs_exist_ok=True)
    return first, other


def spoilt(site):
    """Let a page of every article have a mistake in its template."""
    (site.root / "templates/web").mkdir(parents=True)
    (site.root / "templates/web/article.html").write_text("{{ nothing.there }}")


def fails(site):
    result = site.run("build", "--at", LATER)
    assert (result.code, "nothing" in result.err) == (1, True), result.err


@pytest.mark.slow
@pytest.mark.parametrize("is_older", [False, True], ids=["made so", "made by an older version"])
def test_a_host_of_a_shared_folder_whose_build_fails_leaves_what_others_made(
    tmp_path, postgresql, is_older
):
    web = tmp_path / "outbox/web"
    with database(postgresql) as name:
        keys = (f'outbox = "{tmp_path}/outbox"', f'ledger = "{url_of(postgresql, name)}"')
        first, other = hosts_of(tmp_path, with_keys(PAGED, *keys))
        first.build()
        if is_older:  # what hosts knew lay with each of them
            (tmp_path / "outbox/.pages.json").rename(first.root / ".publisher/pages.json")
            spoilt(first)
            fails(first)
        before = tree(web)
        assert "a/index.html" in before
        spoilt(other)
        fails(other)
        assert tree(web) == before
        (other.root / "articles/b.md").unlink()
        fails(other)
    after = tree(web)
    assert after["a/index.html"] == before["a/index.html"]
    assert [name for name, data in after.items() if b"xsecret" in data] == []


@pytest.mark.slow
@pytest.mark.xdist_group("s3")
def test_a_host_of_an_object_store_whose_build_fails_leaves_what_others_made(tmp_path, url):
    first, other = hosts_of(tmp_path, at(url))
    first.build()
    before = objects(url, "web")
    space = Workspace(other.root, now(), writing=True)
    take_shown(space)  # as a host does that answers readers
    space.close()
    spoilt(other)
    fails(other)
    assert {name: one.data for name, one in objects(url, "web").items()} == {
        name: one.data for name, one in before.items()
    }
    assert (other.root / ".publisher/outbox/web/a/index.html").is_file()  # its readers see it


def test_pages_that_an_older_version_made_stay_when_the_first_build_fails(site):
    site.config(PAGED)
    site.story("a")
    site.story("b", "xsecret", date="2026-11-23 13:00")
    site.build()
    memory = site.root / ".publisher/pages.json"
    known = json.loads(memory.read_text())
    memory.write_text(json.dumps({**known, "format": known["format"] - 1}))
    before = tree(site.root / "outbox/web")
    spoilt(site)
    fails(site)
    assert tree(site.root / "outbox/web") == before
    (site.root / "articles/b.md").unlink()
    fails(site)
    after = tree(site.root / "outbox/web")
    assert after["a/index.html"] == before["a/index.html"]
    assert [name for name, data in after.items() if b"xsecret" in data] == []
