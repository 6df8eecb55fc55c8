"""Medium's export: `posts/*.html`, a page for each with the marks of microformats (h-entry)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from publisher.errors import Problem, SourceError
from publisher.exports import pages
from publisher.exports.imported import Attached, Found, Imported, LeftOut, Status
from publisher.exports.pack import Member, Pack
from publisher.exports.reading import Order
from publisher.exports.words import host_of, last_part
from publisher.model import slugify

_MOST_POST = 16 << 20
_NAME = re.compile(r"(?:draft_|\d{4}-\d\d-\d\d_)?.*?-{0,3}([0-9a-f]{8,12})\.html", re.DOTALL)
_HASH = re.compile(r"-+[0-9a-f]{8,12}\Z")


def read(pack: Pack, order: Order) -> Iterator[Found | Problem]:
    """Read an export of Medium."""
    members = [one for one in pack.ending(".html") if "posts" in one.name.split("/")[:-1]]
    members = members or [one for one in pack.ending(".html") if "/" not in one.name]
    if not members:
        yield Problem(
            what="no posts of Medium are in it",
            why="They are the .html files in the folder posts of the archive that Medium mails.",
        )
    taken: set[str] = set()
    for number, member in enumerate(members):
        order.progress("Reading the export", number, len(members))
        try:
            found = _post(
                pages.document(pack.read(member, _MOST_POST), member.place), member, order
            )
        except SourceError as error:
            yield error.problem
            continue
        yield _apart(found, taken) if isinstance(found, Imported) else found


def _apart(article: Imported, taken: set[str]) -> Imported:
    """An article whose slug no other one of the export has: of one title, the later keep a number.

    Their addresses on Medium end in it all, and here none does.
    """
    slug = slugify(article.slug) or slugify(article.title)
    if slug in taken:
        slug = f"{slug}-{article.id.rpartition('/')[2]}"
        article = replace(article, slug=slug)
    taken.add(slug)
    return article


def _post(root: Any, member: Member, order: Order) -> Found:
    body = _marked(root, "e-content")
    if body is None:
        return LeftOut(reason="no article: it has no h-entry", place=member.place)
    found = _NAME.fullmatch(member.name.rpartition("/")[2])
    canonical = _href(_marked(root, "p-canonical"))
    page = _marked(root, "dt-published")
    number = found[1] if found else _number(page)
    link = canonical if _is_here(canonical, number) else ""
    link = link or (f"https://medium.com/p/{number}" if number else "")
    title = pages.words(_marked(root, "p-name"))
    author = pages.words(_marked(root, "p-author"))
    is_draft = member.name.rpartition("/")[2].startswith("draft_")
    summary = _marked(root, "p-summary")
    subtitle = pages.words(summary)
    text = _text(body)
    return Imported(
        id=f"https://medium.com/p/{number}" if number else canonical,  # the guid of Medium's RSS
        title=title,
        slug=_HASH.sub("", last_part(link)) if _is_here(link, number) else "",
        link=link,
        canonical="" if _is_here(canonical, number) else canonical,
        published=order.instant(page.get("datetime", "")) if page is not None else None,
        authors=(author,) if author else (),
        summary=subtitle,
        body=text,
        picture=_featured(body),
        status=Status.DRAFT if is_draft else Status.PUBLISHED,
        place=member.place,
    )


def _number(page: Any) -> str:
    """A post's number by the link around its date, where the file's name has lost it."""
    link = _href(page.getparent()) if page is not None else ""
    found = re.search(r"/p/([0-9a-f]{8,12})\Z", link)
    return found[1] if found else ""


def _marked(root: Any, name: str) -> Any:
    return pages.first(root, lambda one: pages.has_class(one, name))


def _href(element: Any) -> str:
    return str(element.get("href", "")) if element is not None else ""


def _is_here(address: str, number: str) -> bool:
    """Whether an address is Medium's own of a post: its number ends it, under whatever name."""
    host = host_of(address)
    is_medium = host == "medium.com" or host.endswith(".medium.com")
    return bool(address) and (is_medium or bool(number and address.endswith(number)))


def _featured(body: Any) -> Attached | None:
    found = pages.first(body, lambda one: one.get("data-is-featured") == "true")
    source = found.get("src", "") if found is not None else ""
    return Attached(url=source, alt=found.get("alt", "")) if source else None


def _text(body: Any) -> str:
    """The text without title and subtitle, which stand in it once more, and lines of dashes."""
    names = ("graf--title", "graf--subtitle", "section-divider")
    divider = [one for one in body.iter("div") if pages.has_class(one, "section-divider")]
    for one in divider[1:]:  # between sections a line is the author's
        one.attrib["class"] = ""
    pages.without(body, lambda one: _is_furniture(one, names))
    pages.without(body, lambda one: pages.has_class(one, "mixtapeImage"))  # a link of no words
    for one in [one for one in body.iter("em") if pages.has_class(one, "markup--mixtapeEmbed-em")]:
        line = one.makeelement("br")  # its style parts what it says of a page from the page's host
        line.tail, one.tail = one.tail, None
        one.addnext(line)
    for one in body.iter("img"):
        for name in ("width", "height"):
            if (size := one.get(f"data-{name}", "")).isdecimal():
                one.set(name, size)
    for one in body.iter("*"):
        for name in ("name", "class", "id", "data-href", "style"):
            one.attrib.pop(name, None)
    return pages.inner(body)


def _is_furniture(element: Any, names: tuple[str, ...]) -> bool:
    is_line = element.tag == "div" and pages.has_class(element, names[2])
    return is_line or any(pages.has_class(element, name) for name in names[:2])
