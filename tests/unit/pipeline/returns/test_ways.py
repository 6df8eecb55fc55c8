"""The ways in that publisher.toml names, and one round over them."""

from collections import Counter
from pathlib import Path

import pytest

from publisher import config
from publisher.errors import ConfigError, WayDown
from publisher.pipeline.returns.ways import fetch, ours_of, taking, to_fetch, ways_of
from publisher.pipeline.workspace import Workspace
from publisher.returns.ways import Arrived, Collected, Memory
from tests.site import CONFIG, NOW

IMAP = '[returns.imap]\nhost = "imap.test.example"\nuser = "b"\n'


def space_of(site, text):
    site.config(f"{CONFIG}\n{text}")
    return Workspace(site.root, NOW)


@pytest.mark.parametrize(
    ("delivery", "addresses"),
    [
        ("", ("letter@test.example",)),
        ('return_path = "b@test.example"', ("b@test.example", "letter@test.example")),
        (
            'return_path = "b@test.example"\nunsubscribe = "u@test.example"\nreply_to = "r@test.example"',
            ("b@test.example", "u@test.example", "r@test.example"),
        ),
    ],
)
def test_what_comes_back_comes_to_the_addresses_that_mails_name(delivery, addresses):
    assert ours_of(config.parse(f"{CONFIG}\n[delivery]\n{delivery}\n")).addresses == addresses


def test_each_way_that_is_named_is_one(site, monkeypatch):
    monkeypatch.setenv("PUBLISHER_IMAP_PASSWORD", "hunter22")
    space = space_of(site, f'{IMAP}[returns]\nmaildir = "box"\nlmtp = "unix:l.sock"\n')
    ways = ways_of(space)
    assert [way.name for way in ways] == ["imap", "maildir", "lmtp"]
    assert [way.name for way in to_fetch(space)] == ["imap", "maildir"]
    for way in ways:
        way.close()


def test_nothing_is_fetched_where_nothing_is_named(site):
    with pytest.raises(ConfigError, match="nothing is named where messages that come back lie"):
        to_fetch(space_of(site, ""))


def test_each_message_is_recorded_at_the_moment_when_it_comes(site):
    space, seen = space_of(site, ""), []
    later = NOW.replace(hour=15)

    def record(where, one, way):
        seen.append((where.now, one.data, way))
        return "unread"

    assert taking(space, "imap", lambda: later, record)(Arrived(data=b"x")) == "unread"
    assert seen == [(later, b"x", "imap")]


class Down(Memory):
    def collect(self, take):
        raise WayDown("it does not answer")


class Stuck(Memory):
    def collect(self, take):
        return Collected(problem="one is stuck")


def test_one_round_takes_all_that_lies_there_and_counts_it():
    first, second = Memory([Arrived(data=b"1"), Arrived(data=b"2")]), Memory([Arrived(data=b"3")])
    found = fetch(
        [first, Stuck(), second], lambda _: lambda one: "read" if one.data < b"3" else "unread"
    )
    assert found.kinds == Counter(read=2, unread=1)
    assert found.problems == ("one is stuck",)
    assert [kind for _, kind in first.kept + second.kept] == ["read", "read", "unread"]


def test_a_way_that_is_down_keeps_no_other_from_its_round():
    other = Memory([Arrived(data=b"1")])
    with pytest.raises(WayDown, match="it does not answer"):
        fetch([Down(), other], lambda _: lambda one: "read")
    assert len(other.kept) == 1


def test_a_maildir_is_named_from_the_publications_folder(site):
    space = space_of(site, '[returns]\nmaildir = "box"\n')
    for part in ("new", "cur", "tmp"):
        (site.root / "box" / part).mkdir(parents=True)
    (site.root / "box/new/1.a").write_bytes(b"Delivered-To: letter+t@test.example\n\n")
    seen = []
    fetch(to_fetch(space), lambda way: lambda one: seen.append((way, one.to)) or "read")
    assert seen == [("maildir", "letter+t@test.example")]
    assert Path(site.root / "box/.Publisher.read/cur/1.a:2,").exists()
