"""Subjects too long to be read, or too short to say anything."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.lines import width
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_SHORTEST, _LONGEST = 4, 90


def _look(mail: Mail) -> Iterator[Found]:
    length = len(mail.subject)
    if length > _LONGEST:
        yield Found(f"the subject has {length} characters", *mail.place(mail.subject))
    elif mail.subject and width(mail.subject) < _SHORTEST:
        what = f"the subject is “{mail.subject}” and no more"
        yield Found(what, *mail.place(mail.subject), why="It says too little to be opened.")


RULE = Rule(
    name="subject-length",
    finds=f"A subject of more than {_LONGEST} characters, or of fewer than {_SHORTEST}.",
    why="Phones show the first 35 to 50.",
    todo="Say what is new in its first words; `subject` of the newsletter is its pattern.",
    look=_look,
    part="subject",
    bad=({"subject": "long " * 20}, {"subject": "Hi"}),
    clean=({"subject": "Storm"}, {"subject": "台風"}, {"subject": "word " * 17}),
)
