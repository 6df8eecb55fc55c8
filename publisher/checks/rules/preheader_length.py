"""Preheaders too short to add anything, or longer than any in-box shows."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.lines import width
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_SHORTEST, _LONGEST = 15, 300  # a summary of ours is shorter


def _look(mail: Mail) -> Iterator[Found]:
    columns = width(mail.preheader)
    if 0 < columns < _SHORTEST:
        yield Found(f"the preheader is “{mail.preheader}” and no more", *mail.place(mail.preheader))
    elif columns > _LONGEST:
        yield Found(
            f"the preheader has {len(mail.preheader)} characters",
            *mail.place(mail.preheader),
            why="In-boxes show 40 to 140 of them; who hears the mail hears them all.",
        )


RULE = Rule(
    name="preheader-length",
    finds=f"A preheader of fewer than {_SHORTEST} characters, or more than {_LONGEST}.",
    why="The line has room for 40 to 140, and stays empty.",
    todo="Say what the subject had no room for; `preheader` of the newsletter is its pattern.",
    look=_look,
    part="preheader",
    bad=({"preheader": "Hello"}, {"preheader": "word " * 70}),
    clean=({"preheader": "One line and a bit."}, {"preheader": "三週間ぶりに運航再開"}),
)
