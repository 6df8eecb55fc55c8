"""Mails to one person that are no edition: HTML beside the text that there always was."""

import pytest
from lxml import html as lxml_html

from publisher.model import Postal, Publication
from publisher.rendering import Theme, notice
from publisher.rendering.mjml import compiled

HOSTILE = "</mj-text><mj-section>{{ 7*7 }} <script>alert(1)</script> \"'& ]]> <!--"
OWN = Publication(
    title=f"Letter {HOSTILE}",
    base_url="https://x.example/",
    postal=Postal(name="Letter", street=HOSTILE, city="Town"),
)
LINK = "https://x.example/confirm/abc"
NAMES = ["confirmation", "preferences", "welcome"]


def made(
    name="confirmation", theme="gazette", language="en", own=None, titles=("Morning", HOSTILE)
):
    return notice(name, OWN, language, Theme(own, theme), titles=[*titles], link=LINK)


@pytest.mark.parametrize("theme", ["gazette", "letter"])
@pytest.mark.parametrize("name", NAMES)
def test_it_says_the_same_in_html_and_text_and_has_one_button(name, theme):
    mail = made(name, theme)
    html, text = mail.html.filled(), mail.text.filled()
    page = lxml_html.document_fromstring(html)
    words = " ".join(page.text_content().split())
    assert text.count(LINK) == 1
    links = [one.get("href") for one in page.iter("a")]
    assert links == ["https://x.example/", LINK, LINK]
    for line in filter(None, text.splitlines()):
        assert " ".join(line.split()) in words or line == "-- " or "Town" in line
    assert ("Morning" in words) == (name != "preferences")
    assert [one.tag for one in page.iter("h1", "h2", "h3")] == ["h1"]
    assert all(one.get("role") == "presentation" for one in page.iter("table"))
    assert not list(page.iter("script", "img", "form"))
    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    assert "display:none;font-size:1px;color:#ffffff" not in html  # no white preheader
    assert "display:none;font-size:1px;color:#" in html


@pytest.mark.parametrize("theme", ["gazette", "letter"])
@pytest.mark.parametrize("name", NAMES)
def test_its_mjml_has_no_mistake(name, theme, monkeypatch):
    found = []

    def kept(source, *rest, **more):
        html, problems = compiled(source, *rest, **more)
        found.extend(problems)
        return html, problems

    monkeypatch.setattr("publisher.rendering.notices.compiled", kept)
    made(name, theme)
    assert found == []


def test_in_a_language_without_words_it_says_that_they_are_english():
    page = lxml_html.document_fromstring(made(language="he").html.filled())
    assert (page.get("lang"), page.get("dir")) == ("he", "rtl")
    said = [one for one in page.iter("p", "span") if one.get("lang") == "en"]
    assert [one.get("dir") for one in said] == ["ltr", "ltr"]


def test_an_editors_own_text_goes_alone_until_they_have_the_html_as_well(tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web/confirm.txt").write_text("Mine\n\nYes? {{ link }}\n")
    mail = made(own=tmp_path)
    assert (mail.subject.filled(), mail.text.filled()) == ("Mine", f"Yes? {LINK}\n")
    assert mail.html.pieces == ()
    assert made("preferences", own=tmp_path).html.pieces
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/confirmation.mjml").write_text(
        "<mjml><mj-body><mj-section><mj-column><mj-text>{{ link }}</mj-text></mj-column>"
        "</mj-section></mj-body></mjml>"
    )
    assert LINK in made(own=tmp_path).html.filled()


def test_they_are_no_templates_for_a_newsletter_but_an_edition_of_that_name_is(tmp_path):
    assert not {*NAMES} & {*Theme().newsletter_templates()}
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/welcome.txt").write_text(
        "{% for one in stories %}{{ one.title }}{% endfor %}"
    )
    assert "welcome" in Theme(tmp_path).newsletter_templates()
