"""Plain text reads as an article. The golden pairs say what becomes what."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.sources.plaintext import parse

GOLDEN = Path(__file__).parents[2] / "golden/plaintext"
SEED = Path(__file__).parents[3] / "examples/bayside/articles/world/000_77ff806de3e8b1fa.txt"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_a_text_becomes_its_golden_html(path):
    article = parse(path.read_text())
    signed = [f"<!-- by {article.author}, {article.date} -->"] if article.author else []
    lines = [f"<h1>{article.title}</h1>", *signed, article.body]
    if article.related:
        lines.append(f"<!-- related: {' | '.join(article.related)} -->")
    assert "\n".join(lines) + "\n" == path.with_suffix(".html").read_text()


def test_the_first_real_article_has_its_four_headings():
    body = parse(SEED.read_text()).body
    assert [line for line in body.split("\n") if line.startswith("<h2>")] == [
        "<h2>The U.S.-Japan Security Treaty</h2>",
        "<h2>Trump’s History of Criticism</h2>",
        "<h2>Calls for Increased Defense Spending</h2>",
        "<h2>Implications for the Alliance</h2>",
    ]


def test_the_first_real_article_names_its_related_stories_and_no_sources():
    article = parse(SEED.read_text())
    assert article.title == "Trump Criticizes U.S.-Japan Security Pact as “Nonreciprocal”"
    assert article.related == (
        "China’s Foreign Minister Highlights Momentum in Japan Relations, Warns Against Militarism",
        "Top 10 Tokyo Wards for Expats: Who Lives Where and Why",
        "Japan Faces Uncertainty as U.S. Commitment to Allies Wavers",
    )
    assert "Sources" not in article.body
    assert "Stories You Will Also Like" not in article.body


def test_every_word_of_the_first_real_article_survives():
    text = SEED.read_text()
    article = parse(text)
    kept = article.title + article.body + "".join(article.related)
    lost = [word for word in text.split() if word not in kept]
    assert lost == ["Sources:", "Stories", "You", "Will", "Also", "Like"]


@pytest.mark.parametrize(
    ("line", "author", "date"),
    [
        ("By Jane Doe", "Jane Doe", ""),
        ("BY JANE VAN DOE and Ann Lee", "JANE VAN DOE and Ann Lee", ""),
        ("12 March 2026", "", "12 March 2026"),
        ("March 12, 2026", "", "March 12, 2026"),
        ("By the time the bridge closed", "", ""),
        ("By accident", "", ""),
        ("Von Herzen gern", "", ""),
        ("In 2026", "", ""),
        ("Olympics 2028", "", ""),
        ("Chapter 3, 2026", "", ""),
        ("London, 12 March 2026", "", ""),
        ("By JANE DOE, 12 March 2026", "", ""),
    ],
)
def test_a_byline_or_date_is_taken_off_the_top_and_all_else_stays(line, author, date):
    article = parse(f"Title\n{line}\nA paragraph that ends here, as one does.")
    assert (article.author, article.date) == (author, date)
    assert (line in article.body) == (not author and not date)


def test_a_list_keeps_its_numbers_and_a_day_is_no_item_of_one():
    body = parse("Title\n\nText of it.\n\n3. c\n4. d\n7. g\n\n5. Januar 2026\n\nText.").body
    assert '<ol>\n<li value="3">c</li>\n<li>d</li>\n<li value="7">g</li>\n</ol>' in body
    assert "5. Januar 2026" in body


def test_lines_of_one_sentence_are_no_heading_and_its_text():
    assert "<h2>" not in parse("Title\n\nDear all,\n\nsee the plan and\nmore.").body


def test_an_indented_line_goes_on_with_the_item_before_it():
    article = parse("Title\n\n* one\n* two\n  goes on\n\n1. three\n\tgoes on\n2. four\nNo item.")
    items = ["one", "two goes on", "three goes on", "four"]
    assert re.findall("<li>(.*?)</li>", article.body) == items
    assert article.body.endswith("<p>No item.</p>")


def test_a_line_under_a_title_or_a_heading_is_no_text():
    article = parse("Title\n=====\n\nWords.\n\nHead\n----\n\nMore words.\n\n***\n\nThe end.")
    body = "<p>Words.</p>\n<h2>Head</h2>\n<p>More words.</p>\n<p>The end.</p>"
    assert (article.title, article.body) == ("Title", body)


def test_a_title_from_the_front_matter_leaves_line_one_in_the_text():
    article = parse("First line of text.\n\nSecond.", title="Given")
    assert (article.title, article.body.split("\n")[0]) == ("Given", "<p>First line of text.</p>")


@given(st.text(alphabet=st.sampled_from("ab .:-<>&\"'\n?!1)Read also"), max_size=200))
def test_no_markup_of_the_text_gets_through(text):
    body = parse("Title\n" + text).body
    tags = {"p", "h2", "ul", "ol", "li", "blockquote", "a"}
    for piece in body.split("<")[1:]:
        name = piece.lstrip("/").split(">")[0].split(" ")[0]
        assert name in tags


@pytest.mark.parametrize(
    "lines",
    [
        ["Jane Doe", "Main Street 1", "12345 Town"],
        ["Roses are red", "Violets are blue"],
        ["一、春", "二、夏", "三、秋"],
        ["ใบไม้ร่วง", "ลมพัดมา"],
    ],
)
def test_short_lines_on_end_are_an_address_or_a_verse_and_no_headings(lines):
    after = "She lives there since the harbour was closed, and has not left since that day in May."
    body = parse("\n".join(["Title", "", *lines, "", after])).body
    assert body.split("\n") == [f"<p>{line}</p>" for line in (*lines, after)]


def test_what_is_told_of_a_text_is_plain_text_whatever_its_lines_are():
    found = parse(
        "A title\nBy Ann Lee\n2026-11-24\n\nShort\nlines\n\nRelated:\nOne story\nAnother\n"
    )
    told = [found.title, found.body, found.author, found.date, *found.related]
    assert {type(one) for one in told} == {str}
    assert found.title == "A title"


def test_a_short_line_right_above_its_text_is_a_heading_all_the_same():
    text = (
        "From January a ticket costs twice as much as it did before the bridge was closed in May."
    )
    body = parse(f"Title\n\nWhat it costs\n{text}\n\nWho pays\n\n{text}").body
    assert body.count("<h2>") == 2


def test_a_short_line_with_an_address_is_no_heading():
    text = "Title\n\nSee https://a.example/x for more\n\n" + "A long paragraph follows here. " * 5
    assert "<h2>" not in parse(text).body
