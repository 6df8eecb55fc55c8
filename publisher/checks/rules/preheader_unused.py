"""Templates that leave the preheader out."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.lines import letters
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_BEFORE = 8  # letters that may stand before it


def _look(mail: Mail) -> Iterator[Found]:
    body = mail.root.find("body")
    if not mail.html or body is None or not letters(mail.preheader):
        return
    wanted = letters(mail.preheader)
    if wanted not in letters("".join(map(str, body.itertext())))[: len(wanted) + _BEFORE]:
        path, _ = mail.place("<mj-head")
        yield Found("the preheader is not in the HTML", path)


RULE = Rule(
    name="preheader-unused",
    finds="A preheader that the template does not show.",
    why="In-boxes then show the first words of the mail: a date, “view in browser”, an address.",
    todo="Write <mj-preview>{{ preheader }}</mj-preview> into <mj-head>.",
    look=_look,
    part="preheader",
    bad=({"without": ("After three weeks in dock it crosses the bay, every half hour.",)},),
    clean=({},),
)
