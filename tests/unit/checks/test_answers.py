"""What servers answer to the addresses of a mail, as an editor is told it."""

import pytest

from publisher.checks import Asked, answered, to_ask
from publisher.checks.example import mail_of

PAGE = "https://a.example/page"
MAIL = mail_of(
    html=f'<a href="{PAGE}#part">The page</a><img src="https://b.example/p.png" alt="A" width="9">'
    '<a href="mailto:x@a.example">Write</a><a href="https://letter.example/ferry">Here</a>',
    files={"articles/ferry.md": f"---\ntitle: A\n---\nSee [the page]({PAGE}#part).\n"},
)


def test_each_web_address_is_asked_for_once_but_for_our_own():
    assert to_ask([MAIL, MAIL], ["https://letter.example/"]) == [PAGE, "https://b.example/p.png"]


@pytest.mark.parametrize(
    ("asked", "severity", "what"),
    [
        (Asked(200), None, ""),
        (Asked(304), None, ""),
        (Asked(404), "warning", "it answers 404"),
        (Asked(410), "warning", "it answers 410"),
        (Asked(why="there is no such host", is_final=True), "warning", "there is no such host"),
        (Asked(403), "note", "it answers 403"),
        (Asked(429), "note", "it answers 429"),
        (Asked(503), "note", "it answers 503"),
        (Asked(why="no answer within 10 s"), "note", "no answer within 10 s"),
        (Asked(200, moved="https://a.example/new"), "note", "has moved for good"),
        (Asked(200, moved=PAGE), None, ""),
        (Asked(404, moved="https://a.example/new"), "warning", "it answers 404"),
    ],
)
def test_an_answer_is_told_with_its_line_as_it_matters(asked, severity, what):
    found = list(answered(MAIL, {PAGE: asked}))
    assert [one.severity for one in found] == ([severity] if severity else [])
    for one in found:
        assert what in one.what
        assert (one.path, one.line, one.rule) == ("articles/ferry.md", 4, "link")


def test_a_picture_that_is_gone_is_told_as_one():
    (found,) = answered(MAIL, {"https://b.example/p.png": Asked(404)})
    assert "a hole" in found.why


def test_what_was_not_asked_for_is_not_told():
    assert list(answered(MAIL, {})) == []
