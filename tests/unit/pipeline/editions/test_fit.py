"""An edition that Gmail would clip is shown shorter at its end; one that fits is left alone."""

from datetime import UTC, datetime

import pytest

from publisher.model import (
    Article,
    Edition,
    Newsletter,
    Publication,
    Related,
    Section,
    SectionQuery,
    Slot,
    SlotText,
    Story,
)
from publisher.model.rendition import GMAIL_CLIPS_AT
from publisher.pipeline.editions.fit import bytes_of, fitted
from publisher.rendering import Theme, render

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PUBLICATION = Publication(title="Letter", base_url="https://x.example/")
WORDS = "Some words of a story that goes on. " * 60


def article(name):
    return Article(
        id=name, path=f"{name}.md", slug=name, url=f"https://x.example/{name}/", title=f"On {name}",
        summary="What there is to say of it in a sentence or two.", language="en", published=NOON,
        updated=NOON, version="1",
    )  # fmt: skip


def edition(*sections, template="digest"):
    """Sections as (show, how many stories)."""
    made = tuple(
        Section(
            query=SectionQuery(name=f"s{number}", title=f"Part {number}", show=show),
            stories=tuple(
                Story(
                    article=article(f"a{number}-{n}"),
                    related=(Related(article=article(f"r{number}-{n}"), score=1.0),)
                    if show == "full"
                    else (),
                )
                for n in range(count)
            ),
        )
        for number, (show, count) in enumerate(sections)
    )
    letter = Newsletter(name="n", title="N", language="en", zone="UTC", template=template)
    slot = Slot(local=NOON.replace(tzinfo=None), zone="UTC", instant=NOON)
    return Edition(newsletter=letter, slot=slot, sections=made)


class Rendering:
    """Renders, and counts how often."""

    def __init__(self, theme="gazette"):
        self.theme, self.times = Theme(name=theme), 0

    def __call__(self, one):
        self.times += 1
        return render(one, PUBLICATION, lambda _: f"<p>{WORDS}</p>", self.theme)


def test_an_edition_that_fits_is_rendered_once_and_is_as_it_was():
    rendering = Rendering()
    made = fitted(edition(("full", 3), ("summary", 5)), rendering, bytes_of)
    assert rendering.times == 1
    assert (made.edition, made.fit) == (edition(("full", 3), ("summary", 5)), None)


@pytest.mark.parametrize(
    ("theme", "sections", "template"),
    [
        ("letter", (("full", 25),), "digest"),
        ("gazette", (("full", 8), ("summary", 60), ("number", 5)), "digest"),
        ("gazette", (("card", 30), ("full", 12)), "digest"),
        ("gazette", (("full", 35),), "plain"),
        ("gazette", (("full", 3), ("summary", 33)), "single"),
    ],
)
def test_one_that_is_too_long_fits_after_few_renderings(theme, sections, template):
    rendering = Rendering(theme)
    whole = edition(*sections, template=template)
    made = fitted(whole, rendering, bytes_of)
    assert rendering.times <= 5
    assert made.fit.before > GMAIL_CLIPS_AT >= made.fit.after == bytes_of(made.rendition)
    assert made.fit.after > GMAIL_CLIPS_AT * 0.9  # and no more is taken than must be
    assert sum(made.fit.shown.values()) == sum(bool(story.show) for story in made.edition.stories)
    html = made.rendition.html
    leaves = [n for n, one in enumerate(html.pieces) if isinstance(one, SlotText)]
    before = html.pieces[: leaves[-1] + 1]
    assert any(isinstance(one, SlotText) and one.name == "unsubscribe_url" for one in before)
    text = made.rendition.text.filled()
    for story in whole.stories:  # nothing is lost
        assert f'href="{story.article.url}"' in html.filled()
        assert story.article.url in text


def test_what_was_shortened_keeps_its_related_stories_to_itself():
    made = fitted(edition(("full", 25)), Rendering(), bytes_of)
    html = made.rendition.html.filled()
    for story in made.edition.stories:
        had = story.related or story.unshown
        assert [bool(story.related), bool(story.unshown)] == [not story.show, bool(story.show)]
        assert (f'href="{had[0].article.url}"' in html) == (not story.show)


def test_an_edition_too_long_even_in_headlines_stays_as_it_is():
    rendering = Rendering()
    made = fitted(edition(("summary", 300)), rendering, bytes_of)
    assert (made.fit, rendering.times) == (None, 2)
    assert made.edition == edition(("summary", 300))


def test_a_template_that_shows_stories_its_own_way_stays_as_it_is(tmp_path):
    (tmp_path / "mail").mkdir()
    body = (
        "{% for one in stories %}<mj-text>{{ one.title }} {{ 'word ' * 900 }}</mj-text>{% endfor %}"
    )
    (tmp_path / "mail/own.mjml").write_text(
        f"<mjml><mj-body><mj-section><mj-column>{body}</mj-column></mj-section></mj-body></mjml>"
    )
    (tmp_path / "mail/own.txt").write_text("{{ stories | length }}")
    rendering = Rendering()
    rendering.theme = Theme(tmp_path)
    whole = edition(("full", 40), template="own")
    made = fitted(whole, rendering, bytes_of)
    assert (made.edition, made.fit, rendering.times) == (whole, None, 2)


OLD_SECTION = """<mj-wrapper>
{% for story in section.stories %}
{% set article = story.article %}
{% include 'blocks/full.mjml' if section.query.show == 'full' else 'blocks/summary.mjml' %}
{% endfor %}
</mj-wrapper>
"""


def test_stories_that_an_own_template_shows_whole_all_the_same_stay_so_in_the_text_as_well(
    tmp_path,
):
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks/section.mjml").write_text(OLD_SECTION)
    rendering = Rendering()
    rendering.theme = Theme(tmp_path)
    made = fitted(edition(("full", 8), ("summary", 10)), rendering, bytes_of)
    assert made.fit.after <= GMAIL_CLIPS_AT
    whole, few = made.edition.sections
    assert {story.show for story in whole.stories} == {""}
    assert all(story.related for story in whole.stories)
    assert {story.show for story in few.stories} > {""}

    alone = edition(("full", 12))  # with nothing else to spare
    assert bytes_of(rendering(alone)) > GMAIL_CLIPS_AT
    assert fitted(alone, rendering, bytes_of).edition == alone
