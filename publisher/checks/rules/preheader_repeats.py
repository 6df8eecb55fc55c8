"""Preheaders that say what the subject said."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.lines import same
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    if same(mail.subject, mail.preheader):
        yield Found("the preheader is the subject again")


RULE = Rule(
    name="preheader-repeats",
    finds="A preheader that is the subject again.",
    why="In-boxes show both beside each other: half of the room says nothing new.",
    todo="Set `preheader` of the newsletter to something else, such as {{ lead.summary }}.",
    look=_look,
    part="preheader",
    bad=({"preheader": "The ferry runs again."},),
    clean=({"preheader": "The ferry runs again: every half hour from Monday."},),
)
