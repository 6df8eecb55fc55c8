"""Lengths of files that lie elsewhere: written by hand, or asked for once and kept."""

import pytest

from publisher.errors import ConfigError
from publisher.fetching import Answer, Unanswered
from publisher.model import Enclosure
from publisher.pipeline.lengths import keep_lengths, lengths_of, unknown, with_lengths
from publisher.pipeline.reports.lengths import learn_lengths
from publisher.pipeline.reports.links import Politeness
from publisher.pipeline.workspace import Workspace
from tests.site import NO_PAGES, NOW, Site
from tests.unit.feeds.test_podcast import story

A, B, C, D = (f"https://{host}.example/1.mp3" for host in "abcd")


def sound(url, length=None):
    return Enclosure(url=url, type="audio/mpeg", length=length)


def test_a_length_is_kept_and_fills_in_what_is_not_known_alone(tmp_path):
    assert lengths_of(tmp_path) == {}
    keep_lengths(tmp_path, {B: 22, A: 11})
    assert (tmp_path / "enclosures.csv").read_text() == f"url,bytes\n{A},11\n{B},22\n"
    article = story(enclosure=sound(A), enclosures=(sound(B, 5), sound(C)))
    found = with_lengths(article, lengths_of(tmp_path))
    assert [one.length for one in (found.enclosure, *found.enclosures)] == [11, 5, None]
    assert unknown([article]) == [A, C]
    assert with_lengths(story(), {A: 1}) == story()


@pytest.mark.parametrize("line", [f"{A},many", f"{A}", f"{A},-1", f",{9}", f"{A},{'9' * 40}"])
def test_a_line_that_is_no_length_is_named(tmp_path, line):
    (tmp_path / "enclosures.csv").write_text(f"url,bytes\n{line}\n")
    with pytest.raises(ConfigError) as refused:
        lengths_of(tmp_path)
    assert (refused.value.problem.path, refused.value.problem.line) == ("enclosures.csv", 2)


class Servers:
    """Answer as other people's servers do."""

    def ask(self, url, method="HEAD"):
        if url == C:
            raise Unanswered("nobody listens there")
        if url == D:
            return Answer(url, 200)
        return Answer(url, 200, headers={"content-length": "54824269"})


def test_servers_are_asked_once_and_what_they_say_stands_in_the_feed(tmp_path):
    config = f'[publication]\ntitle = "T"\nbase_url = "https://x.example"\n{NO_PAGES}'
    site = Site(tmp_path / "site", config)
    for name, url in zip("abcd", (A, B, C, D), strict=True):
        site.story(name, enclosure=url, **({"duration": "10:00"} if name == "a" else {}))
    site.story("hidden", enclosure="https://e.example/1.mp3", draft="true")
    keep_lengths(site.root, {B: 22})
    space = Workspace(site.root, NOW)
    try:
        space.now = NOW.replace(day=24)
        learnt = learn_lengths(space, Servers(), Politeness(pause=0.0))
    finally:
        space.close()
    assert learnt.found == {A: 54824269}
    assert learnt.unknown == {C: "nobody listens there", D: "it says no length"}
    assert site.run("feeds", "build", "--at", "2026-11-24 07:00").code == 0
    rss = (site.root / "outbox/feeds/rss.xml").read_text()
    assert f'url="{A}" type="audio/mpeg" length="54824269"' in rss
    assert f'url="{B}" type="audio/mpeg" length="22"' in rss
    assert f'url="{C}" type="audio/mpeg" length="0"' in rss
    keep_lengths(site.root, {A: 3})
    assert site.run("feeds", "build", "--at", "2026-11-24 07:00").code == 0
    assert f'url="{A}" type="audio/mpeg" length="3"' in (
        site.root / "outbox/feeds/rss.xml"
    ).read_text()  # fmt: skip
