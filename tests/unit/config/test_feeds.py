"""[feeds]: podcasts, partners, and what is refused with its line."""

from datetime import timedelta

import pytest

from publisher import config
from publisher.errors import ConfigError

HEAD = '[publication]\ntitle = "T"\nbase_url = "https://x.example"\n'
SHOW = '[feeds.podcast]\nemail = "show@x.example"\n'
PAPER = '[[feeds.partner]]\nname = "paper"\n'


def test_one_podcast_is_a_table_and_several_are_a_list():
    one = config.parse(f'{HEAD}{SHOW}image = "cover.jpg"\n').feeds.podcast
    assert [(show.feed, show.email, show.image) for show in one] == [
        ("", "show@x.example", "https://x.example/cover.jpg")
    ]
    two = config.parse(f'{HEAD}[[feeds.podcast]]\n[[feeds.podcast]]\nfeed = "section/b"\n')
    assert [show.feed for show in two.feeds.podcast] == ["", "section/b"]


def test_a_partner_says_what_it_gets():
    (one,) = config.parse(f'{HEAD}{PAPER}delay = "6h"\nsections = ["world"]\n').feeds.partner
    assert (one.name, one.delay, one.sections) == ("paper", timedelta(hours=6), ("world",))
    assert (one.public, one.note, one.full, one.parameters) == (False, False, None, "")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('[feeds.podcast]\nemail = "a b"\n', 5, "email must be an address"),
        ('[feeds.podcast]\nowner = "A"\n', 5, "owner wants an address"),
        (f'{SHOW}guid = "17"\n', 6, "guid must be a UUID"),
        (f'{SHOW}funding = "give"\n', 6, "funding must be a web address"),
        (f'{SHOW}categories = ["A > B > C"]\n', 6, "categories must be names"),
        (f'{SHOW}emial = "a@b.example"\n', 4, "unknown key feeds.podcast.0.emial"),
        ("[[feeds.podcast]]\n[[feeds.podcast]]\n", None, "feed is that of another podcast"),
        ('[feeds.podcast]\nfeed = "world"\n', 5, "feed must be the name of a feed"),
        ("[[feeds.partner]]\n", None, "name is missing"),
        ('[[feeds.partner]]\nname = "../up"\n', 5, "name must be lower-case letters"),
        (f"{PAPER}{PAPER}", 7, "name is that of another partner: paper"),
        (f'{PAPER}newsletter = "mornin"\n', 6, "newsletter names no newsletter"),
        (f'{PAPER}link = "https://p.example/{{other}}"\n', 6, "link must be a web address"),
        (f'{PAPER}link = "javascript:alert(1)"\n', 6, "link must be a web address"),
        (f'{PAPER}parameters = "a=b#c"\n', 6, "parameters must be parameters"),
        (f"{PAPER}bytes = 10\n", 6, "bytes must be at least 10000"),
        ('[feeds]\ncategories = ["topic"]\n', 5, "categories.0 must be one of tag, section"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(text, line, what):
    with pytest.raises(ConfigError) as refused:
        config.parse(HEAD + text)
    assert what in refused.value.problem.what
    if line:
        assert refused.value.problem.line == line
