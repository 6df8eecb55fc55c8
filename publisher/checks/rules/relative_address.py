"""Addresses that lead nowhere from a mail."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.addresses import addresses, place
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    anchors = _anchors(mail)
    for one in addresses(mail):
        if not one.url:
            what = "a link leads nowhere" if one.kind == "link" else "a picture has no address"
            yield Found(what, *mail.place(one.words))
        elif one.scheme in ("http", "https") and not one.host:
            yield Found(f"the {one.kind} {one.url[:80]} names no host", *place(mail, one))
        elif one.url.startswith("#"):
            if one.url[1:] not in anchors:
                yield Found(f"the link {one.url[:80]} leads nowhere in the mail", *place(mail, one))
        elif not one.scheme:
            yield Found(f"the {one.kind} {one.url[:80]} is relative", *place(mail, one))


def _anchors(mail: Mail) -> set[str]:
    """What a link within the mail can lead to."""
    named = mail.root.xpath("//@id | //a/@name")
    return {str(one) for one in named} - {""}


RULE = Rule(
    name="relative-address",
    finds="Links and pictures without a whole address, or with none.",
    why="A mail has no place from which an address could start: the link is dead, the picture "
    "missing.",
    todo="Write the whole address, from https:// on.",
    look=_look,
    bad=(
        {"html": '<a href="/bay/">The bay</a>'},
        {"html": '<img src="bay.png" alt="The bay">'},
        {"html": '<img src="//letter.example/bay.png" alt="The bay">'},
        {"html": '<a href="">The bay</a>'},
        {"html": '<a href="https:///bay/">The bay</a>'},
        {"html": '<a href="#">The bay</a>'},
        {"html": '<a href="#notes">Notes</a>'},
    ),
    clean=(
        {"html": '<a href="https://letter.example/bay/">The bay</a>'},
        {"html": '<a href="#notes">Notes</a> <p id="notes">Written in June.</p>'},
        {"html": '<a href="mailto:a@letter.example">Write</a>'},
    ),
)
