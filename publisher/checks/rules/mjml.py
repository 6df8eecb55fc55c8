"""Templates that are not MJML; `rendering.mjml_check` finds it where it is compiled."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule
from publisher.errors import Problem


def _look(mail: Mail) -> Iterator[Found]:
    for one in mail.rendition.problems:
        yield Found(one.what, one.path, one.line, one.why, one.todo)


RULE = Rule(
    name="mjml",
    finds="Elements and attributes that MJML does not have, or not there; bad units and colours; "
    "classes that are not defined; pictures and buttons without address.",
    why="The compiler passes over them, and mail programs show something else than was meant.",
    todo="Mend the template; publisher/rendering/mjml_spec.py is the table of what there is.",
    look=_look,
    bad=({"problems": (Problem(what="<mj-text> stands in <mj-body>"),)},),
    clean=({},),
)
