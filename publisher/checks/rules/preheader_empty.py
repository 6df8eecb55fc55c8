"""Mails without a preheader."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    if not mail.preheader:
        yield Found("the preheader is empty")


RULE = Rule(
    name="preheader-empty",
    finds="A preheader without words.",
    why="In-boxes then show the first words of the mail.",
    todo="Set `preheader` of the newsletter in publisher.toml, or write a summary.",
    look=_look,
    part="preheader",
    bad=({"preheader": ""},),
    clean=({},),
)
