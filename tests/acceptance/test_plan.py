"""`plan` tells of old articles only how many there are, and reads none of them."""

import pytest

from publisher.pipeline.workspace import Workspace
from tests.site import AT, PAGED, Site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return made(tmp_path_factory.mktemp("plan") / "site")


def made(root):
    site = Site(root, PAGED)
    site.story("today", date="2026-11-24 06:00")
    site.story("yesterday", date="2026-11-23 06:00")
    for name in ("old", "older"):
        site.story(name, date="2025-03-01")
    site.run("build", "--at", AT)
    return site


def test_what_is_too_old_is_counted_and_listed_when_asked_for(site):
    out = site.run("plan", "morning", "--at", AT).out
    assert "  2 older articles left out: --all says why\n" in out
    assert "older than 7 days" not in out
    out = site.run("plan", "morning", "--all", "--at", AT).out
    assert out.count("older than 7 days") == 2
    assert "--all" not in out


def test_json_says_how_many_it_leaves_out(site):
    few = site.run("plan", "morning", "--json", "--at", AT).json
    every = site.run("plan", "morning", "--all", "--json", "--at", AT).json
    assert (few["older"], every["older"]) == (2, 0)
    assert few["sections"] == every["sections"]
    assert len(every["left_out"]) == len(few["left_out"]) + 2


@pytest.mark.parametrize("pin", ["old", "gone"])
def test_what_is_pinned_is_kept_by_the_next_build_though_it_is_old_or_no_article(
    tmp_path, monkeypatch, pin
):
    site = made(tmp_path / "site")
    site.run("pin", "morning", "old")
    if pin == "gone":
        (site.root / "articles/old.md").unlink()
    site.run("build", "--at", AT)

    def read(_):
        raise AssertionError("the archive is read")

    monkeypatch.setattr(Workspace, "archive", property(read))
    told = site.run("plan", "morning", "--json", "--at", AT)
    assert told.code == 0 and ("old" in str(told.json["sections"])) is (pin == "old")


@pytest.mark.parametrize("pin", ["", "old"])
def test_it_says_the_same_whether_anything_is_kept_of_the_last_build_or_not(site, pin):
    if pin:
        site.run("pin", "morning", pin)
    kept = site.root / ".publisher/standstill"
    assert kept.exists()
    told = site.run("plan", "morning", "--json", "--at", AT).json
    data = kept.read_bytes()
    kept.unlink()
    assert site.run("plan", "morning", "--json", "--at", AT).json == told
    kept.write_bytes(data)
    assert ("old" in str(told["sections"])) is bool(pin)
