"""A new address that a mail names: beside words for one, and not that of the author or of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.returns.mime import Part
from publisher.returns.ours import ADDRESS, addresses
from publisher.returns.phrases import MOVED, NEW_ADDRESS, URGENT
from publisher.returns.replying import written

_FAR = 160
"""So many characters after the words a new address may stand, or half as many before."""

_END = re.compile(r"[.!?](?:\s|$)|[。！？]")  # of a sentence; an address's dots go on at once


def new_address(message: Part, *, without: tuple[str, ...]) -> str:
    """Return the new address of who writes, "" where a mail names none.

    A colleague's address in an out-of-office note is none: it stands beside no word for a new one.
    """
    text = " ".join(f"{message.get('subject')} . {written(message.words)}".split())
    known = {one.lower() for one in without if one} | _own(message)
    for near in _places(text):
        for found in ADDRESS.finditer(near):
            one = found[1].strip(".")
            if one.lower() not in known and not URGENT.search(near[: found.start()]):
                return one
    return ""


def _places(text: str) -> Iterator[str]:
    """Where a new address may stand: in the sentence of a "new address", near a change of it."""
    for found in list(NEW_ADDRESS.finditer(text))[:20]:
        before = _END.split(text[max(0, found.start() - _FAR // 2) : found.start()])[-1]
        after = _END.split(text[found.end() : found.end() + _FAR])[0]
        if not URGENT.search(before):
            yield after
            yield before
    for found in list(MOVED.finditer(text))[:20]:
        yield text[found.start() : found.end() + _FAR]


def _own(message: Part) -> set[str]:
    values = (value for name in ("from", "to", "cc", "reply-to") for value in message.all(name)[:5])
    own = {one.lower() for value in values for one in addresses(value)}
    reply = {one.lower() for one in addresses(message.get("reply-to"))}
    author = {one.lower() for one in addresses(message.get("from"))}
    return own - (reply - author)
