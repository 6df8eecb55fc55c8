"""Headings that skip a level."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail, is_hidden
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    before = 0
    for heading in mail.root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        words = " ".join(heading.text_content().split())
        if is_hidden(heading):
            continue
        level = int(heading.tag[1])
        if not words:
            yield Found(f"a heading (h{level}) has no words")
        elif before and level > before + 1:
            what = f"“{words[:60]}” is a heading of level {level} after one of level {before}"
            yield Found(what, *mail.place(f"# {words}", words))
        before = level


RULE = Rule(
    name="heading-order",
    finds="Headings of a template that skip a level, and empty ones. Those of an article are set "
    "below its title.",
    why="Who hears the mail finds the way by headings, and looks for the one that is missing.",
    todo="Begin an article's headings with ##, and go down one level at a time.",
    look=_look,
    bad=({"html": "<h5>Timetable</h5>"}, {"html": "<h3></h3>"}),
    clean=({"html": "<h3>Timetable</h3><h4>Sundays</h4><h2>Weather</h2>"},),
)
