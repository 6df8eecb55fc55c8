"""Headings of an article that skip a level where it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule
from publisher.model import Article

_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)
_FIRST = 3
"""The lowest level to begin with: many sites write the title as h2, or begin at ### by habit."""


def _look(mail: Mail) -> Iterator[Found]:
    for section in mail.sections:
        for story in section.stories if section.query.show == "full" else ():
            yield from _skipped(mail, story.article)


def _skipped(mail: Mail, article: Article) -> Iterator[Found]:
    before, above = _FIRST - 1, "the title"
    for found in _HEADING.finditer(mail.body(article)):
        level, words = int(found[1]), _words(found[2])
        if level > before + 1 and words:
            what = f"“{words[:60]}” is a heading of level {level} after {above}"
            path, line = mail.place(f"{'#' * level} {words}", words)
            yield Found(
                f"{what}: mails and pages show it as if none were skipped",
                path or mail.path_of(article),
                line,
            )
        before, above = level, f"one of level {level}"


def _words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


RULE = Rule(
    name="heading-levels",
    finds="Headings of an article that skip a level where it is written.",
    why="In mails and pages they are put right; feeds, and other sites, have them as they stand.",
    todo="Begin an article's headings with ##, and go down one level at a time.",
    look=_look,
    severity="note",
    bad=(
        {"body": "<p>It crosses.</p><h5>Timetable</h5>"},
        {"body": "<h2>Timetable</h2><h4>Sundays</h4>"},
    ),
    clean=(
        {"body": "<h2>Timetable</h2><h3>Sundays</h3><h2>Fares</h2>"},
        {"body": "<h3>Timetable</h3><h4>Sundays</h4>"},
        {"body": "<h5>Timetable</h5>", "show": "summary"},
    ),
)
