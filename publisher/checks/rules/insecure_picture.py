"""Pictures that mail programs refuse to load."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.addresses import addresses, place
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    for one in addresses(mail):
        if one.kind == "picture" and one.scheme == "http":
            yield Found(f"the picture {one.url[:80]} is loaded by http:", *place(mail, one))


RULE = Rule(
    name="insecure-picture",
    finds="Pictures whose address begins with http:.",
    why="Programs on the web do not load it into a page that is safe, others warn of it.",
    todo="Write https:, if its server knows it; else put the picture beside the article.",
    look=_look,
    bad=({"html": '<img src="http://letter.example/bay.png" alt="The bay">'},),
    clean=({"html": '<img src="https://letter.example/bay.png" alt="The bay">'},),
)
