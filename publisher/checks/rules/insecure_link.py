"""Links that anybody on the way can read and change."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.addresses import addresses, place
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    for one in addresses(mail):
        if one.kind == "link" and one.scheme == "http":
            yield Found(f"the link {one.url[:80]} begins with http:", *place(mail, one))


RULE = Rule(
    name="insecure-link",
    finds="Links whose address begins with http:.",
    why="What readers open can be read and changed on its way; browsers warn of it.",
    todo="Write https:, if its server knows it.",
    look=_look,
    severity="note",
    bad=({"html": '<a href="http://letter.example/bay/">The bay</a>'},),
    clean=({"html": '<a href="https://letter.example/bay/">The bay</a>'},),
)
