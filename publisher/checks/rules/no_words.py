"""Lines without a word."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.lines import LINES, letters
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    for name, line in zip(LINES, (mail.subject, mail.preheader), strict=True):
        if line and not letters(line):
            yield Found(f"the {name} has no word: “{line[:40]}”", *mail.place(line))


RULE = Rule(
    name="no-words",
    finds="A subject or preheader of emoji and signs alone.",
    why="Who hears it hears the names of pictures; old programs show boxes; filters distrust it.",
    todo="Say it in words, beside the emoji.",
    look=_look,
    part="subject",
    bad=({"subject": "🚢🎉"}, {"preheader": "⬇️ ⬇️ ⬇️ ⬇️ ⬇️ ⬇️ ⬇️ ⬇️ ⬇️ ⬇️"}),
    clean=({"subject": "🚢 The ferry runs again"}, {"subject": "1989"}),
)
