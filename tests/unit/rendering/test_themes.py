"""Themes: their values, what publisher.toml says instead, and the mails that come of them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from msgspec.structs import replace

from publisher.errors import ConfigError
from publisher.model import Image, Publication, Related, Social, Story, ThemeSettings
from publisher.rendering import Theme, page, render, theme_files
from publisher.rendering.colours import contrast
from publisher.rendering.values import colours
from publisher.site import Page
from tests.unit.rendering.test_mail import PUBLICATION, edition, story

THEMES = ["gazette", "letter"]
TEMPLATES = ["digest", "single", "breaking", "plain"]
ON_SITE = {
    "page": Page(path="404.html", url="", template="missing", title="T", language="en", key=""),
    "front": "https://x.example/", "archive": "", "subscribe": "", "search": "", "indexed": False, "policy": "",
    "feeds": [], "mail": False, "article": None,
}  # fmt: skip
SHOWS = ["full", "summary", "title", "card", "number", "compact"]


def test_a_text_of_the_theme_is_found_without_looking_through_it(monkeypatch):
    theme, looked = Theme(), []
    assert theme.mentions("{{ publication.title }}")
    below = theme_files._below
    monkeypatch.setattr(theme_files, "_below", lambda *given: looked.append(given) or below(*given))
    assert theme.source("mail/digest.mjml")
    assert theme.mentions("{{ publication.title }}")
    assert looked == []


def html_of(made, theme="gazette", publication=PUBLICATION, own=None, body="<p>Body</p>"):
    mail = render(made, publication, lambda _: body, Theme(own, theme))
    return mail.html.filled()


def page_of(*args, **keys):
    return lxml_html.document_fromstring(html_of(*args, **keys))


@pytest.mark.parametrize("name", THEMES)
@given(accent=st.integers(0, 0xFFFFFF), ink=st.integers(0, 0xFFFFFF))
def test_whatever_the_colours_text_links_and_buttons_can_be_read(name, accent, ink):
    chosen = ThemeSettings(name=name, ink=f"#{ink:06x}", dark_quiet=f"#{ink:06x}")
    own = replace(PUBLICATION, accent=f"#{accent:06x}", theme=chosen)
    values = Theme(None, name).values(own)
    for palette in (values.light, values.dark):
        for colour in (palette.ink, palette.quiet, palette.link):
            for ground in (palette.ground, palette.paper, palette.tint):
                assert contrast(colour, ground) >= 4.5
        assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert colours(values)["accent"] == f"#{accent:06x}"


def test_a_value_of_publisher_toml_wins_over_the_themes_in_mails():
    chosen = ThemeSettings(name="letter", heading="Courier, monospace", paper="#ffffee", radius=3)
    html = html_of(edition(Story(article=story("a"))), "letter", replace(PUBLICATION, theme=chosen))
    for part in ("Courier, monospace", "background:#ffffee", "border-radius:3px"):
        assert part in html


@pytest.mark.parametrize("theme", THEMES)
def test_places_elsewhere_are_words_in_the_footer(theme):
    places = (Social(name="Mastodon & Co", url="https://m.example/@x"),)
    own = replace(PUBLICATION, theme=ThemeSettings(name=theme, social=places))
    made = edition(Story(article=story("a")))
    mail = render(made, own, lambda _: "", Theme(None, theme))
    link = lxml_html.document_fromstring(mail.html.filled()).xpath("//a[bdi='Mastodon & Co']")
    assert [one.get("href") for one in link] == ["https://m.example/@x"]
    assert "Mastodon & Co: https://m.example/@x\n" in mail.text.filled()
    found = page("missing", own, "en", Theme(None, theme), of_site=True, **ON_SITE)
    (one,) = lxml_html.document_fromstring(found).xpath("//footer//a")
    assert (one.get("href"), one.get("rel")) == ("https://m.example/@x", "me")


def test_themes_differ_and_say_what_they_are():
    made = edition(Story(article=story("a")))
    gazette, letter = (html_of(made, name) for name in THEMES)
    assert gazette != letter
    characters = {Theme(None, name).values(PUBLICATION).character for name in THEMES}
    assert len(characters) == 2


def test_an_own_block_goes_before_the_themes_and_an_own_theme_is_one(tmp_path):
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks/gap.mjml").write_text("<mj-raw>OWN</mj-raw>")
    (tmp_path / "themes/mine/blocks").mkdir(parents=True)
    (tmp_path / "themes/mine/theme.toml").write_text('character = "Mine."\nink = "#112233"\n')
    (tmp_path / "themes/mine/blocks/footer.mjml").write_text("<mj-raw>MINE</mj-raw>")
    (tmp_path / "themes/mine/blocks/gap.mjml").write_text("<mj-raw>NOT</mj-raw>")
    html = html_of(edition(Story(article=story("a"))), "mine", own=tmp_path)
    assert "OWN" in html and "MINE" in html and "NOT" not in html
    assert "#112233" in html


MISTAKES = [
    ("nothing", None, "publisher.toml: theme: there is no theme 'nothing'"),
    ("mine", "inc = 3\n", "templates/themes/mine/theme.toml:1: unknown key inc"),
    ("mine", '\nink = "red"\n', "templates/themes/mine/theme.toml:2: ink must be six hex digits"),
    ("mine", 'text = "x;y"\n', "templates/themes/mine/theme.toml:1: text must be names of fonts"),
    ("mine", "ink = \n", "templates/themes/mine/theme.toml: not TOML"),
]


@pytest.mark.parametrize(("name", "text", "message"), MISTAKES)
def test_a_mistake_of_a_theme_is_named_by_its_line(tmp_path, name, text, message):
    if text:
        (tmp_path / "themes" / name).mkdir(parents=True)
        (tmp_path / "themes" / name / "theme.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        Theme(tmp_path, name).values(PUBLICATION)
    assert str(caught.value).startswith(message)


PARTED = "<h2>Part</h2><p>Words</p><h4>Detail</h4><p>Words</p><h2>Part</h2><p>Words</p>"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("show", SHOWS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_headings_go_one_step_at_a_time_and_layout_is_no_data(theme, show, template):
    related = tuple(Related(article=story(f"r{n}"), score=1.0) for n in range(5))
    picture = Image(url="https://x.example/p.jpg", alt="A picture", width=800, height=400)
    first = Story(article=story("a", image=picture), related=related)
    made = edition(first, Story(article=story("b")), template=template, show=show)
    page = page_of(made, theme, body=PARTED)
    levels = [int(one.tag[1]) for one in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    own = [one for one in page.iter("h4", "h5") if one.text_content() in ("Part", "Detail")]
    assert [one.tag for one in own[:3]] == (["h4", "h5", "h4"] if own else [])
    assert bool(own) == (template == "single" or (show == "full" and template != "breaking"))
    if template != "breaking":
        assert [one.text_content() for one in page.iter("h2")] == ["Section"]
    assert all(one.get("role") == "presentation" for one in page.iter("table"))
    assert all(one.get("alt") is not None for one in page.iter("img"))


def test_a_card_has_its_picture_and_a_number_its_place():
    picture = Image(url="https://x.example/p.jpg", alt="A picture")
    stories = (Story(article=story("a", image=picture)), Story(article=story("b")))
    assert [one.get("alt") for one in page_of(edition(*stories, show="card")).iter("img")] == [
        "A picture"
    ]
    page = page_of(edition(*stories, show="number"))
    assert [one.text_content() for one in page.find_class("n")] == ["1", "2"]
    mail = render(edition(*stories, show="number"), PUBLICATION, lambda _: "", Theme())
    assert "\n1. Title a\n" in mail.text.filled()


@pytest.mark.parametrize("theme", THEMES)
def test_a_story_of_a_long_digest_costs_less_than_a_kilobyte(theme):
    few, many = (
        len(
            html_of(
                edition(*(Story(article=story(f"{n:03}")) for n in range(count)), show="summary"),
                theme,
            )
        )
        for count in (20, 40)
    )
    assert (many - few) / 20 < 1000


def test_a_long_edition_names_its_sections_at_the_top():
    made = edition(*(Story(article=story(f"{n}")) for n in range(6)), show="title")
    (section,) = made.sections
    second = replace(section, query=replace(section.query, name="two", title="Second part"))
    made = replace(made, sections=(section, second))
    page = page_of(made)
    links = {one.text_content(): one.get("href") for one in page.iter("a")}
    assert links["Second part"] == "#two"
    assert page.get_element_by_id("two").getparent().text_content() == "Second part"
    short = replace(made, newsletter=replace(made.newsletter, contents=0))
    assert "#two" not in html_of(short)


def test_the_preheader_is_no_white_text():
    html = html_of(edition(Story(article=story("a"))))
    preheader = html.partition("<body")[2].partition("<div")[2].partition(">")[0]
    assert "display:none" in preheader and "mso-hide:all" in preheader
    assert "#ffffff" not in preheader


def test_words_that_may_run_from_the_other_side_are_isolated():
    article = story("a", title="(1) عنوان", language="fa", authors=("Ana Kim", "Smith, John"))
    made = edition(Story(article=article))
    made = replace(made, newsletter=replace(made.newsletter, language="fa"))
    postal = replace(PUBLICATION.postal, name="ميناء", street="1 Main", city="Town")
    own = replace(PUBLICATION, postal=postal)
    page = page_of(made, publication=own)
    isolated = [one.text_content() for one in page.iter("bdi")]
    for words in (
        "(1) عنوان",
        "Ana Kim",
        "Smith, John",
        "1 Main, Town",
        "ميناء",
        PUBLICATION.title,
    ):
        assert words in isolated
    assert "Ana Kim; Smith, John" in page.text_content()
    (why,) = [
        one
        for one in page.iter("span")
        if one.get("lang") == "en" and "because" in one.text_content()
    ]
    assert why.get("dir") == "ltr"  # the theme has no words in Persian, and says so


def test_an_own_block_from_before_there_were_themes_is_used(tmp_path):
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks/summary.mjml").write_text(
        "<mj-section><mj-column><mj-text>OLD {{ article.title }} {{ colours.link }} "
        "{{ publication.accent }}</mj-text></mj-column></mj-section>"
        "{% include 'blocks/related.mjml' %}"
    )
    own = Publication(title="T", base_url="https://x.example/")
    html = html_of(edition(Story(article=story("a")), show="summary"), "gazette", own, tmp_path)
    assert "OLD Title a #" in html
