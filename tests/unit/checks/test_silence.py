"""A rule is silenced where it stands, or for everything, and always with a reason."""

import pytest

from publisher.checks import findings, silence_of
from publisher.checks.example import PUBLICATION, mail_of
from publisher.errors import Problem

LINK = '<a href="https://letter.example/bay/">click here</a>'
WRITTEN = "articles/ferry.md"


def found(text, **publication):
    mail = mail_of(html=LINK, files={WRITTEN: f"[click here](x)\n{text}"}, publication=publication)
    return [(one.rule, one.path, one.line) for one in findings(mail)]


def test_a_finding_has_the_place_of_its_words():
    assert found("") == [("link-words", WRITTEN, 1)]


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- check: off link-words: it is what the poem is called -->",
        "{# check: off link-words: it is what the poem is called #}",
        "/* check: off link-words: it is what the poem is called */",
        "# check: off link-words: it is what the poem is called",
    ],
)
def test_a_comment_with_a_reason_silences_a_rule_in_its_file(comment):
    assert found(comment) == []


def test_a_comment_silences_no_other_rule_and_no_other_file():
    assert found("<!-- check: off contrast: decoration -->") == [("link-words", WRITTEN, 1)]
    silence = silence_of(PUBLICATION, {"a.md": "<!-- check: off tracking: ours -->"})
    problems = [Problem(what="it", path=path, rule="tracking") for path in ("a.md", "b.md")]
    assert [one.path for one in silence.wanted(problems)] == ["b.md"]


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- check: off link-words -->",
        "<!-- check: off link-words: -->",
        "# check: off link-word: x",
    ],
)
def test_a_silence_without_a_reason_or_a_rule_is_none_and_is_named(comment):
    assert found(comment) == [("link-words", WRITTEN, 1), ("silence", WRITTEN, 2)]


def test_a_rule_is_off_for_everything_by_a_line_with_a_reason():
    assert found("", check=settings("link-words: we like it so")) == []


def test_a_line_without_a_reason_silences_nothing_and_is_named():
    own = mail_of(publication={"check": settings("link-words")}).publication
    silence = silence_of(own, {})
    assert [one.what for one in silence.faults()] == ["link-words is silenced without a reason"]
    problem = Problem(what="it", rule="link-words")
    assert list(silence.wanted([problem])) == [problem]


def settings(*off):
    from publisher.model import CheckSettings

    return CheckSettings(off=off)
