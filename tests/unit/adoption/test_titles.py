"""Where titles stand under another key, and what may stand for shortcodes that nobody knows."""

from __future__ import annotations

import pytest

from publisher.adoption.folders import SiteFolder
from publisher.adoption.suggestions import AROUND, FILTER, template_for
from publisher.adoption.titles import title_key


@pytest.fixture
def posts(tmp_path):
    def _posts(*heads: str) -> SiteFolder:
        (tmp_path / "blog").mkdir()
        for number, head in enumerate(heads):
            (tmp_path / f"blog/{number}.md").write_text(f"---\n{head}\n---\n\nText.\n")
        return SiteFolder(tmp_path)

    return _posts


def test_a_key_that_most_articles_have_in_the_place_of_a_title_is_found(posts):
    site = posts("newsTitle: Tides", "newsTitle: Reefs", "newsTitle: Kelp", "title: Buoys")
    found = title_key(site, "blog")
    assert found is not None
    assert (found.value, found.place) == (["newsTitle"], "3 of 4 files have it, and no title")


@pytest.mark.parametrize(
    "heads",
    [
        ("title: A\nheadline: B", "title: C\nheadline: D"),  # they have titles
        ("headline: Blog", "headline: Blog", "headline: Blog"),  # a section's, not their own
        ("subtitle: [a]", "subtitle: [b]"),  # no text
        ("title_link: https://a.example", "title_link: https://b.example"),
        ("headline: A", "layout: post", "layout: post"),  # too few
        ("layout: post",),
        (),
    ],
)
def test_a_key_that_is_no_title_is_not_taken(posts, heads):
    assert title_key(posts(*heads), "blog") is None


def test_front_matter_that_cannot_be_read_is_passed_over(posts):
    site = posts("headline: [a", "headline: Tides", "headline: Reefs")
    found = title_key(site, "blog")
    assert found is not None
    assert found.value == ["headline"]


@pytest.mark.parametrize(
    "text, template",
    [
        ("{{< note >}}a{{< /note >}}", AROUND),
        ("{{% note %}}a{{% /note %}}", AROUND),
        ("{% note %}a{%- endnote %}", AROUND),
        ("{% note(kind='b') %}a{% end %}", AROUND),
        ("{{ title | note }}", FILTER),
        ('{% note "7U-1W" %}', ""),
        ("{{ note(id=1) }}", ""),
        ("{{< note-more >}}{{< /note-more >}}", ""),
    ],
)
def test_what_may_stand_for_a_shortcode_is_told_by_how_it_is_used(text, template):
    assert template_for("note", ["no code", text]) == template
