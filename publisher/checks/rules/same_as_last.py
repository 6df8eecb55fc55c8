"""Lines that readers saw yesterday."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.lines import LINES, same
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    for name, line, before in zip(
        LINES, (mail.subject, mail.preheader), mail.last or ("", ""), strict=True
    ):
        if same(line, before):
            yield Found(f"the {name} is the same as last time: “{line[:80]}”")


RULE = Rule(
    name="same-as-last",
    finds="A subject or preheader that the newsletter's edition before had too.",
    why="It looks like the same mail; programs hide it in the thread of the one before.",
    todo="Let the pattern name something of this edition, such as {{ lead.title }} or {{ date }}.",
    look=_look,
    part="subject",
    bad=(
        {"last": ("The ferry runs again", "Another line")},
        {"preheader": "News from the bay today", "last": ("Another", "News from the bay today")},
    ),
    clean=({"last": ("The ferry is in dock", "And will be for three weeks.")}, {"last": ("", "")}),
)
