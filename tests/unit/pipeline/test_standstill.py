"""A build that would change nothing is told without one; whatever is in doubt leads to a build."""

import os
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from publisher import stamps
from publisher.pipeline import standstill
from publisher.pipeline.editions.build import build
from publisher.pipeline.inputs import Inputs, digest
from publisher.pipeline.standstill import NAME, Standstill
from publisher.pipeline.turning import midnight, turns
from publisher.pipeline.workspace import Workspace
from tests.site import PAGED, Site

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20261225
SUMMARY:away
END:VEVENT
END:VCALENDAR
"""


def opened(site, now=NOW, machine=NOW):
    space = Workspace(site.root, now, writing=True)
    space.machine = machine
    return space


def whole(site, now=NOW):
    """Build all of it, and keep how it stands."""
    space = opened(site, now)
    try:
        return build(space, standstill=Standstill(space))
    finally:
        space.close()


def found(site, now=NOW, machine=NOW):
    space = opened(site, now, machine)
    try:
        return Standstill(space).found()
    finally:
        space.close()


def kept(site):
    return standstill._read(site.root / ".publisher" / NAME)


def trusted(site):
    """Keep that all stands as it does now: as after a build that found nothing to do."""
    space, before = opened(site), kept(site)
    try:
        look = Standstill(space)
        before.inputs, before.recent = look._inputs.digests, look._inputs.recent
        before.outbox, before.state = look._outbox(0).digest, look._state()
        before.ledger = stamps.standing(site.root / ".publisher/ledger.db")
    finally:
        space.close()
    data = msgspec.msgpack.encode(before, enc_hook=str)
    (site.root / ".publisher" / NAME).write_bytes(data)
    assert found(site) is not None


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("standing") / "site", PAGED)
    site.config(PAGED.replace('at = "07:00"', 'at = "07:00"\nexcluded = ["away.ics"]'))
    (site.root / "away.ics").write_text(CALENDAR)
    for name in ("static", "templates/words"):
        (site.root / name).mkdir(parents=True)
    (site.root / "static/logo.txt").write_text("a logo")
    site.story("first")
    site.story("second")
    site.story("later", date="2026-11-24 15:00")
    whole(site)
    return site


def test_what_a_build_says_that_finds_all_as_it_was_is_told_without_one(standing):
    trusted(standing)
    (standing.root / ".publisher" / NAME).unlink()
    again = whole(standing)
    told = found(standing)
    assert told.built == again
    assert not told.built.changed
    assert told.built.editions[0].what == "unchanged"


def test_a_first_build_leaves_what_the_second_one_says(tmp_path):
    site = Site(tmp_path / "site", PAGED)
    site.story("first")
    assert whole(site).changed
    told = found(site).built
    (site.root / ".publisher" / NAME).unlink()
    assert told == whole(site)


def _edited(path):
    """Another text of the same size, with the file's time put back."""

    def change(site):
        whole_path = next(site.root.glob(path))
        before, data = whole_path.stat(), whole_path.read_bytes()
        whole_path.write_bytes(data[:-1] + b"~")
        os.utime(whole_path, ns=(before.st_atime_ns, before.st_mtime_ns))
        return lambda: whole_path.write_bytes(data)

    return change


def _added(path):
    def change(site):
        (site.root / path).write_text("new")
        return (site.root / path).unlink

    return change


def _removed(path):
    def change(site):
        whole_path = next(site.root.glob(path))
        data = whole_path.read_bytes()
        whole_path.unlink()
        return lambda: whole_path.write_bytes(data)

    return change


def _pinned(site):
    space = opened(site)
    space.ledger.pins.put("morning", "first", "pin", NOW)
    space.close()
    return lambda: None


@pytest.mark.parametrize(
    "change",
    [
        _edited("articles/first.md"),
        _added("articles/new.md"),
        _removed("articles/second.md"),
        _edited("static/logo.txt"),
        _added("static/more.txt"),
        _added("templates/words/en.toml"),
        _added("ids.toml"),
        _edited("away.ics"),
        _added("enclosures.csv"),
        _edited("outbox/feeds/rss.xml"),
        _edited("outbox/feeds/rss.xml.gz"),
        _removed("outbox/feeds/feed.json"),
        _edited("outbox/web/**/index.html"),
        _removed("outbox/web/**/index.html.br"),
        _added("outbox/web/foreign.html"),
        _edited("outbox/editions/*/message.html"),
        _removed("outbox/editions/*/manifest.json"),
        _edited("outbox/views/*.html"),
        _removed("outbox/.publisher-outbox"),
        _removed(".publisher/cache.db"),
        _removed(".publisher/pages.json"),
        _edited(".publisher/feeds.json"),
        _pinned,
    ],
)
def test_whatever_is_touched_leads_to_a_build(standing, change):
    trusted(standing)
    put_back = change(standing)
    assert found(standing) is None
    put_back()


def test_another_configuration_leads_to_a_build(standing):
    trusted(standing)
    before = (standing.root / "publisher.toml").read_text()
    standing.config(before.replace('at = "07:00"', 'at = "07:01"'))
    assert found(standing) is None
    standing.config(before)


def test_a_ledger_that_others_may_write_unseen_leads_to_a_build(standing, monkeypatch):
    trusted(standing)
    monkeypatch.setenv("PUBLISHER_LEDGER", "postgresql://nobody@localhost/none")
    assert found(standing) is None


def test_another_version_leads_to_a_build(standing, monkeypatch):
    trusted(standing)
    monkeypatch.setattr(standstill, "__version__", "0.0.0.other")
    assert found(standing) is None


@pytest.mark.parametrize("data", [b"", b"\xff\x00", b"\x80", b"spoilt" * 10])
def test_what_is_kept_may_be_spoilt(standing, data):
    path = standing.root / ".publisher" / NAME
    before = path.read_bytes()
    path.write_bytes(data)
    assert found(standing) is None
    path.write_bytes(before)


def test_it_holds_until_the_next_article_comes_and_no_earlier_than_it_was_made(standing):
    trusted(standing)
    comes = kept(standing).until
    assert comes == datetime(2026, 11, 24, 14, tzinfo=UTC)  # 15:00 in Berlin
    assert found(standing, now=comes - timedelta(seconds=1)) is not None
    assert found(standing, now=comes) is None
    assert found(standing, now=NOW - timedelta(seconds=1)) is None
    assert found(standing, machine=NOW - timedelta(seconds=1)) is None


def surveyed(site, now=NOW):
    space = opened(site, now)
    try:
        return Standstill(space).surveyed()
    finally:
        space.close()


def test_what_was_counted_holds_whatever_becomes_of_the_outbox_and_the_ledger(standing):
    trusted(standing)
    space = opened(standing)
    seal = space.outbox.read("morning@2026-11-24T0700").seal
    space.close()
    _pinned(standing)
    (standing.root / "outbox/web/foreign.html").write_text("another's")
    known = surveyed(standing)
    assert (known.visible, known.hidden, known.errors) == (2, 1, 0)
    assert known.fresh == {"morning@2026-11-24T0700": seal}
    assert surveyed(standing, kept(standing).until) is None
    put_back = _edited("articles/first.md")(standing)
    assert surveyed(standing) is None
    put_back()
    (standing.root / "outbox/web/foreign.html").unlink()


def coming(site, now=NOW):
    space = opened(site, now)
    try:
        return Standstill(space).coming()
    finally:
        space.close()


def test_what_editions_to_come_may_hold_is_known_while_no_article_is_another(standing):
    trusted(standing)
    known = coming(standing)
    assert {one.slug for one in known.articles} == {"later", "first", "second"}
    assert known.count == 3
    space = opened(standing)
    assert known.articles == list(space.archive.articles)
    space.close()
    assert coming(standing, kept(standing).until) is None
    put_back = _edited("articles/first.md")(standing)
    assert coming(standing) is None
    put_back()


def test_too_many_articles_to_come_are_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(standstill, "_COMING", 1)
    site = Site(tmp_path / "site", PAGED)
    site.story("first")
    site.story("second")
    whole(site)
    assert kept(site).coming is None
    assert coming(site) is None


def test_a_thousand_files_written_just_now_are_not_read_each_time(tmp_path, monkeypatch):
    monkeypatch.setattr("publisher.pipeline.inputs._MANY", 1)
    site = Site(tmp_path / "site")
    site.story("first")
    whole(site)
    assert not (site.root / ".publisher" / NAME).exists()


def test_what_is_dated_later_is_counted_as_a_build_counts_it(standing):
    trusted(standing)
    told = found(standing)
    assert told.dated_later(NOW, NOW + timedelta(hours=1)) == 0
    assert told.dated_later(NOW, NOW + timedelta(hours=3)) == 1


def test_a_file_written_just_now_is_read_each_time(standing):
    standing.story("just-now")
    whole(standing)
    article = str(standing.root.resolve() / "articles/just-now.md")
    known = kept(standing)
    assert article in known.recent
    assert found(standing) is not None
    known.recent[article] = "what it was when it was read"  # changed within its timestamp
    path = standing.root / ".publisher" / NAME
    path.write_bytes(msgspec.msgpack.encode(known, enc_hook=str))
    assert found(standing) is None


def test_what_was_written_just_now_is_read_before_the_build_reads_it(tmp_path):
    site = Site(tmp_path / "site")
    article = site.story("first")
    space = opened(site)
    looked = Inputs(space, article.stat().st_ctime_ns)
    assert looked.look()
    before = digest(article)
    article.write_text("changed while the build was at it")
    assert looked.recent[str(article.resolve())] == before
    space.close()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("outbox/feeds/foreign.xml", "another's"),
        ("outbox/feeds/rss.xml", "spoilt"),
        ("outbox/web/style.css", "spoilt"),
        ("outbox/editions/other@2026-11-24T0700.txt", "another's"),
    ],
)
def test_what_another_wrote_into_the_outbox_meanwhile_is_not_taken_for_ours(
    tmp_path, monkeypatch, path, text
):
    site = Site(tmp_path / "site", PAGED)
    site.story("first")
    keep = Standstill.keep

    def later(self, *words):
        (site.root / path).write_text(text)
        keep(self, *words)

    monkeypatch.setattr(Standstill, "keep", later)
    whole(site)
    assert not (site.root / ".publisher" / NAME).exists()


def test_what_another_wrote_into_the_ledger_meanwhile_keeps_nothing(tmp_path, monkeypatch):
    site = Site(tmp_path / "site", PAGED)
    site.story("first")
    keep = Standstill.keep

    def later(self, *words):
        _pinned(site)
        keep(self, *words)

    monkeypatch.setattr(Standstill, "keep", later)
    whole(site)
    assert not (site.root / ".publisher" / NAME).exists()


def test_a_folder_that_a_link_leads_to_is_not_looked_at_and_nothing_is_kept(tmp_path):
    site = Site(tmp_path / "site", PAGED)
    site.story("first")
    (tmp_path / "shared").mkdir()
    (site.root / "articles/shared").symlink_to(tmp_path / "shared")
    whole(site)
    assert not (site.root / ".publisher" / NAME).exists()


def test_an_articles_folder_that_is_a_link_is_looked_at(tmp_path):
    site = Site(tmp_path / "site", PAGED)
    site.story("first")
    (site.root / "articles").rename(tmp_path / "articles")
    (site.root / "articles").symlink_to(tmp_path / "articles")
    whole(site)
    assert found(site) is not None
    (tmp_path / "articles/first.md").write_text("changed")
    assert found(site) is None


class _Dated:
    def __init__(self, published, embargo=None, expires=None):
        self.published, self.embargo, self.expires = published, embargo, expires


def test_an_article_changes_by_itself_when_it_comes_and_when_it_goes_by_every_delay():
    hour, delay = timedelta(hours=1), timedelta(minutes=30)
    one = _Dated(NOW - hour, NOW - delay / 2, NOW + hour)
    assert set(turns([one], NOW, [timedelta(), delay])) == {
        NOW - delay / 2, NOW + delay / 2, NOW + hour, NOW + hour + delay,
    }  # fmt: skip


def test_a_day_ends_at_midnight_whatever_the_clocks_do():
    assert midnight(NOW, "UTC") == datetime(2026, 11, 25, tzinfo=UTC)
    assert midnight(NOW, "Asia/Tokyo") == datetime(2026, 11, 24, 15, tzinfo=UTC)
    late = datetime(2026, 10, 24, 23, tzinfo=UTC)  # the clocks of Berlin go back at 1:00 UTC
    assert midnight(late, "Europe/Berlin") == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_where_a_calendar_lies_outside_nothing_is_kept(tmp_path):
    site = Site(tmp_path / "site", PAGED)
    site.config(PAGED.replace('at = "07:00"', 'at = "07:00"\nexcluded = ["../away.ics"]'))
    (tmp_path / "away.ics").write_text(CALENDAR)
    site.story("first")
    whole(site)
    assert not (site.root / ".publisher" / NAME).exists()
