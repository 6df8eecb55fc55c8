"""Parts of feeds and pages without workers: who stops, what a part makes, and what comes last."""

import contextlib
from datetime import timedelta

import pytest

from publisher.pipeline.editions.build import build_web
from publisher.pipeline.pages.made import Made, Packs
from publisher.pipeline.pages.parts import make_part
from publisher.pipeline.pages.rendered import RenderedPages
from publisher.pipeline.pages.sharing import Many, Sharing
from publisher.pipeline.workspace import Workspace
from tests.site import NOW, PAGED, Site

AT = NOW + timedelta(hours=1)
STORIES = 12


@contextlib.contextmanager
def opened(site):
    space = Workspace(site.root, AT, writing=True, jobs=1)
    try:
        yield space
    finally:
        space.close()


@pytest.fixture
def hosts(tmp_path):
    """Two with the same articles and one outbox, and one that builds by itself."""
    outbox = f'[publication]\noutbox = "{tmp_path / "outbox"}"\n'
    made = [Site(tmp_path / name, PAGED.replace("[publication]\n", outbox, 1)) for name in "ab"]
    made.append(Site(tmp_path / "alone", PAGED))
    for site in made:
        for number in range(STORIES):
            site.story(f"s{number}", f"Story {number}", tags=f"[t{number % 3}]")
    return made


def planned(site, least=1):
    """What is asked of others by whoever builds."""
    sharing = Sharing(None, least)
    with opened(site) as space:
        with pytest.raises(Many):
            build_web(space, sharing=sharing)
        return sharing.plan(space.now)


def parted(site, plan, parts=2):
    """Make all parts; return how much of each was made."""
    found = []
    for part in range(parts):
        with opened(site) as space:
            packs = Packs(space.outbox, f"b/{part}")
            found.append(make_part(space, plan, packs, part, parts))
    return sum(one.made for one in found), sum(one.wanted for one in found)


def ended(site, monkeypatch):
    """Put all of it there; return the pages that had to be made."""
    rendered, asked = [], RenderedPages._wanted

    def wanted(self, page, related):
        rendered.append(page.path)
        return asked(self, page, related)

    monkeypatch.setattr(RenderedPages, "_wanted", wanted)
    with opened(site) as space:
        build_web(space, sharing=Sharing(Made(space.outbox, "b")))
    return rendered


def shown(site):
    with opened(site) as space:
        folders = (space.feeds_folder, space.pages_folder)
        return {
            path.relative_to(space.outbox.folder).as_posix(): path.read_bytes()
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file()
        }


def test_what_comes_last_finds_made_what_others_made(hosts, monkeypatch):
    one, two, alone = hosts
    plan = planned(one)
    assert shown(one).keys() <= {"feeds", "web"}  # nothing is put before all is made
    assert len(plan.pages) > STORIES and len(plan.feeds) >= 4
    made, wanted = parted(two, plan)
    assert made == wanted == len(plan.pages) + len(plan.feeds)
    assert ended(one, monkeypatch) == []
    with opened(alone) as space:
        build_web(space)
    assert shown(one) == shown(alone)


def test_few_are_made_by_whoever_builds(hosts):
    with opened(hosts[0]) as space:
        sharing = Sharing(None, 1000)
        assert build_web(space, sharing=sharing).pages.written
        assert not sharing.asks


def test_a_host_with_another_article_leaves_its_pages_out(hosts, monkeypatch):
    one, two, alone = hosts
    plan = planned(one)
    two.story("s3", "Another story", tags="[t0]")
    made, wanted = parted(two, plan)
    assert 0 < made < wanted
    again = ended(one, monkeypatch)
    assert "s3/index.html" in again and "s4/index.html" not in again
    with opened(alone) as space:
        build_web(space)
    assert shown(one) == shown(alone)


def test_a_host_with_other_settings_makes_nothing(hosts):
    one, two, _ = hosts
    plan = planned(one)
    two.config((two.root / "publisher.toml").read_text().replace("Test Letter", "Other"))
    assert parted(two, plan)[0] == 0
