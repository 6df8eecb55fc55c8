"""check: what an editor would change before a reader sees it, by rule, with its place."""

import json
from io import BytesIO

import pytest
from PIL import Image

AT = "2026-11-24 07:00"
STORY = "---\ntitle: A story\ndate: 2026-11-23\n---\n\nIt is TK. [click here](http://localhost:1313/x)\n"


def rules(result):
    return {(one["rule"], one["path"], one["line"]) for one in json.loads(result.out)["problems"]}


def test_what_is_found_has_its_rule_and_its_line_and_is_written_as_sarif(site, tmp_path):
    site.article("a.md", STORY)
    log = tmp_path / "check.sarif"
    found = rules(site.run("check", "--at", AT, "--json", "--sarif", str(log)))
    assert {("placeholder", "articles/a.md", 6), ("link-words", "articles/a.md", 6),
            ("local-address", "articles/a.md", 6)} <= found  # fmt: skip
    results = json.loads(log.read_text())["runs"][0]["results"]
    assert {one["ruleId"] for one in results} == {rule for rule, _, _ in found}


def test_a_rule_is_silenced_in_the_article_and_in_publisher_toml(site):
    site.article("a.md", STORY + "\n<!-- check: off placeholder: it is the airport's code -->\n")
    path = site.root / "publisher.toml"
    path.write_text(path.read_text() + '\n[check]\noff = ["local-address: it is a manual"]\n')
    found = {rule for rule, _, _ in rules(site.run("check", "--at", AT, "--json"))}
    assert "link-words" in found
    assert not found & {"placeholder", "local-address", "silence"}


def test_a_mistake_in_a_template_of_ones_own_is_told_by_build_and_the_edition_is_made(site):
    site.story("a")
    own = site.root / "templates/blocks/footer.mjml"
    own.parent.mkdir(parents=True)
    own.write_text(
        '<mj-section><mj-column>\n<mj-text font-size="12">{{ slot("unsubscribe_url") }}</mj-text>\n'
        "</mj-column></mj-section>\n"
    )
    built = site.build()
    assert 'templates/blocks/footer.mjml:2: font-size="12" of <mj-text>' in built.err
    assert "https://test.example/a/" in site.part("message.html")


@pytest.mark.pages
def test_addresses_of_other_people_are_asked_for_when_one_says_so(site):
    """This machine itself is never asked, whatever an article says."""
    site.article(
        "a.md",
        "---\ntitle: A story\ndate: 2026-11-23 12:00\n---\n\n"
        "It is [at home](http://127.0.0.1:1/x), and [on our site](https://test.example/y).\n",
    )
    before = rules(site.run("check", "--json", "--at", AT))
    assert "link" not in {rule for rule, *_ in before}
    found = site.run("check", "--links", "--json", "--at", AT).json["problems"]
    (said,) = [one for one in found if one["rule"] == "link"]
    assert said["what"] == "http://127.0.0.1:1/x: it is an address of a private network"
    assert (said["path"], said["line"]) == ("articles/a.md", 6)


def test_what_is_shown_shorter_is_told_before_anything_is_built(site):
    for n in range(12):
        words = "It crosses the bay every half hour, as it did before the war. " * 300
        site.article(
            f"s{n}.md", f"---\ntitle: Story {n} of them\ndate: 2026-11-23\n---\n\n{words}\n"
        )
    path = site.root / "publisher.toml"
    whole = path.read_text().replace("max = 5", 'max = 50\nshow = "full"')
    path.write_text(whole)
    found = site.run("check", "--at", AT, "--json").json["problems"]
    (said,) = [one for one in found if one["rule"] == "fit"]
    assert said["severity"] == "note"
    assert said["what"].startswith("the HTML would have 2")
    assert "shown shorter are " in said["what"]
    path.write_text(whole + '\n[check]\noff = ["fit: we know"]\n')
    assert "fit" not in {rule for rule, *_ in rules(site.run("check", "--at", AT, "--json"))}


PLAIN = """
<mj-section><mj-column>
<mj-text>Ask us <a href="https://test.example/ask/">by letter</a>.</mj-text>
<mj-table><tr><th>Pier</th></tr><tr><td>3</td></tr></mj-table>
<mj-button href="https://test.example/join/">Join the harbour</mj-button>
</mj-column></mj-section>
"""


PICTURED = """
<mj-section background-url="https://test.example/bay.png"><mj-column>
<mj-text>It crosses the bay.</mj-text>
</mj-column></mj-section>
"""


@pytest.mark.parametrize("block", [PLAIN, PICTURED])
def test_a_plain_block_of_ones_own_is_legible_by_day_and_in_the_dark(site, block):
    site.story("a")
    assert site.run("templates", "eject", "blocks/footer.mjml").code == 0
    own = site.root / "templates/blocks/footer.mjml"
    own.write_text(own.read_text() + block)
    found = site.run("check", "--at", AT, "--json").json["problems"]
    assert [one["what"] for one in found if one["rule"] in ("contrast", "mjml")] == []


@pytest.mark.pages
def test_a_picture_without_alt_in_an_articles_html_has_the_place_where_it_is_written(site):
    site.article(
        "a.md",
        "---\ntitle: A story\ndate: 2026-11-23\n---\n\nIt crosses.\n\n<img src='bay.png' width=20>\n",
    )
    data = BytesIO()
    Image.new("RGB", (800, 400)).save(data, "PNG")
    (site.root / "articles/bay.png").write_bytes(data.getvalue())
    found = site.run("check", "--at", AT, "--json").json["problems"]
    (said,) = [one for one in found if one["rule"] == "alt-missing"]
    assert (said["path"], said["line"]) == ("articles/a.md", 8)
    assert said["what"] == "the picture bay.png has no alt text"
