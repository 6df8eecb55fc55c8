"""publisher.toml is read whole, or its first fault is named with its line."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.config import parse, parse_theme
from publisher.errors import ConfigError

HEAD = '[publication]\ntitle = "T"\nbase_url = "https://x.example"\n'


def test_values_and_defaults():
    found = parse(
        HEAD + 'since = 2026-01-02\nzone = "Asia/Tokyo"\nlanguage = "ja"\n'
        '[newsletters.n]\ntitle = "N"\nevery = "weekday"\nmax_age = "36h"\n'
        '[[newsletters.n.sections]]\nname = "a"\nmax = 3\n'
        "[feeds]\nentries = 5\n"
    )
    assert (found.base_url, found.since, found.articles) == (
        "https://x.example/",
        date(2026, 1, 2),
        Path("articles"),
    )
    (newsletter,) = found.newsletters
    assert (newsletter.name, newsletter.zone, newsletter.language) == ("n", "Asia/Tokyo", "ja")
    assert newsletter.max_age == timedelta(hours=36)
    assert [(s.name, s.max, s.show) for s in newsletter.sections] == [("a", 3, "summary")]
    assert (found.feeds.entries, found.feeds.full) == (5, True)


def test_a_newsletter_without_sections_takes_everything():
    (newsletter,) = parse(HEAD + '[newsletters.n]\ntitle = "N"\n').newsletters
    assert [section.name for section in newsletter.sections] == ["stories"]


def test_shortcodes_have_templates_of_several_lines():
    found = parse(HEAD + '[sources.shortcodes]\nnote = """\n<p>\n{{ inner }}"""\n"a/b.c" = \'\'')
    assert [(one.name, one.template) for one in found.sources.shortcodes] == [
        ("note", "<p>\n{{ inner }}"),
        ("a/b.c", ""),
    ]


def test_places_elsewhere_stand_in_their_order():
    text = (
        "[theme.social]\nMastodon = 'https://m.example/@x'\n\"b.example\" = 'https://b.example'\n"
    )
    for found in (parse(HEAD + text).theme, parse_theme(text.replace("theme.", ""), "t")):
        assert [(one.name, one.url) for one in found.social] == [
            ("Mastodon", "https://m.example/@x"), ("b.example", "https://b.example"),
        ]  # fmt: skip


MISTAKES = [
    ("[publication]\ntitle = T", "publisher.toml:2: not TOML: Invalid value (at line 2, column 9)"),
    ('[publication]\ntitle = "T"', "publisher.toml:1: publication.base_url is missing\n  Where the publication lives on the web.\n  Add a line: base_url = …"),
    ('[publikation]\ntitle = "T"', "publisher.toml:1: unknown key publikation\n  Did you mean publication?\n  All keys: publisher config keys"),
    (HEAD + 'langauge = "en"', "publisher.toml:4: unknown key publication.langauge\n  Did you mean language?\n  All keys: publisher config keys"),
    (HEAD + "language = 5", "publisher.toml:4: publication.language must be a text, not 5"),
    (HEAD + 'zone = "Europe/Berln"', "publisher.toml:4: publication.zone names no time zone: 'Europe/Berln'\n  Write it as in \"Europe/Berlin\"."),
    (HEAD + 'accent = "red"', "publisher.toml:4: publication.accent must be six hex digits, such as #0b5c6b"),
    (HEAD + 'article_url = "{slag}"', "publisher.toml:4: publication.article_url is no pattern of {section}, {slug}, {language}, {year}, {month}, {day}, {title}, {slug_or_title}, {filename}, {name}, {folder}, {categories}, {hour}, {minute}, {second}, {y_day}, {short_year}, {i_month}, {short_month}, {long_month}, {i_day}, {short_day}, {long_day}, {w_day}, {w_year}, {week}"),
    (HEAD + '[sources.addresses]\nblog = "{year}"\ndocs = "{post}"', "publisher.toml:6: sources.addresses.docs is no pattern of {section}, {slug}, {language}, {year}, {month}, {day}, {title}, {slug_or_title}, {filename}, {name}, {folder}, {categories}, {hour}, {minute}, {second}, {y_day}, {short_year}, {i_month}, {short_month}, {long_month}, {i_day}, {short_day}, {long_day}, {w_day}, {w_year}, {week}"),
    (HEAD + '[sources]\naddresses = ["a"]', "publisher.toml:5: sources.addresses must be a table, not a list"),
    (HEAD + 'article_url = "{slug:>100000000}"', "publisher.toml:4: publication.article_url is no pattern of {section}, {slug}, {language}, {year}, {month}, {day}, {title}, {slug_or_title}, {filename}, {name}, {folder}, {categories}, {hour}, {minute}, {second}, {y_day}, {short_year}, {i_month}, {short_month}, {long_month}, {i_day}, {short_day}, {long_day}, {w_day}, {w_year}, {week}"),
    (HEAD + 'outbox = "articles/out"', "publisher.toml:4: publication.outbox must not hold the articles folder (articles) or lie in it"),
    (HEAD + 'outbox = "."', "publisher.toml:4: publication.outbox must not hold the articles folder (articles) or lie in it"),
    (HEAD + 'description = "a\\u0007"', "publisher.toml:4: publication.description must not hold control characters or line ends"),
    ('[publication]\ntitle = ""\nbase_url = "https://x.example"', "publisher.toml:2: publication.title must not be empty"),
    ('[publication]\ntitle = "T"\nbase_url = "https://["', "publisher.toml:3: publication.base_url must be a web address, https://…"),
    (HEAD + "[newsletters.Morning]\ntitle = 'N'", "publisher.toml:4: newsletters.Morning must be lower-case letters, digits and hyphens"),
    (HEAD + "[newsletters.n]\ntitle = 'N'\nat = '7'", "publisher.toml:6: newsletters.n.at must be a time of day, such as 07:00"),
    (HEAD + "[newsletters.n]\ntitle = 'N'\nevery = 'someday'", "publisher.toml:6: newsletters.n.every must be day, weekday, names such as mon,thu, week, 2weeks or month"),
    (HEAD + "[newsletters.n]\ntitle = 'N'\nmax_age = 7", 'publisher.toml:6: newsletters.n.max_age must be a length of time such as "36h", "7d" or "2w"'),
    (HEAD + "[newsletters.n]\ntitle = 'N'\nname = 'm'", "publisher.toml:6: unknown key newsletters.n.name\n  All keys: publisher config keys"),
    (HEAD + "[sources]\ngenerator = 'hexo'", "publisher.toml:5: sources.generator must be one of hugo, jekyll, pelican, nikola, eleventy, zola, astro, docusaurus, not 'hexo'"),
    (HEAD + "[newsletters.n]\ntitle = 'N'\n[[newsletters.n.sections]]\nname = 'a'\n[[newsletters.n.sections]]\nname = 'b'\nshow = 'all'", "publisher.toml:10: newsletters.n.sections.1.show must be one of full, summary, title, card, number, compact, not 'all'"),
    (HEAD + "[newsletters.n]\ntitle = 'N'\n[[newsletters.n.sections]]\nname = 'a'\nmax = -1", "publisher.toml:8: newsletters.n.sections.0.max must not be negative, nor beyond measure"),
    (HEAD + "[feeds]\nfull = 'yes'", "publisher.toml:5: feeds.full must be true or false, not 'yes'"),
    (HEAD + "[feeds]\nby = 'tag'", "publisher.toml:5: feeds.by must be a list, not 'tag'"),
    (HEAD + "[theme.social]\nM = 'http://m.example/@x'", "publisher.toml:5: theme.social.M must be an https address\n  Write it as in \"https://social.example/@letter\"."),
    (HEAD + "[theme.social]\nM = 'https://a@m.example/'", "publisher.toml:5: theme.social.M must be an https address"),
    (HEAD + "[theme.social]\nM = 'https://m.example/\"><b>'", "publisher.toml:5: theme.social.M must be an https address"),
    (HEAD + "[theme.social]\nM = 3", "publisher.toml:5: theme.social.M.url must be a text, not 3"),
    (HEAD + "[sources.shortcodes]\nnote = '{{ inner '", "publisher.toml:5: sources.shortcodes.note is no template: "),
    (HEAD + "[sources.shortcodes]\nnote = '{% for a in args %}{% for b in args %}{% endfor %}{% endfor %}'", "publisher.toml:5: sources.shortcodes.note is no template: a loop within a loop"),
    (HEAD + "[sources.shortcodes]\nnote = '{% include \"x\" %}'", "publisher.toml:5: sources.shortcodes.note is no template: it may neither include"),
    (HEAD + "[sources.shortcodes]\n'a b' = ''", "publisher.toml:4: sources.shortcodes.a b is no name of a shortcode"),
    (HEAD + "[sources.shortcodes]\nnote = 3", "publisher.toml:5: sources.shortcodes.note.template must be a text, not 3"),
    (HEAD + "[sources]\nshortcodes = 3", "publisher.toml:5: sources.shortcodes must be a table, not 3"),
    (HEAD + "[theme]\nsocial = ['https://m.example/']", "publisher.toml:5: theme.social must be a table, not a list"),
    (HEAD + "logo_dark = 'l.png'", "publisher.toml:4: publication.logo_dark stands for logo in the dark, and there is none\n  Name that as well: logo."),
    (HEAD + "[authors.'A B']\npicture = 'https://a.example/b.png'", "publisher.toml:5: authors.A B.picture must be a file\n  Put it beside publisher.toml"),
    (HEAD + "feeds = 3", "publisher.toml:4: publication.feeds is a table of its own\n  Write it as [feeds]."),
    (HEAD + "[publication.newsletters.n]\ntitle = 'N'", "publisher.toml:1: publication.newsletters is a table of its own\n  Write it as [newsletters]."),
    ("newsletters = 3\n" + HEAD, "publisher.toml:1: newsletters must be a table, not 3"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_a_mistake_is_named_with_its_line_and_what_to_do(text, message):
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert str(caught.value).startswith(message)


def test_of_several_unknown_keys_the_first_is_named_in_every_run():
    for text in (
        "".join(f"[{one}x]\n" for one in "qwertz"),
        HEAD + "".join(f"{one} = 1\n" for one in "qwertz"),
    ):
        with pytest.raises(ConfigError, match=r"unknown key (publication\.q|qx)\n"):
            parse(text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_by_name(text):
    with pytest.raises(ConfigError):
        parse(text)


@given(
    st.sampled_from(["title", "base_url", "zone", "since", "article_url", "outbox", "logo"]),
    st.text(max_size=40),
)
def test_any_text_as_a_value_is_read_or_refused_by_name(key, value):
    quoted = '"' + "".join(f"\\U{ord(c):08x}" for c in value if not "\ud800" <= c <= "\udfff") + '"'
    keys = {"title": '"T"', "base_url": '"https://x.example"', key: quoted}
    try:
        parse("[publication]\n" + "\n".join(f"{k} = {v}" for k, v in keys.items()))
    except ConfigError as error:
        assert str(error).startswith("publisher.toml")
