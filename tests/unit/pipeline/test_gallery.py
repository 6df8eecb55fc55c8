"""Many pictures made side by side: the same that one process makes, whoever dies of it."""

import os
import signal
from datetime import UTC, datetime

import pytest

from publisher.model import file_url
from publisher.outbox import put
from publisher.pictures import AtHand
from publisher.pictures.making import make
from publisher.pipeline import gallery as module
from publisher.pipeline.workspace import Workspace
from tests.site import PAGED, Site, tree
from tests.unit.pictures.drawn import flat, photograph, saved

pytestmark = pytest.mark.pages

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HEAD = "---\ntitle: A{0}\ndate: 2026-11-{1:02} 12:00\nimage: {0}.{2}\n---\n\n![It]({0}.{2})\n"


@pytest.fixture(autouse=True)
def _nothing_at_hand(monkeypatch):
    """What a test before made is not known here."""
    monkeypatch.setattr(module, "_at_hand", AtHand(64_000_000))


@pytest.fixture
def site(tmp_path):
    return illustrated(tmp_path / "letter")


def illustrated(root):
    """Five stories with a picture each, of which three are photographs."""
    site = Site(root, PAGED)
    for n in range(5):
        kind = "png" if n % 2 else "jpg"
        drawn = flat(700 + n) if n % 2 else photograph(700 + n)
        site.article(f"{n}.{kind}", saved(drawn, "PNG" if n % 2 else "JPEG"))
        site.article(f"{n}.md", HEAD.format(n, n + 1, kind))
    return site


@pytest.fixture
def space(site):
    opened = Workspace(site.root, NOON, writing=True, jobs=2)
    yield opened
    opened.close()


def lacking(space):
    """The pictures of all pages, a small one of each as well."""
    for article in space.archive.articles:
        for use in ("page", "thumbnail"):
            yield from space.gallery.lacking(article, file_url(article.image.url), use)


def digests(outputs):
    return [one.digest for one in outputs]


def test_many_are_made_side_by_side_and_each_is_what_one_process_makes(space):
    asked = list(lacking(space))
    assert list(space.gallery.made_together(asked)) == asked
    assert len(asked) == 10
    for one in asked:
        found = space.gallery.notes.result(one.key)
        assert digests(found.outputs) == digests(make(one.path.read_bytes(), one.recipe).outputs)
    assert not list(lacking(space))


def test_few_are_made_when_they_are_asked_for(space):
    few = list(lacking(space))[:7]
    assert not list(space.gallery.made_together(few))


def test_one_process_makes_one_after_the_other(site):
    space = Workspace(site.root, NOON, writing=True, jobs=1)
    assert not list(space.gallery.made_together(list(lacking(space))))
    space.close()


def test_what_several_articles_show_is_made_once(space):
    asked = list(lacking(space))
    assert list(space.gallery.made_together([*asked, *asked])) == asked


def test_a_process_that_is_killed_meanwhile_costs_nothing(space):
    asked = list(lacking(space))

    def killing():
        yield from asked[:-1]
        os.kill(space.child.pid, signal.SIGKILL)
        yield asked[-1]

    assert list(space.gallery.made_together(killing())) == asked
    assert space.is_sure


def test_a_picture_that_has_left_costs_the_others_nothing(space):
    asked = list(lacking(space))
    gone = asked[4]
    gone.path.unlink()
    made = list(space.gallery.made_together(asked))
    assert made == [one for one in asked if one.path != gone.path]


def test_a_picture_that_is_another_meanwhile_is_none_of_what_was_asked(space):
    asked = list(lacking(space))
    put(asked[0].path, saved(photograph(900), "JPEG"))
    list(space.gallery.made_together(asked))
    assert space.gallery.notes.result(asked[0].key) is None
    assert space.gallery.notes.result(asked[2].key)


def test_a_build_of_two_processes_leaves_the_bytes_of_a_build_of_one(site, tmp_path, monkeypatch):
    at = ("--at", "2026-11-24 07:00")
    assert site.run("build", *at, "--jobs", "2").code == 0
    monkeypatch.setattr(module, "_at_hand", AtHand(64_000_000))
    alone = illustrated(tmp_path / "alone")
    assert alone.run("build", *at, "--jobs", "1").code == 0
    assert tree(site.root / "outbox/web") == tree(alone.root / "outbox/web")
