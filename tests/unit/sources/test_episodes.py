"""Sounds, films and episodes in the front matter of many generators and podcast themes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import Chapter, Episode, Person, Publication, Transcript
from publisher.sources import fields
from publisher.sources.beside import addresses
from publisher.sources.composing import compose
from publisher.sources.enclosures import files_of, media_type
from publisher.sources.episodes import episode_of, resolved, seconds_of
from publisher.sources.identity import Identity
from publisher.sources.parts import take_apart
from publisher.sources.site_places import is_file_address

MP3 = "https://cdn.example/a.mp3"


@pytest.mark.parametrize(
    ("values", "files"),
    [
        ({"enclosure": MP3}, [{"url": MP3}]),
        ({"podcast": MP3}, [{"url": MP3}]),
        ({"enclosure": [MP3, "a.ogg"]}, [{"url": MP3}, {"url": "a.ogg"}]),
        (
            {"enclosure": {"url": MP3, "length": "54,824", "type": "audio/mpeg"}},
            [{"url": MP3, "length": 54824, "type": "audio/mpeg"}],
        ),
        ({"podcast_link": MP3, "podcast_length": 54824269}, [{"url": MP3, "length": 54824269}]),
        ({"file": MP3, "length": "1234567"}, [{"url": MP3, "length": 1234567}]),
        ({"podcast_file": "a.mp3", "podcast_bytes": "77"}, [{"url": "a.mp3", "length": 77}]),
        ({"audio": {"m4a": "a.m4a", "mp3": "a.mp3"}}, [{"url": "a.m4a"}, {"url": "a.mp3"}]),
        ({"audio": [{"src": "a.mp3", "size": 9}, MP3]}, [{"url": "a.mp3", "length": 9}, {"url": MP3}]),
        ({"link": f"{MP3}?x=1"}, [{"url": f"{MP3}?x=1"}]),
        ({"link": "https://site.example/a/", "file": "notes.md"}, []),
        ({"enclosure": MP3, "audio_url": MP3}, [{"url": MP3}]),
        ({"enclosure": f"{MP3}\n54824\naudio/mpeg\na:1:{{}}"},
         [{"url": MP3, "length": 54824, "type": "audio/mpeg"}]),
        ({"enclosure": f"{MP3} 54824 audio/mpeg"},
         [{"url": MP3, "length": 54824, "type": "audio/mpeg"}]),
        ({"enclosure": MP3, "length": "25 minutes"}, [{"url": MP3}]),
        ({"enclosure": MP3, "length": 25}, [{"url": MP3}]),  # minutes, or words
        ({"podcast": True, "audio": None, "enclosure": [None, 3, {}]}, []),
    ],
)  # fmt: skip
def test_files_are_found_under_the_names_of_many_generators(values, files):
    assert files_of(values) == files


@pytest.mark.parametrize(
    ("values", "episode"),
    [
        ({"podcast_duration": "01:02:40"}, Episode(duration=3760)),
        ({"duration": 600, "itunes_duration": "1:00"}, Episode(duration=60)),
        ({"itunes": {"duration": "9:59", "episode": 3}}, Episode(duration=599, number=3)),
        ({"podcast": {"duration": "9:59", "season": 3}}, Episode(duration=599, season=3)),
        ({"episode": "S01E07", "season": "1"}, Episode(number=7, season=1)),
        ({"episode_type": "Bonus", "explicit": "clean"}, Episode(kind="bonus", explicit=False)),
        ({"explicit": "yes", "itunes_block": True}, Episode(explicit=True, block=True)),
        (
            {"transcript": "a.vtt", "chapters": "a.json"},
            Episode(
                transcripts=(Transcript(url="a.vtt", type="text/vtt"),), chapters_url="a.json"
            ),
        ),
        (
            {"chapters": ["00:01:02.500 What it is", {"start": 0, "title": "Intro"}]},
            Episode(
                chapters=(Chapter(start=0.0, title="Intro"), Chapter(start=62.5, title="What it is"))
            ),
        ),
        (
            {"hosts": ["Ann Lee"], "guests": {"name": "Bo Chan", "url": "https://bo.example/"}},
            Episode(
                persons=(
                    Person(name="Ann Lee", role="host"),
                    Person(name="Bo Chan", role="guest", href="https://bo.example/"),
                )
            ),
        ),
        ({"title": "A"}, None),
    ],
)  # fmt: skip
def test_an_episode_is_told_under_the_names_of_many_generators(values, episode):
    assert episode_of(values, [{"url": MP3}], pytest.fail) == episode


def test_an_article_without_a_sound_is_no_episode_whatever_its_keys():
    recipe = {"duration": "30 min", "episode": 3, "guests": ["Ann"]}
    assert episode_of(recipe, [], pytest.fail) is None
    assert episode_of(recipe, [{"url": "a.pdf"}], pytest.fail) is None


def test_a_duration_that_is_none_is_told():
    told = []
    assert episode_of({"duration": "about an hour"}, [{"url": MP3}], told.append) is None
    assert told == ["the duration 'about an hour' is none such as 1:02:40 or a number of seconds"]


def test_addresses_of_an_episode_are_resolved_and_those_that_are_none_left_out():
    episode = Episode(
        image="cover.jpg", transcripts=(Transcript(url="javascript:x", type="text/html"),)
    )
    found, lost = resolved(
        episode, lambda url: None if ":" in url else f"https://site.example/{url}"
    )
    assert found == Episode(image="https://site.example/cover.jpg")
    assert lost == ["javascript:x"]


@pytest.mark.parametrize("value", ["", "long", "1:2:3:4", "-5", None, True, [], "0", "9" * 99])
def test_what_is_no_duration_is_none(value):
    assert seconds_of(value) is None


def test_a_link_to_a_sound_is_a_file_and_not_the_articles_address():
    found = fields.read({"title": "A", "link": MP3}, {}, "a.md", "UTC")
    assert (found.canonical, found.enclosure) == ("", {"url": MP3})
    page = "https://site.example/a/"
    found = fields.read({"title": "A", "link": page}, {}, "a.md", "UTC")
    assert (found.canonical, found.enclosure) == (page, None)


def test_a_key_of_files_that_holds_none_is_told():
    found = fields.read({"title": "A", "enclosure": [3]}, {"enclosure": 3}, "a.md", "UTC")
    (problem,) = found.problems
    assert (problem.line, problem.severity) == (3, "warning")
    assert problem.what == (
        "enclosure must be the address of a file, or url, type and length, not a list"
    )


def test_a_table_that_tells_of_an_episode_is_no_file():
    values = {"title": "A", "file": MP3, "podcast": {"episode": 3}}
    found = fields.read(values, {}, "a.md", "UTC")
    assert (found.problems, found.episode) == ([], Episode(number=3))
    assert found.enclosure == {"url": MP3}


@pytest.mark.parametrize(("name", "kind"), [("a.m4a", "audio/mp4"), ("a.wav", "audio/wav"),
                                            ("a.pdf", "application/pdf"), ("a", "")])  # fmt: skip
def test_media_types_are_those_that_players_know(name, kind):
    assert media_type(f"https://c.example/{name}?x") == kind


def test_files_of_an_episode_that_lie_beside_the_article_are_named():
    publication = Publication(title="T", base_url="https://x.example/")
    data = (
        b"---\ntitle: A\ndate: 2026-01-01\naudio: [a.mp3, a.ogg]\ntranscript: a.vtt\n"
        b"chapters: a.json\nepisode_image: a.png\n---\nText"
    )
    parts = take_apart("a.md", data, publication)
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    identity = Identity(id="x:a", path="a.md", first_seen=seen, digest="", body="", title="")
    article, body, _ = compose(parts, identity, publication, lambda *_: 7)
    names = [url.rpartition("/")[2] for url in addresses(article, body, publication)]
    assert names == ["a.mp3", "a.ogg", "a.png", "a.json", "a.vtt"]
    assert all(is_file_address(name) for name in names)


def test_categories_keep_how_they_were_written_and_the_section_is_the_first():
    values = {"title": "A", "categories": ["Release", "Security"], "section": "News"}
    found = fields.read(values, {}, "a.md", "UTC")
    assert (found.section, found.categories) == ("News", ("News", "Release", "Security"))


KEYS = st.sampled_from(
    ["enclosure", "audio", "podcast", "file", "link", "duration", "episode", "chapters",
     "transcripts", "persons", "hosts", "itunes", "explicit", "length", "url", "title", "start"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
    | st.sampled_from([MP3, "a.mp3", "1:00"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(KEYS, VALUES, max_size=8))
@pytest.mark.slow
def test_whatever_front_matter_holds_nothing_is_raised(values):
    files = files_of(values)
    assert all(isinstance(one["url"], str) for one in files)
    episode_of(values, files, lambda _: None)


def test_an_editor_is_told_that_rss_takes_one_file():
    publication = Publication(title="T", base_url="https://x.example/")
    data = b"---\ntitle: A\ndate: 2026-01-01\nenclosure: ['mailto:a.mp3', 'https://c.example/a.mp3', b.ogg]\n---\nText"
    parts = take_apart("a.md", data, publication)
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    identity = Identity(
        id="tag:x,2026:a", path="a.md", first_seen=seen, digest="", body="", title=""
    )
    article, _, problems = compose(parts, identity, publication, lambda *_: 7)
    assert [
        (one.url, one.type, one.length) for one in (article.enclosure, *article.enclosures)
    ] == [
        ("https://c.example/a.mp3", "audio/mpeg", 7),
        ("https://x.example/a/b.ogg", "audio/ogg", 7),
    ]
    assert [one.what for one in problems] == [
        "'mailto:a.mp3' is no web address",
        "2 files belong to it: RSS has the first as its enclosure",
    ]
