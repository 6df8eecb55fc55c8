"""Links of a mail led through the service, where they are counted; the same for every reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape, unescape

from msgspec.structs import replace

from publisher.model import Group, Rendition, Slotted

_LINK = re.compile(r'(<(?:a|v:roundrect)\b[^>]*?\shref=")(https?://[^"]*)(")')


def counted_links(rendition: Rendition, prefix: str, links: list[str]) -> Rendition:
    """Return a rendition whose HTML leads to `PREFIX/NUMBER`; `links` are addresses by number.

    Addresses that are not among `links` yet are added. A reader's own links (slots) and the text
    part stay as they are.
    """

    numbers = {url: number for number, url in enumerate(links)}

    def counted(found: re.Match[str]) -> str:
        url = unescape(found[2])
        if url not in numbers:
            numbers[url] = len(links)
            links.append(url)
        return f"{found[1]}{prefix}/{numbers[url]}{found[3]}"

    return _changed(rendition, lambda piece: _LINK.sub(counted, piece))


def direct_links(rendition: Rendition, prefix: str, links: Sequence[str]) -> Rendition:
    """Return the rendition with the links' own addresses again."""
    pattern = re.compile(rf'\shref="{re.escape(prefix)}/(\d{{1,6}})"')

    def direct(found: re.Match[str]) -> str:
        number = int(found[1])
        return f' href="{escape(links[number])}"' if number < len(links) else found[0]

    return _changed(rendition, lambda piece: pattern.sub(direct, piece)) if links else rendition


def grouped_links(rendition: Rendition, prefix: str, group: Group) -> Rendition:
    """Return the rendition with links that say of which group of a test they are: `PREFIX/7a`."""
    pattern = re.compile(rf'(\shref="{re.escape(prefix)}/\d{{1,6}})"')
    return _changed(rendition, lambda piece: pattern.sub(rf'\g<1>{group.lower()}"', piece))


def _changed(rendition: Rendition, change: Callable[[str], str]) -> Rendition:
    pieces = (change(piece) if isinstance(piece, str) else piece for piece in rendition.html.pieces)
    return replace(rendition, html=Slotted(tuple(pieces)))
