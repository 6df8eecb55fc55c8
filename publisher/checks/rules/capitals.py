"""Lines that shout."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.lines import LINES
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_FEWEST = 9  # letters: an acronym or two are no shouting


def _look(mail: Mail) -> Iterator[Found]:
    for name, line in zip(LINES, (mail.subject, mail.preheader), strict=True):
        cased = [sign for sign in line if sign.lower() != sign.upper()]
        if len(cased) >= _FEWEST and all(sign.isupper() for sign in cased):
            yield Found(f"the {name} is all capitals: “{line[:80]}”", *mail.place(line))


RULE = Rule(
    name="capitals",
    finds="A subject or preheader all in capitals.",
    why="It reads as shouting; spam filters count it against the mail.",
    todo="Write it as a sentence.",
    look=_look,
    part="subject",
    bad=({"subject": "THE FERRY RUNS AGAIN"}, {"preheader": "EVERY HALF HOUR, DAY AND NIGHT"}),
    clean=(
        {"subject": "NASA, ESA: a ferry to orbit"},
        {"subject": "NATO"},
        {"subject": "台風が来る"},
    ),
)
