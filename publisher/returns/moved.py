"""A new address that a mail names: beside words for one, and not that of the author or of ours."""

from __future__ import annotations

from publisher.returns.mime import Part
from publisher.returns.ours import ADDRESS, addresses
from publisher.returns.phrases import MOVED
from publisher.returns.replying import written

_FAR = 160
"""So many characters after the words a new address may stand, or half as many before."""


def new_address(message: Part, *, without: tuple[str, ...]) -> str:
    """Return the new address of who writes, "" where a mail names none.

    A colleague's address in an out-of-office note is none: it stands beside no word for a new one.
    """
    text = " ".join(f"{message.get('subject')} . {written(message.words)}".split())
    known = {one.lower() for one in without if one} | _own(message)
    for found in list(MOVED.finditer(text))[:20]:
        after = text[found.start() : found.end() + _FAR]
        before = text[max(0, found.start() - _FAR // 2) : found.start()]
        for near in (after, before):
            for one in ADDRESS.findall(near):
                one = one.strip(".")
                if one.lower() not in known:
                    return str(one)
    return ""


def _own(message: Part) -> set[str]:
    values = (value for name in ("from", "to", "cc", "reply-to") for value in message.all(name)[:5])
    own = {one.lower() for value in values for one in addresses(value)}
    reply = {one.lower() for one in addresses(message.get("reply-to"))}
    author = {one.lower() for one in addresses(message.get("from"))}
    return own - (reply - author)
