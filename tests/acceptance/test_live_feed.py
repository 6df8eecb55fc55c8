"""A blog that is live moves here, and none of its readers sees a story twice."""

import json
import re

import pytest

from tests.site import CONFIG, Site

AT = ("--at", "2026-11-24 07:00")
MOVED = (
    CONFIG.replace("[postal]", 'article_url = "articles/{slug}/"\n\n[postal]')
    + "\n[feeds]\nentries = 10\n"
)
NAMES = [f"post-{number}" for number in range(12)]


def write(site):
    for number, name in enumerate(NAMES):
        site.story(name, f"Story {number}", date=f"2026-11-{10 + number} 09:00")


def live(name_of, count=10, host="https://test.example"):
    """The feed of the blog as another program makes it: RSS, its newest entries."""
    items = "".join(
        f"<item><title>Story {number}</title><link>{host}/articles/{name}/</link>"
        f'<guid isPermaLink="false">{name_of(name, number)}</guid>'
        f"<pubDate>{10 + number} Nov 2026 08:00:00 GMT</pubDate><description>x</description></item>"
        for number, name in reversed(list(enumerate(NAMES)))
    )
    kept = items.split("</item>")[:count]
    return (
        f"<rss version='2.0'><channel><title>T</title>{'</item>'.join(kept)}</item></channel></rss>"
    )


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path / "site", MOVED)
    write(made)
    return made


def resurrected(result):
    return {row["reader"].split(" (")[0]: row["resurrected"] for row in result.json}


def test_ids_of_the_live_feed_are_kept_and_no_reader_of_it_sees_a_story_again(site, tmp_path):
    feed = tmp_path / "old.xml"
    feed.write_text(live(lambda name, number: f"https://test.example/?p={number}"))
    before = site.run("feeds", "diff", str(feed), "--max-resurrected", "0", "--json", *AT)
    assert before.code == 1
    assert resurrected(before)["Miniflux"] == 10
    done = site.run("feeds", "adopt", str(feed), "--json", *AT)
    assert (done.json["new"], done.json["unmatched"]) == (10, [])
    after = site.run("feeds", "diff", str(feed), "--max-resurrected", "0", "--json", *AT)
    assert after.code == 0
    assert set(resurrected(after).values()) == {0}
    site.run("build", *AT)
    items = json.loads((site.root / "outbox/feeds/feed.json").read_text())["items"]
    assert items[0]["id"] == "https://test.example/?p=11"


def test_ids_stay_when_the_ledger_is_lost_and_when_a_file_is_renamed(site, tmp_path):
    feed = tmp_path / "old.xml"
    feed.write_text(live(lambda name, number: f"p{number}"))
    site.run("feeds", "adopt", str(feed), *AT)
    site.run("build", *AT)
    (site.root / "articles/post-11.md").rename(site.root / "articles/renamed.md")
    site.run("build", *AT)
    ids = [
        one["id"] for one in json.loads((site.root / "outbox/feeds/feed.json").read_text())["items"]
    ]
    assert ids[:2] == ["p11", "p10"]


def test_a_feed_that_would_flood_its_readers_is_not_published(site):
    site.run("build", *AT)
    path = site.root / "outbox/feeds/rss.xml"
    before = path.read_bytes()
    site.config(
        (site.root / "publisher.toml")
        .read_text()
        .replace("entries = 10", "entries = 12\nmax_resurrected = 0")
    )
    held = site.run("build", *AT)
    assert held.code == 3
    assert "2 old stories as new" in held.err
    assert path.read_bytes() == before
    (site.root / "articles/post-11.md").unlink()
    assert site.run("build", *AT).code == 3
    assert b"Story 11" not in path.read_bytes() and b"Story 10" in path.read_bytes()
    assert re.search(r"again: Story 0: it is older", site.run("feeds", "diff", *AT).out)


def test_a_generators_own_ids_are_made_again(tmp_path):
    site = Site(tmp_path / "site", CONFIG + '\n[sources]\nids = "permalink"\n')
    write(site)
    site.run("build", *AT)
    items = json.loads((site.root / "outbox/feeds/feed.json").read_text())["items"]
    assert all(one["id"] == one["url"] for one in items)
    site.story("post-11", "Story 11 moved", date="2026-11-21 09:00", slug="elsewhere")
    site.run("build", *AT)
    first = json.loads((site.root / "outbox/feeds/feed.json").read_text())["items"][0]
    assert first["url"].endswith("/elsewhere/") and first["id"] != first["url"]
