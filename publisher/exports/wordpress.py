"""WordPress's export (WXR 1.0 to 1.2): RSS with its own names, in one file or several.

It is read twice: attachments and authors may stand after the posts that need them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

import msgspec
from msgspec.structs import replace

from publisher.errors import Problem, SourceError
from publisher.exports import elements, members, shortcodes
from publisher.exports.imported import Attached, Found, Imported, LeftOut, Status
from publisher.exports.pack import Member, Pack
from publisher.exports.paragraphs import paragraphed
from publisher.exports.reading import Order
from publisher.exports.words import host_of, last_part, plain

_ITEM = frozenset({"item"})
_STATUS = {
    "publish": Status.PUBLISHED,
    "future": Status.PUBLISHED,  # its date keeps it back
    "draft": Status.DRAFT,
    "pending": Status.DRAFT,
    "private": Status.PRIVATE,
}
_NO_ARTICLES = {
    "attachment": "files (pictures and the like), named by the posts that show them",
    "nav_menu_item": "entries of menus",
    "revision": "earlier versions",
    "wp_block": "blocks to be used again, put where they are used",
}
_DESCRIPTIONS = (
    "_yoast_wpseo_metadesc rank_math_description _aioseo_description _aioseop_description "
    "_genesis_description _seopress_titles_desc"
).split()
_CANONICALS = (
    "_yoast_wpseo_canonical rank_math_canonical_url _aioseo_canonical_url "
    "_seopress_robots_canonical"
).split()
_NOTES = re.compile(r"<!--\s*+wp:(?:core/)?footnotes\b[^>]{0,300}/-->")
_MOST_FILES = 500_000


class _Site(msgspec.Struct):
    """What an export says besides its posts."""

    authors: dict[str, str] = msgspec.field(default_factory=dict)
    terms: dict[str, str] = msgspec.field(default_factory=dict)  # names of categories by number
    media: shortcodes.Media = msgspec.field(default_factory=shortcodes.Media)
    language: str = ""
    address: str = ""


def read(pack: Pack, order: Order) -> Iterator[Found | Problem]:
    """Read an export of WordPress."""
    members = [one for one in pack.ending(".xml", ".wxr", ".txt") if _is_one(pack, one)]
    if not members:
        yield Problem(
            what="no export of WordPress is in it",
            why="It is an .xml file that WordPress makes under Tools → Export.",
        )
    site = _Site()
    for member in members:
        chunks = order.followed("Looking through the export", pack.chunks(member), member.size)
        try:
            for element in elements.each(chunks, _ITEM, member.place):
                _learn(element, site)
        except SourceError:
            continue  # told when it is read for its posts
    for member in members:
        yield from _posts(pack, member, site, order)


def _is_one(pack: Pack, member: Member) -> bool:
    head = pack.head(member)
    # Where none can be read, the reason is told when it is read for its posts.
    return not head or b"wordpress.org/export/" in head or b"wxr_version" in head or b"<wp:" in head


def _posts(pack: Pack, member: Member, site: _Site, order: Order) -> Iterator[Found | Problem]:
    mending = elements.Mending()
    chunks = order.followed("Reading the export", pack.chunks(member), member.size)
    try:
        for element in elements.each(chunks, _ITEM, member.place, mending):
            if elements.local(element) == "item":
                yield _item(element, member, site, order)
    except SourceError as error:
        yield error.problem
    if mending.replaced:
        yield Problem(
            what=f"{mending.replaced:,} bytes are no UTF-8: � stands for each",
            path=member.place,
            line=mending.first,
            severity="warning",
        )


def _learn(element: Any, site: _Site) -> None:
    """Take in what one child of the channel says of the whole."""
    name = elements.local(element)
    values = {elements.local(child): elements.text(child).strip() for child in element}
    if name == "author":
        login, shown = values.get("author_login", ""), values.get("author_display_name", "")
        site.authors[login] = plain(shown) or login
    elif name in ("category", "term"):
        site.terms[values.get("term_id", "")] = plain(
            values.get("cat_name") or values.get("term_name") or ""
        )
    elif name == "language":
        site.language = elements.text(element).strip()
    elif name in ("base_blog_url", "link"):
        address = elements.text(element).strip()
        site.address = address if name == "base_blog_url" else site.address or address
    elif values.get("post_type") == "attachment" and len(site.media.files) < _MOST_FILES:
        _attach(element, values, site)
    elif values.get("post_type") == "wp_block":
        site.media.blocks[values.get("post_id", "")] = _encoded(element, "content")


def _attach(element: Any, values: dict[str, str], site: _Site) -> None:
    url = values.get("attachment_url") or values.get("guid", "")
    alt = _meta(element).get("_wp_attachment_image_alt", [""])[0]
    number, above = values.get("post_id", ""), values.get("post_parent", "0")
    site.media.files[number] = Attached(url=url, alt=plain(alt))
    if above != "0":
        site.media.of.setdefault(above, []).append(number)


def _item(element: Any, member: Member, site: _Site, order: Order) -> Found:
    values = {elements.local(child): elements.text(child).strip() for child in element}
    kind = values.get("post_type") or "post"
    title = plain(values.get("title", ""))
    status = values.get("status") or "publish"
    if kind in _NO_ARTICLES:
        return LeftOut(reason=_NO_ARTICLES[kind], title=title, place=member.place)
    if kind not in order.kinds:
        return LeftOut(reason=kind, title=title, place=member.place)
    if status not in _STATUS:
        return LeftOut(reason=f"status {status[:40]}", title=title, place=member.place)
    lost: Counter[str] = Counter()
    meta = _meta(element)
    categories, tags, authors, language, translations = _terms(element)
    section = _section(categories, meta, site)
    tags = [name for name in (*categories, *tags) if name != section]
    link = values.get("link", "")
    published = _published(values, order)
    return Imported(
        id=values.get("guid", "") or link,
        title=title,
        slug=unquote(values.get("post_name", "")) or _slug_of(link),
        link=link,
        canonical=_elsewhere(meta, link),
        aliases=_former(meta, link),
        published=published,
        updated=order.instant(f"{values['post_modified_gmt']}Z")
        if values.get("post_modified_gmt")
        else order.instant(values.get("post_modified", "")),
        authors=tuple(authors) or _author(values.get("creator", ""), site),
        section=section,
        tags=tuple(dict.fromkeys(tags)),
        summary=_summary(element, meta),
        body=_body(element, values.get("post_id", ""), site, meta, lost),
        language=language or site.language,
        translations=translations,
        picture=site.media.files.get(meta.get("_thumbnail_id", [""])[0]),
        enclosures=_enclosures(meta),
        status=_status(values, status, meta),
        kind=kind,
        place=member.place,
        lost=lost,
    )


def _status(values: dict[str, str], status: str, meta: dict[str, list[str]]) -> Status:
    """Who may see a post: by its password, its state, and what plugins say of it."""
    if values.get("post_password"):
        return Status.PRIVATE
    found = _STATUS[status]
    return members.status_of(meta) if found is Status.PUBLISHED else found


def _published(values: dict[str, str], order: Order) -> datetime | None:
    """In UTC where it is given so; a draft has none there, and one of the site's clock."""
    gmt = values.get("post_date_gmt", "")
    found = order.instant(f"{gmt}Z") if gmt else None
    return (
        found
        or order.instant(values.get("post_date", ""))
        or order.instant(values.get("pubDate", ""))
    )


def _terms(element: Any) -> tuple[list[str], list[str], list[str], str, str]:
    """A post's categories, tags, authors (of Co-Authors), language and translations (of Polylang).

    Translations of one post share a name.
    """
    categories: list[str] = []
    tags: list[str] = []
    authors: list[str] = []
    language = translations = ""
    for child in element:
        if elements.local(child) != "category":
            continue
        domain, nice = child.get("domain", ""), child.get("nicename", "")
        name = plain(elements.text(child))
        if domain in ("category", ""):
            categories += [name] if nice != "uncategorized" and name != "Uncategorized" else []
        elif domain in ("post_tag", "tag"):
            tags.append(name)
        elif domain == "author":
            authors.append(name)
        elif domain == "language":
            language = nice
        elif domain == "post_translations":
            translations = nice
    return categories, tags, authors, language, translations


def _section(categories: list[str], meta: dict[str, list[str]], site: _Site) -> str:
    """The category that Yoast or Rank Math calls the first, else the first one."""
    for key in ("_yoast_wpseo_primary_category", "rank_math_primary_category"):
        name = site.terms.get(meta.get(key, [""])[0], "")
        if name in categories:
            return name
    return categories[0] if categories else ""


def _author(login: str, site: _Site) -> tuple[str, ...]:
    name = site.authors.get(login, login)
    return (name,) if name else ()


def _meta(element: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for child in element:
        if elements.local(child) == "postmeta":
            pair = {elements.local(one): elements.text(one) for one in child}
            key = pair.get("meta_key", "")
            found.setdefault(key, []).append(pair.get("meta_value", "").strip())
    return found


def _encoded(element: Any, which: str) -> str:
    """`content:encoded` and `excerpt:encoded` differ by their namespaces alone."""
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag.endswith("}encoded") and (which == "excerpt") == ("excerpt" in tag):
            return elements.text(child)
    return ""


def _body(
    element: Any, number: str, site: _Site, meta: dict[str, list[str]], lost: Counter[str]
) -> str:
    text = members.without_blocks(_encoded(element, "content"), lost)
    is_classic = "<!-- wp:" not in text
    if notes := _footnotes(meta):
        text = _NOTES.sub(lambda _: notes, text, count=1)
    whole = shortcodes.expanded(text, number, site.media, lost)
    return paragraphed(whole) if is_classic else whole.strip()


def _footnotes(meta: dict[str, list[str]]) -> str:
    """The notes of a post as a list: its text holds their place alone (`wp:footnotes`)."""
    try:
        found = json.loads(meta.get("footnotes", ["[]"])[0] or "[]")
    except (ValueError, RecursionError):
        return ""
    notes = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    items = (
        f'<li id="{escape(str(one.get("id", "")))}">{one.get("content", "")}</li>' for one in notes
    )
    return f"<ol>{''.join(items)}</ol>" if notes else ""


def _summary(element: Any, meta: dict[str, list[str]]) -> str:
    given = plain(_encoded(element, "excerpt"))
    if given:
        return given
    # Yoast's %%sitename%% and the like are code of its own.
    found = (plain(meta[key][0]) for key in _DESCRIPTIONS if key in meta)
    return next((text for text in found if text and "%%" not in text and "{{" not in text), "")


def _elsewhere(meta: dict[str, list[str]], link: str) -> str:
    given = next((meta[key][0] for key in _CANONICALS if key in meta), "")
    return given if host_of(given) not in ("", host_of(link)) else ""


def _former(meta: dict[str, list[str]], link: str) -> tuple[str, ...]:
    """Addresses that an article had: WordPress leads from them by the old slug."""
    slug = link.rstrip("/").rpartition("/")[2]
    if not slug or "?" in slug:
        return ()
    base = link.rstrip("/")[: -len(slug)]
    ending = "/" if link.endswith("/") else ""
    old = dict.fromkeys(meta.get("_wp_old_slug", []))
    return tuple(f"{base}{one}{ending}" for one in old if one and one != slug)


def _slug_of(link: str) -> str:
    return "" if "?" in link else last_part(link)


def _enclosures(meta: dict[str, list[str]]) -> tuple[Attached, ...]:
    """Each is an address, a length, a type, and what PowerPress adds, on lines of their own."""
    found = []
    for written in meta.get("enclosure", []):
        lines = [*(line.strip() for line in written.split("\n")), "", "", ""]
        if lines[0].startswith(("http://", "https://")):
            one = Attached(url=unescape(lines[0]))
            length = (
                int(lines[1][:15]) if lines[1][:15].isascii() and lines[1][:15].isdecimal() else 0
            )
            found.append(replace(one, length=length or None, type=lines[2]))
    return tuple({one.url: one for one in found}.values())
