"""Mails without a subject."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    if not mail.subject:
        yield Found("the subject is empty")


RULE = Rule(
    name="subject-empty",
    finds="A subject without words.",
    why="In-boxes show “(no subject)”; spam filters count it against the mail.",
    todo="Set `subject` of the newsletter in publisher.toml.",
    look=_look,
    part="subject",
    bad=({"subject": ""}, {"subject": "  "}),
    clean=({},),
)
