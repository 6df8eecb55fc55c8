"""What a feed reader's author would complain about in a feed file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from lxml import etree
from lxml import html as lxml_html

from publisher.feeds.entry import Item
from publisher.feeds.formats import format_of


def check(name: str, data: bytes, now: datetime) -> list[str]:
    """Return the faults of a feed file; `name` tells its format, `now` (UTC) what is future."""
    form = format_of(name)
    if form is None:
        return ["no feed has a file of that name"]
    try:
        return list(_faults(form.writer.items(data), now))
    except (etree.XMLSyntaxError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [f"cannot be parsed: {error}"]


def _faults(items: Sequence[Item], now: datetime) -> Iterator[str]:
    seen: set[str] = set()
    for item in items:
        label = item.title or item.id or "an entry"
        if not item.id:
            yield f"{label}: no id"
        elif item.id in seen:
            yield f"{label}: its id stands twice"
        seen.add(item.id)
        if not item.title:
            yield f"{label}: no title"
        if not item.url.startswith(("https://", "http://")):
            yield f"{label}: its address is not absolute: {item.url!r}"
        if item.published is None:
            yield f"{label}: no date"
        elif item.published > now:
            yield f"{label}: dated in the future"
        for address in _relative(item.html):
            yield f"{label}: an address in its text is not absolute: {address!r}"
    dates = [item.published for item in items if item.published]
    if dates != sorted(dates, reverse=True):
        yield "entries are not in order, newest first"


def _relative(markup: str) -> Iterator[str]:
    if not markup.strip():
        return
    for element, _, address, _ in lxml_html.fragment_fromstring(markup, "div").iterlinks():
        if ":" not in address.split("/")[0] and element.tag != "form":
            yield address
