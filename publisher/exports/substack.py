"""Substack's export: `posts.csv` and a file of HTML for each post."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from publisher.errors import Problem, SourceError
from publisher.exports import pages, substack_embeds
from publisher.exports.imported import Attached, Found, Imported, LeftOut, Status
from publisher.exports.pack import Member, Pack
from publisher.exports.reading import Order

_MOST_TABLE = 64 << 20
_MOST_POST = 16 << 20
_AUDIENCE = {"everyone": Status.PUBLISHED, "": Status.PUBLISHED, "only_paid": Status.PAID,
             "founding": Status.PAID, "only_free": Status.MEMBERS}  # fmt: skip
_POSTS = frozenset(("", "newsletter", "podcast", "video", "text", "post"))
# What asks to subscribe or to share; their links hold code of Substack's (%%share_url%%).
_WIDGETS = (
    "subscription-widget-wrap subscription-widget-wrap-editor subscription-widget "
    "captioned-button-wrap paywall-jump community-chat directMessage install-substack-app-embed"
).split()
_ITS_OWN = re.compile(
    r"%%|[?&](?:action=share|gift=true)|/(?:subscribe|comments|leaderboard|survey/\d+)(?:[?#/]|\Z)"
    r"|//substack\.com/(?:refer|app)\b"
)


def read(pack: Pack, order: Order) -> Iterator[Found | Problem]:
    """Read an export of Substack."""
    tables = [one for one in pack.ending("posts.csv") if one.name.split("/")[-1] == "posts.csv"]
    if not tables:
        yield Problem(
            what="no posts.csv is in it",
            why="Substack's export is an archive with posts.csv and a folder posts/; titles and "
            "dates stand in posts.csv alone.",
            todo="Give the archive as it came, or the folder with both.",
        )
    for table in tables:
        folder = table.name[: -len("posts.csv")]
        bodies = {
            one.name.rpartition("/")[2]: one
            for one in pack.ending(".html")
            if one.name.startswith(f"{folder}posts/")
        }
        try:
            rows = list(_rows(pack.read(table, _MOST_TABLE)))
        except SourceError as error:
            yield error.problem
            continue
        if not rows or "post_id" not in rows[0]:
            yield Problem(what="it names no posts", path=table.place, severity="warning")
        for number, row in enumerate(rows):
            order.progress("Reading the export", number, len(rows))
            body = bodies.pop(f"{row.get('post_id', '')}.html", None)
            yield from _post(row, body, table, pack, order)
        for body in bodies.values():
            yield LeftOut(reason="not in posts.csv: it has no title and no date", place=body.place)


def _rows(data: bytes) -> Iterator[Mapping[str, str]]:
    text = data.decode("utf-8-sig", "replace").replace("\0", "")
    csv.field_size_limit(1 << 20)
    try:
        for row in csv.DictReader(io.StringIO(text)):
            yield {str(key).strip(): str(value or "").strip() for key, value in row.items()}
    except csv.Error as error:
        raise SourceError(f"posts.csv cannot be read: {error}") from None


def _post(
    row: Mapping[str, str], body: Member | None, table: Member, pack: Pack, order: Order
) -> Iterator[Found | Problem]:
    number, title = row.get("post_id", ""), row.get("title", "")
    kind = row.get("type", "")
    kind = "post" if kind in _POSTS else kind
    is_published = row.get("is_published", "true").lower() in ("true", "1", "yes", "")
    if kind not in order.kinds:
        yield LeftOut(reason=kind, title=title, place=table.place)
        return
    if body is None:
        is_empty = not is_published and not title
        reason = "drafts without title and text" if is_empty else "no file with its text"
        yield LeftOut(
            reason=reason, title=title or number, place=table.place, is_fault=not is_empty
        )
        return
    try:
        text, lost = _text(pack.read(body, _MOST_POST), body.place)
    except SourceError as error:
        yield error.problem
        return
    slug = number.partition(".")[2] or number
    link = order.at(f"p/{slug}")
    sound = row.get("podcast_url", "")
    audience = _AUDIENCE.get(row.get("audience", ""), Status.PAID)
    yield Imported(
        id=link,  # the guid of Substack's RSS
        title=title,
        slug=slug,
        link=link,
        published=order.instant(row.get("post_date", "")),
        summary=row.get("subtitle", ""),
        body=text,
        enclosures=(Attached(url=sound, type="audio/mpeg"),) if sound.startswith("http") else (),
        status=audience if is_published else Status.DRAFT,
        kind=kind,
        place=body.place,
        lost=lost,
    )


def _text(data: bytes, place: str) -> tuple[str, Mapping[str, int]]:
    if not data.strip():
        return "", {}
    root = pages.document(b"<html><body>" + data + b"</body></html>", place)

    count = sum(1 for one in root.iter("*") if _is_widget(one))
    pages.without(root, _is_widget)
    lost = substack_embeds.opened(root)
    if count:
        lost["buttons to subscribe and to share"] = count
    found = root.find("body")
    return (pages.inner(found) if found is not None else ""), lost


def _is_widget(element: Any) -> bool:
    if pages.has_class(element, "button-wrapper"):
        links = [one.get("href", "") for one in element.iter("a")]
        return not any(_is_the_authors(one) for one in links)
    return any(pages.has_class(element, name) for name in _WIDGETS)


def _is_the_authors(link: str) -> bool:
    """Whether a button leads where its author wants, and not to Substack's own pages."""
    return link.startswith(("https://", "http://")) and not _ITS_OWN.search(link)
