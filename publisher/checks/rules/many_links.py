"""Mails that are lists of links."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_MOST = 100


def _look(mail: Mail) -> Iterator[Found]:
    if len(mail.links) > _MOST:
        yield Found(f"the mail has {len(mail.links)} links")


RULE = Rule(
    name="many-links",
    finds=f"More than {_MOST} links.",
    why="Filters take it for spam, and nobody follows so many.",
    todo="Show fewer stories, or lead to one page with all of them.",
    look=_look,
    bad=({"html": '<a href="https://letter.example/bay/">The bay</a> ' * 101},),
    clean=({"html": '<a href="https://letter.example/bay/">The bay</a> ' * 50},),
)
