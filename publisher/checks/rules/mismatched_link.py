"""Links that say one address and lead to another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_ADDRESS = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,24})(?:[/?#:]\S*)?", re.IGNORECASE)


def _look(mail: Mail) -> Iterator[Found]:
    for link in mail.links:
        found = _ADDRESS.fullmatch(link.words)
        if not found or not link.url.startswith(("http://", "https://")):
            continue
        is_address = "/" in link.words or found[1].lower().startswith("www.")
        host = (urlsplit(link.url).hostname or "").lower()
        if is_address and not _same(found[1].lower(), host):
            what = f"a link says {link.words[:60]} and leads to {host}"
            yield Found(what, *mail.place(link.words, link.url))


def _same(said: str, host: str) -> bool:
    said, host = said.removeprefix("www."), host.removeprefix("www.")
    return said == host or host.endswith(f".{said}") or said.endswith(f".{host}")


RULE = Rule(
    name="mismatched-link",
    finds="Links whose words are an address of another host than they lead to.",
    why="It is how frauds look: mail programs warn of it, and filters refuse it.",
    todo="Let them say where they lead, or call them by words.",
    look=_look,
    bad=({"html": '<a href="https://tracker.example/1">https://bank.example/login</a>'},),
    clean=(
        {"html": '<a href="https://www.letter.example/bay/">letter.example/bay/</a>'},
        {"html": '<a href="https://nodejs.example/">Node.js</a>'},
    ),
)
