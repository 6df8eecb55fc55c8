"""Each rule finds what its bad examples hold, and nothing in its clean ones."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from publisher.checks import AT_BUILD, OTHERS, PARTS, all_rules, findings
from publisher.checks.example import mail_of
from publisher.checks.rules import text_part
from publisher.checks.table import FILES
from publisher.model import Section, Slotted, Story

RULES = all_rules()
FOLDER = Path(__file__).resolve().parents[3] / "publisher/checks/rules"
BAD = [(rule, example) for rule in RULES for example in rule.bad]
CLEAN = [(rule, example) for rule in RULES for example in rule.clean]


@pytest.mark.parametrize(
    ("rule", "example"), BAD, ids=[f"{r.name}-{n}" for n, (r, _) in enumerate(BAD)]
)
def test_a_rule_finds_what_its_bad_example_holds(rule, example):
    found = [one for one in findings(mail_of(**example)) if one.rule == rule.name]
    assert found
    assert all(one.what and one.why and one.todo and one.path for one in found)


@pytest.mark.parametrize(
    ("rule", "example"), CLEAN, ids=[f"{r.name}-{n}" for n, (r, _) in enumerate(CLEAN)]
)
def test_a_rule_finds_nothing_in_its_clean_example(rule, example):
    assert list(rule.look(mail_of(**example))) == []


def test_the_plain_example_has_no_fault_at_all():
    assert findings(mail_of()) == []


def test_every_file_of_a_rule_is_in_the_table():
    assert sorted(FILES) == sorted(p.stem for p in FOLDER.glob("*.py") if p.stem != "__init__")
    assert list(FILES) == sorted(FILES)
    assert set(AT_BUILD) <= set(FILES)


def test_a_rule_is_called_as_its_file_is():
    assert [rule.name for rule in RULES] == [name.replace("_", "-") for name in FILES]
    assert not OTHERS.keys() & {rule.name for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_says_in_sentences_what_it_finds_and_why_and_what_to_do(rule):
    assert all(text.endswith((".", "?")) for text in (rule.finds, rule.why, rule.todo))
    assert rule.part in PARTS
    assert rule.bad
    assert rule.clean


A, B = "https://letter.example/a/", "https://letter.example/b/"
IN_HTML = (
    f'<h2><a href="{A}">One</a></h2><p>As <a href="{B}">said</a>.</p><h2><a href="{B}">Two</a></h2>'
)


@pytest.mark.parametrize(
    ("html", "text", "is_told"),
    [
        (IN_HTML, f"One\nAs said <{B}>.\n{A}\n\nTwo\n{B}\n", False),
        (IN_HTML.replace(f'<a href="{B}">said</a>', "said"), f"Two\n{B}\n\nOne\n{A}\n", True),
    ],
    ids=["one leads to the other", "turned round"],
)
def test_stories_are_in_another_order_where_they_are_not_where_one_leads_to_the_other(
    html, text, is_told
):
    mail = mail_of()
    article = mail.stories[0]
    stories = tuple(
        Story(article=replace_article(article, title, url))
        for title, url in (("One", A), ("Two", B))
    )
    mail = replace(
        mail,
        rendition=replace(mail.rendition, html=Slotted((html,)), text=Slotted((text,))),
        sections=(Section(query=mail.sections[0].query, stories=stories),),
    )
    told = [one.what for one in text_part.RULE.look(mail)]
    assert told == ["the text part has its stories in another order than the HTML"] * is_told


def replace_article(article, title, url):
    return article.but(id=url, title=title, url=url)
