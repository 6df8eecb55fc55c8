"""An edition becomes a mail that hostile articles cannot break."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from msgspec.structs import replace

from publisher.errors import ConfigError, TemplateError
from publisher.model import (
    Article,
    Edition,
    Image,
    Newsletter,
    Publication,
    Related,
    Section,
    SectionQuery,
    Slot,
    Story,
    no_controls,
)
from publisher.rendering import Theme, render

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PUBLICATION = Publication(title="The “Letter” & Co", base_url="https://x.example/")
THEME = Theme()
TEMPLATES = ["digest", "single", "breaking", "plain"]
HOSTILE = "</mj-text><mj-section>{{ 7*7 }} <script>alert(1)</script> \"'&#x27; \u00a0 👩‍👩‍👧 हिन्दी עברית ]]> <!--"


def story(name, **keys):
    moment = NOON
    given_ = {
        "title": f"Title {name}", "summary": f"Summary {name}.", "url": f"https://x.example/{name}/",
        "language": "en", "published": moment, "updated": moment, "version": "1", **keys,
    }  # fmt: skip
    return Article(id=name, path=f"{name}.md", slug=name, **given_)


def edition(*stories, template="digest", show="full", **keys):
    query = SectionQuery(name="s", title="Section", show=show)
    sections = (Section(query=query, stories=tuple(stories)),)
    letter = Newsletter(
        name="n", title="Letter", language="en", zone="UTC", template=template, **keys
    )
    slot = Slot(local=NOON.replace(tzinfo=None), zone="UTC", instant=NOON)
    return Edition(newsletter=letter, slot=slot, sections=sections)


def rendered(made, bodies=lambda article: f"<p>Body {article.id}.</p>", publication=PUBLICATION):
    return render(made, publication, bodies, THEME)


def text_of(html):
    return " ".join(lxml_html.document_fromstring(html).text_content().split())


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_carries_the_same_stories_and_links_in_html_and_text(template):
    related = Related(article=story("r"), score=1.0)
    made = edition(
        Story(article=story("a"), related=(related,)), Story(article=story("b")), template=template
    )
    mail = rendered(made)
    html, text = mail.html.filled(), mail.text.filled()
    for name in ("a", "b", "r"):
        assert f"Title {name}" in text_of(html)
        assert f"Title {name}" in text
        assert f'href="https://x.example/{name}/"' in html
        assert f"https://x.example/{name}/" in text
    assert text.index("Title a") < text.index("Title r") < text.index("Title b")
    assert html.index("/a/") < html.index("/r/") < html.index("/b/")
    assert mail.problems == ()


def test_a_section_without_a_name_is_parted_from_the_one_before():
    made = edition(Story(article=story("a")))
    (section,) = made.sections
    bare = replace(section, query=SectionQuery(name="t", title="", show="card"))
    first, second = (replace(bare, stories=(Story(article=story(name)),)) for name in "bc")
    mail = rendered(replace(made, sections=(first, second, section)))
    assert mail.text.filled().count("* * *") == 1  # above the second; the third has a name
    parted = lxml_html.document_fromstring(mail.html.filled()).find_class("rule")
    assert len(parted) == 2  # and above the footer


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_readers_values_are_slots(template):
    mail = rendered(edition(Story(article=story("a")), template=template))
    assert {slot.name for slot in mail.html.slots} == {
        "address",
        "unsubscribe_url",
        "preferences_url",
    }
    values = {"address": "<a@b.example>", "unsubscribe_url": "https://x.example/u?a=1&b=2"}
    html = mail.html.filled(values)
    assert "&lt;a@b.example&gt;" in html
    assert 'href="https://x.example/u?a=1&amp;b=2"' in html
    assert "https://x.example/u?a=1&b=2" in mail.text.filled(values)


def test_a_slot_of_an_address_takes_no_other_scheme():
    mail = rendered(edition(Story(article=story("a"))))
    assert "javascript" not in mail.html.filled({"unsubscribe_url": "javascript:alert(1)"})


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("show", ["full", "summary", "title"])
def test_hostile_words_are_shown_as_words(template, show):
    hostile = story(
        "a",
        title=HOSTILE,
        summary=HOSTILE,
        authors=(HOSTILE,),
        image=Image(url='https://x.example/"><script>', alt=HOSTILE),
    )
    made = edition(
        Story(article=hostile, related=(Related(article=hostile, score=1),)),
        template=template,
        show=show,
    )
    publication = replace(PUBLICATION, title=HOSTILE)
    mail = render(made, publication, lambda _: "<p>Body &lt;mj-section&gt;</p>", THEME)
    html = mail.html.filled()
    assert "<script" not in html
    assert "<mj-" not in html
    assert "\\u{" not in html
    assert text_of(html).count("{{ 7*7 }} <script>alert(1)</script> \"'&#x27;") >= 2
    assert "👩‍👩‍👧 हिन्दी עברית" in html


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_story_without_text_shows_its_summary_in_full(template):
    told = Story(article=story("a", summary="Its <only> words."))
    made = rendered(edition(told, template=template), lambda _: "")
    assert "Its <only> words." in text_of(made.html.filled())
    assert "Its <only> words." in made.text.filled()


def test_an_article_cannot_forge_a_mark_or_a_slot():
    forged = "q0000000000000000n0q [[address:0:000000000000]]"
    mail = rendered(edition(Story(article=story("a", title=forged))), lambda _: f"<p>{forged}</p>")
    assert mail.html.filled({"address": "SECRET"}).count("SECRET") == 1
    assert forged in mail.html.filled()


def test_a_title_cannot_inject_a_header():
    made = edition(Story(article=story("a", title="One\r\nBcc: all@x.example\x00")))
    assert rendered(made).subject.filled() == "One Bcc: all@x.example"


@settings(max_examples=30)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_title_and_summary_render(title, summary):
    from publisher.model import legal

    title, summary = legal(title), legal(summary)
    mail = rendered(
        edition(Story(article=story("a", title=title or "x", summary=summary)), show="summary")
    )
    shown = "".join(text_of(mail.html.filled()).split())
    assert "".join(title.split()) in shown
    assert no_controls(mail.subject.filled()) == mail.subject.filled()


def test_the_same_edition_gives_the_same_bytes():
    made = edition(Story(article=story("a")), Story(article=story("b")))
    assert rendered(made) == rendered(made)


def test_a_language_written_from_right_to_left_begins_on_the_right():
    article = story("a", language="ar")
    made = edition(Story(article=article))
    made = replace(made, newsletter=replace(made.newsletter, language="ar"))
    html = rendered(made, lambda _: "<blockquote><p>س</p></blockquote>").html.filled()
    assert 'dir="rtl"' in html
    assert html.count("text-align:right") > html.count("text-align:left")
    assert "border-right" in html


def test_an_article_in_another_language_says_so_around_its_text():
    html = rendered(edition(Story(article=story("a", language="ja")))).html.filled()
    assert '<div lang="ja" dir="ltr">' in html


def test_subject_and_preheader_follow_their_patterns():
    made = edition(
        Story(article=story("a")),
        Story(article=story("b")),
        subject="{{ newsletter.title }}: {{ stories | length }}",
    )
    mail = rendered(made)
    assert (mail.subject.filled(), mail.preheader.filled()) == ("Letter: 2", "Title b")


def test_a_pattern_that_does_not_render_names_its_key():
    with pytest.raises(TemplateError, match=r"^newsletters\.n\.subject: 'nothing' is undefined"):
        rendered(edition(Story(article=story("a")), subject="{{ nothing.x }}"))


def test_an_unknown_template_is_named_with_those_there_are():
    with pytest.raises(ConfigError, match=r"there is no template 'digst'\n  Did you mean digest"):
        rendered(edition(Story(article=story("a")), template="digst"))


OWN = [
    (
        "blocks/footer.mjml",
        "<mj-section>\n<mj-colum></mj-colum>\n</mj-section>",
        "templates/blocks/footer.mjml:2: unknown MJML element <mj-colum>\n  Did you mean mj-column",
    ),
    (
        "blocks/footer.mjml",
        "<mj-section>\n<mj-column><mj-text>bare < sign</mj-text></mj-column></mj-section>",
        "templates/blocks/footer.mjml:2: not well-formed MJML",
    ),
    (
        "blocks/footer.mjml",
        "\n\n{{ publication.titel }}",
        "templates/blocks/footer.mjml:3: publication has no attribute 'titel'",
    ),
    (
        "blocks/footer.txt",
        "a\n{# b",
        "templates/blocks/footer.txt:2: not a Jinja template: Missing end of comment tag",
    ),
    (
        "blocks/footer.txt",
        "{% raw %} b",
        "templates/blocks/footer.txt:1: not a Jinja template: Missing end of raw directive",
    ),
    ("blocks/footer.txt", "{% if %}", "templates/blocks/footer.txt:1: not a Jinja template: "),
    (
        "mail/digest.txt",
        "{% include 'blocks/nothing.txt' %}",
        "there is no template 'blocks/nothing.txt'",
    ),
    ("blocks/footer.mjml", "{{ ''.__class__.__mro__ }}", "SecurityError"),
]


@pytest.mark.parametrize(("name", "text", "message"), OWN)
def test_a_faulty_template_is_named_by_its_line(tmp_path, name, text, message):
    path = tmp_path / name
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(Exception) as caught:
        render(edition(Story(article=story("a"))), PUBLICATION, lambda _: "", Theme(tmp_path))
    assert message in str(caught.value)


RARE = "می‌خواهم 🏴󠁧󠁢󠁳󠁣󠁴󠁿 \U0001fa77 \U00031350 là\u00a0?"


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_subject_and_preheader_keep_every_letter_of_a_title(template):
    made = edition(
        Story(article=story("a", title=RARE)),
        template=template,
        subject="{{ lead.title }}\n ",
        preheader="{{ lead.title }}\x85{{ lead.title }}",
    )
    mail = rendered(made)
    assert mail.subject.filled() == RARE
    assert mail.preheader.filled() == f"{RARE} {RARE}"


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("show", ["full", "summary"])
def test_words_in_another_language_say_which_and_from_which_side(template, show):
    hebrew = story("a", title="שלום, עולם!", summary="זהו English באמצע.", language="he")
    made = edition(
        Story(article=hebrew, related=(Related(article=hebrew, score=1),)),
        Story(article=story("b")),
        template=template,
        show=show,
    )
    html = rendered(made).html.filled()
    page = lxml_html.document_fromstring(html)
    for words in ("שלום, עולם!", "זהו English באמצע."):
        holders = [
            e for e in page.iter() if isinstance(e.tag, str) and (e.text or "").strip() == words
        ]
        for one in holders:
            if one.tag in ("title", "div") and one.get("dir") is None and one.get("style"):
                continue  # the preheader and the title of the whole
            near = [one, *one.iterancestors()]
            assert one.tag == "title" or next(e.get("dir") for e in near if e.get("dir")) == "rtl"
    assert not any(e.get("lang") == "en" for e in page.iter("h2", "h3", "p"))
