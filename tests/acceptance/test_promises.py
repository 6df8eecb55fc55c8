"""The promises of the design, each on a publication that was really built."""

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest

from tests.site import AHEAD, AT, CONFIG, Site, tree

ROOT = Path(__file__).resolve().parents[2]

FIRST_SEEN = CONFIG + '\n[sources]\nundated = "first-seen"\n'
HIDDEN = {
    "draft": "draft: true",
    "future": "date: 2026-11-25",
    "expired": "expires: 2026-11-24 06:00",
    "expired-since-the-slot": "expires: 2026-11-24 07:30",
    "embargoed": "embargo: 2026-11-25",
    "embargoed-by-us": "newsletter: {embargo: 2026-11-25}",
    "capital": "Draft: true",
    "unlisted": "status: hidden",
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_stays_hidden_in_every_byte(site, kind):
    date = "" if kind == "future" else "date: 2026-11-23\n"
    site.article(
        "secret.md",
        f"---\ntitle: XSECRET title\n{date}{HIDDEN[kind]}\ntags: [xsecret-tag]\nauthors: [Xsecret]\n"
        "section: xsecret-section\nnewsletter_pin: true\n---\nXSECRET security treaty text.\n",
    )
    site.story("open", newsletter="{related: [secret, XSECRET title]}")
    site.story("other", date="2026-11-22 10:00")
    site.build("2026-11-24 08:00")
    for path, data in site.outbox().items():
        assert b"xsecret" not in (path.encode() + data).lower(), path


def test_an_article_that_becomes_hidden_leaves_every_feed_and_its_own_feeds_go(site):
    site.story("open")
    site.story("secret", tags="[xsecret]")
    site.build()
    assert (site.root / "outbox/feeds/tag/xsecret/rss.xml").is_file()
    site.story("secret", tags="[xsecret]", draft="true")
    site.build()
    feeds = tree(site.root / "outbox/feeds")
    assert not [path for path, data in feeds.items() if b"secret" in path.encode() + data]
    assert not (site.root / "outbox/feeds/tag/xsecret").exists()


def test_a_feed_file_has_the_time_of_its_newest_change_and_never_an_older_one(site):
    site.story("a", date="2026-11-20 12:00")
    site.story("b", date="2026-11-22 12:00")
    site.build()
    files = [
        site.root / "outbox/feeds" / name for name in ("atom.xml", "rss.xml.gz", "feed.json.br")
    ]
    newest = datetime(2026, 11, 22, 11, tzinfo=UTC).timestamp()
    assert {path.stat().st_mtime for path in files} == {newest}
    (site.root / "articles/b.md").unlink()  # who asks by date must see that it has gone
    site.build()
    assert {path.stat().st_mtime for path in files} == {newest + 1}
    site.story("c", date="2026-11-23 12:00", updated="2031-01-01 12:00")
    site.build()  # and none that has not come yet
    published = datetime(2026, 11, 23, 11, tzinfo=UTC).timestamp()
    assert {path.stat().st_mtime for path in files} == {published}


def test_files_of_others_in_the_feeds_folder_are_left_alone(site):
    site.story("a")
    site.build()
    for name in (".htaccess", "mine/feed.json"):
        path = site.root / "outbox/feeds" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    site.build("2026-11-25 07:00")
    assert (site.root / "outbox/feeds/mine/feed.json").read_text() == "mine"
    assert (site.root / "outbox/feeds/.htaccess").read_text() == "mine"


def test_every_feed_lies_there_packed_as_well_and_a_lost_one_comes_back(site):
    site.story("a", tags="[xsecret]")
    site.build()
    feeds = site.root / "outbox/feeds"
    for path in (*feeds.rglob("*.xml"), *feeds.rglob("*.json"), feeds / "feeds.opml"):
        data = path.read_bytes()
        assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == data
        assert brotli.decompress(Path(f"{path}.br").read_bytes()) == data
    (feeds / "atom.xml.br").unlink()
    assert "1 written" in site.build().out
    assert (feeds / "atom.xml.br").is_file()
    site.story("a")
    site.build()
    assert not (feeds / "tag/xsecret").exists()


def test_a_second_build_changes_not_one_byte_and_says_so(site):
    site.story("a")
    site.build()
    before = _written(site.root / "outbox")
    again = site.build()
    assert "Nothing changed: not one byte of " in again.out
    assert _written(site.root / "outbox") == before


def _written(folder: Path) -> dict[Path, tuple[int, ...]]:
    """Which file stands at each path, and when it was last written; who read it is no matter."""
    stats = {path: path.stat() for path in folder.rglob("*")}
    return {path: (one.st_ino, one.st_size, one.st_mtime_ns) for path, one in stats.items()}


def _built(folder: Path, seed: str, *, order: int) -> dict[str, bytes]:
    """The example's outbox, built by a process of its own from files made in another order."""
    source = Site.copy_of(ROOT / "examples/bayside", folder / "source").root
    target = folder / "bayside"
    files = sorted(path for path in source.rglob("*") if path.is_file())[::order]
    for path in files:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    ahead = folder / "ahead"
    ahead.write_text(str(timedelta(days=9).total_seconds()))  # else an undated article is of now
    own = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), AHEAD: str(ahead)}
    environment = {**os.environ, **own}
    command = [sys.executable, "-m", "tests", "-C", str(target), "build", "--at", AT]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return tree(target / "outbox")


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes_whatever_the_hash_seed_and_the_order_of_files(
    tmp_path,
):
    first = _built(tmp_path / "1", "1", order=1)
    assert len(first) > 100
    assert _built(tmp_path / "2", "4242", order=-1) == first


def test_one_article_at_a_time_gives_the_same_feeds_as_all_at_once(tmp_path):
    slow, fast = Site(tmp_path / "slow"), Site(tmp_path / "fast")
    for number in range(6):
        for one in (slow, fast):
            one.story(f"s{number}", date=f"2026-11-{10 + number} 12:00", tags=f"[t{number % 2}]")
        slow.run("feeds", "build", "--at", AT)
    slow.build()
    fast.build()
    assert tree(slow.root / "outbox") == tree(fast.root / "outbox")


def test_a_story_goes_into_one_edition_of_a_newsletter(site):
    site.story("a")
    site.story("b", date="2026-11-24 12:00")
    site.build("2026-11-24 07:00")
    site.build("2026-11-25 07:00")
    assert [s["title"] for s in manifest(site, "2026-11-24")] == ["A"]
    assert [s["title"] for s in manifest(site, "2026-11-25")] == ["B"]
    site.build("2026-11-24 07:00")
    assert [s["title"] for s in manifest(site, "2026-11-24")] == ["A"]


def manifest(site, day):
    result = site.run("outbox", "show", f"morning@{day}T0700", "--json")
    return result.json["stories"]


def test_a_slot_that_is_skipped_leaves_a_record_with_its_reason(site):
    site.config(CONFIG.replace('at = "07:00"', 'at = "07:00"\nskip_if_fewer_than = 2'))
    site.story("a")
    assert "skipped  1 story, fewer than 2" in site.build().out
    (edition,) = site.run("status", "--json").json["editions"]
    assert (edition["id"], edition["state"], edition["reason"]) == (
        "morning@2026-11-24T0700",
        "skipped",
        "1 story, fewer than 2",
    )
    assert not (site.root / "outbox/editions").exists()


def test_an_edition_whose_stories_were_withdrawn_leaves_the_outbox(site):
    path = site.story("a")
    site.story("draft", draft="true")
    site.build()
    path.unlink()
    assert "skipped  no stories" in site.build().out
    assert site.run("outbox", "list", "--json").json == []
    assert site.run("outbox", "verify").code == 0


def test_a_folder_that_is_suddenly_empty_is_held_for_a_person(site):
    path = site.story("a")
    site.build()
    before = site.outbox()
    path.unlink()
    result = site.run("build", "--at", AT)
    assert result.code == 3
    assert "there is not one article in articles, and there were some" in result.err
    assert site.outbox() == before


TOPICS = [
    "ships cranes cargo pilots berths",
    "rice soup knives broth noodles",
    "violins sonatas pianists choirs tenors",
    "typhoons gates pumps sirens drills",
]


def test_what_arrives_after_a_slot_changes_nothing_of_its_edition(site):
    def write(name, date, number, topic):
        words = [w for n, w in enumerate(TOPICS[topic].split()) if n != number // 4 % 5]
        site.article(
            f"{name}.md", f"---\ntitle: Story {name}\ndate: {date}\n---\nAbout {' '.join(words)}."
        )

    for number in range(20):
        write(f"old{number}", f"2026-11-{number + 1:02}", number, number % 4)
    site.build("2026-11-24 07:00")
    before = site.outbox()
    assert len(manifest(site, "2026-11-24")[0]["related"]) == 3
    for number in range(60):
        write(f"new{number}", "2026-11-24 07:30", number, number % 2)
    site.build("2026-11-24 07:20")
    assert site.outbox() == before
    site.build("2026-11-24 08:00")
    bundle = {path: data for path, data in before.items() if path.startswith("editions/")}
    assert {path: data for path, data in site.outbox().items() if path in bundle} == bundle


def test_a_theme_that_shows_reasons_gives_the_same_bytes_again(site):
    for number in range(20):
        words = [w for n, w in enumerate(TOPICS[number % 4].split()) if n != number // 4]
        site.article(
            f"{number}.md",
            f"---\ntitle: S{number}\ndate: 2026-11-{number + 1:02}\n---\n{' '.join(words)}.",
        )
    own = site.root / "templates/blocks/related.mjml"
    own.parent.mkdir(parents=True)
    own.write_text(
        "{% for one in story.related %}<mj-section><mj-column><mj-text>{{ one.article.title }} about "
        "{{ one.terms | join(', ') }} {{ one.score }}</mj-text></mj-column></mj-section>{% endfor %}"
    )
    site.build()
    before = site.outbox()
    assert " about " in site.part("message.html")
    site.article("new.md", "---\ntitle: New\ndate: 2026-11-24 07:30\n---\nships ships cranes")
    site.build("2026-11-24 07:10")
    assert site.outbox() == before


@pytest.mark.parametrize(
    "stories", ["[]", "[5]", '[{"id": "x", "version": "y", "related": ["z"]}]', "{}"]
)
def test_a_manifest_somebody_wrote_in_is_built_again(site, stories):
    site.story("a")
    site.build()
    before = site.outbox()
    path = site.root / "outbox/editions/morning@2026-11-24T0700/manifest.json"
    manifest_ = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest_, "stories": json.loads(stories)}))
    assert site.run("outbox", "verify").code == 1
    site.build()
    assert site.outbox() == before


def test_a_dry_run_says_what_a_build_does(site):
    site.story("a")
    for at in ("2026-11-24 06:00", "2026-11-24 12:00"):
        dry = site.run("build", "-n", "--at", at, "--json").json
        site.build(at)
        made = [edition["id"] for edition in site.run("status", "--json").json["editions"]]
        assert dry[0]["edition"] in made


def test_the_articles_folder_is_never_written_to(site):
    site.story("a")
    site.article("b.txt", "Title\n\nText without a date.")
    before = {p: p.stat().st_mtime_ns for p in (site.root / "articles").rglob("*")}
    site.build()
    assert {p: p.stat().st_mtime_ns for p in (site.root / "articles").rglob("*")} == before


def test_looking_writes_nothing(site):
    site.story("a")
    for built in (False, True):
        if built:
            site.build()
        before = tree(site.root)
        for words in (
            ("plan", "morning"),
            ("check",),
            ("status",),
            ("related", "a"),
            ("outbox", "list"),
            ("feeds", "check"),
            ("outbox", "verify"),
            ("config", "show"),
            ("build", "-n"),
        ):
            site.run(*words, *(("--at", AT) if words[0] in ("plan", "check", "build") else ()))
        assert tree(site.root) == before


def test_an_undated_article_keeps_the_instant_at_which_it_was_first_seen(site):
    site.config(FIRST_SEEN)
    site.article("a.txt", "Title\n\nText.")
    site.build("2026-11-20 07:00")
    site.article("a.txt", "Title\n\nText, edited.")
    site.build("2026-11-30 07:00")
    (item,) = site.feed()["items"]
    assert item["date_published"] == "2026-11-20T06:00:00+00:00"


def test_a_trial_of_a_day_to_come_dates_no_article_later_than_today(site):
    site.config(FIRST_SEEN)
    site.article("a.txt", "Title\n\nText.")
    site.build("2026-12-24 07:00")
    (item,) = site.feed()["items"]
    assert item["date_published"].startswith("2026-11-23T12:")
    site.build("2026-12-26 07:00")
    assert site.feed()["items"][0]["date_published"] == item["date_published"]


def test_check_says_that_it_dates_nothing(site):
    site.config(FIRST_SEEN)
    site.article("a.txt", "Title\n\nText.")
    said = "note: articles: 1 article without a date, and not built yet\n"
    assert said in site.run("check", "--at", AT).out
    site.build()
    assert said not in site.run("check", "--at", AT).out


def test_an_article_keeps_its_id_whatever_becomes_of_its_file(site):
    site.story("a", "The Title")
    site.build()
    (before,) = (item["id"] for item in site.feed()["items"])
    (site.root / "articles/a.md").rename(site.root / "articles/z.md")
    site.build()
    assert [item["id"] for item in site.feed()["items"]] == [before]
    assert site.feed()["items"][0]["url"] == "https://test.example/z/"
    site.story("z", "Another Title", slug="new-slug")
    site.build()
    assert [item["id"] for item in site.feed()["items"]] == [before]
    assert "already in" not in site.run("plan", "morning", "--at", AT).out


def test_an_id_given_later_does_not_send_the_story_again(site):
    site.story("a")
    site.build("2026-11-24 07:00")
    site.story("a", id="urn:x")
    out = site.run("plan", "morning", "--at", "2026-11-25 07:00").out
    site.build("2026-11-25 07:00")
    assert "skipped" in out
    assert (
        "already in morning@2026-11-24T0700"
        in site.run("plan", "morning", "--at", "2026-11-26 07:00").out
    )


def test_pins_and_exclusions_by_command_can_be_taken_back(site):
    for name in ("a", "b", "c"):
        site.story(name)
    site.story("old", date="2026-01-01")

    def stories():
        planned = site.run("plan", "morning", "--at", AT, "--json").json
        return [s["title"] for section in planned["sections"] for s in section["stories"]]

    plain = stories()
    assert site.run("pin", "morning", "old").code == 0
    assert site.run("exclude", "morning", "b").code == 0
    assert stories() == ["Old", *[title for title in plain if title != "B"]]
    site.run("pin", "morning", "old", "--undo")
    site.run("exclude", "morning", "b", "--undo")
    assert stories() == plain


def test_tampering_with_the_outbox_is_found(site):
    site.story("a")
    site.build()
    assert site.run("outbox", "verify").code == 0
    page = site.root / "outbox/editions/morning@2026-11-24T0700/message.html"
    page.write_text(page.read_text().replace("paragraph", "advertisement"))
    found = site.run("outbox", "verify")
    assert found.code == 1
    assert "message.html was changed" in found.out
    assert "  Build" not in found.err
    assert f"Build it again: publisher -C {site.root} build morning" in found.err
    site.build()
    assert site.run("outbox", "verify").code == 0
