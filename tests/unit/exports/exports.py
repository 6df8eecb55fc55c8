"""Exports as each system writes them, as small as they can be."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from publisher.errors import Problem
from publisher.exports import SYSTEMS, Found, Imported, LeftOut, Order, Pack

SITE = "https://site.example/"

_HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file -->
<rss version="2.0"
  xmlns:excerpt="http://wordpress.org/export/{version}/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/{version}/">
<channel><title>Site</title><link>https://site.example</link><language>{language}</language>
<wp:wxr_version>{version}</wp:wxr_version><wp:base_blog_url>https://site.example</wp:base_blog_url>
<wp:author><wp:author_login>ann</wp:author_login>
<wp:author_display_name><![CDATA[Ann Example]]></wp:author_display_name></wp:author>
<wp:category><wp:term_id>7</wp:term_id><wp:category_nicename>city</wp:category_nicename>
<wp:cat_name><![CDATA[City]]></wp:cat_name></wp:category>
"""


def wxr(*items: str, version: str = "1.2", language: str = "en-US") -> bytes:
    """An export of WordPress."""
    head = _HEAD.format(version=version, language=language)
    return f"{head}{''.join(items)}</channel></rss>\n".encode()


def item(
    number: int = 1,
    title: str = "Hello",
    body: str = "<p>Hello.</p>",
    *,
    kind: str = "post",
    status: str = "publish",
    date: str = "2026-01-05 08:00:00",
    meta: Mapping[str, str] | None = None,
    more: str = "",
    excerpt: str = "",
) -> str:
    """One item of it."""
    name = title.lower().replace(" ", "-")
    metas = "".join(
        f"<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        for key, value in (meta or {}).items()
    )
    return f"""<item><title>{escape(title)}</title><link>https://site.example/2026/01/{name}/</link>
<pubDate>Mon, 05 Jan 2026 08:00:00 +0000</pubDate><dc:creator><![CDATA[ann]]></dc:creator>
<guid isPermaLink="false">https://site.example/?p={number}</guid><description></description>
<content:encoded><![CDATA[{body}]]></content:encoded>
<excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>{date}</wp:post_date>
<wp:post_date_gmt>{date}</wp:post_date_gmt><wp:post_name>{name}</wp:post_name>
<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>{metas}{more}</item>
"""


def attachment(number: int, url: str, alt: str = "", above: int = 0) -> str:
    """A file of it."""
    return f"""<item><title>File {number}</title><guid isPermaLink="false">{url}</guid>
<wp:post_id>{number}</wp:post_id><wp:post_parent>{above}</wp:post_parent>
<wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>
<wp:attachment_url>{url}</wp:attachment_url>
<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key>
<wp:meta_value>{alt}</wp:meta_value></wp:postmeta></item>"""


def ghost(*posts: Mapping[str, Any], **tables: Any) -> bytes:
    """An export of Ghost."""
    data = {"posts": list(posts), **tables}
    return json.dumps({"db": [{"meta": {"version": "5.90.0"}, "data": data}]}).encode()


def ghost_post(**values: Any) -> dict[str, Any]:
    """One post of it."""
    return {
        "id": "65a1b2c3d4e5f60718293a4b", "uuid": "0d7e1f8a-1111-4222-8333-944445555666",
        "title": "Hello", "slug": "hello", "html": "<p>Hello.</p>", "status": "published",
        "visibility": "public", "type": "post", "published_at": "2026-01-05T08:00:00.000Z",
        **values,
    }  # fmt: skip


def blogger(*entries: str) -> bytes:
    """An export of Blogger."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:app='http://purl.org/atom/app#' "
        "xmlns:blogger='http://schemas.google.com/blogger/2018'>"
        f"<id>tag:blogger.com,1999:blog-1</id><title>Blog</title>{''.join(entries)}</feed>"
    ).encode()


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """An archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def read(system: str, *paths: Path, kinds: tuple[str, ...] = ("post",)) -> list[Found | Problem]:
    """Everything that a reader finds."""
    with Pack(paths) as pack:
        return list(SYSTEMS[system].read(pack, Order(site=SITE, kinds=frozenset(kinds))))


def put(folder: Path, name: str, data: bytes) -> Path:
    """A file that holds an export."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def articles(found: list[Found | Problem]) -> list[Imported]:
    return [one for one in found if isinstance(one, Imported)]


def left(found: list[Found | Problem]) -> list[str]:
    return [one.reason for one in found if isinstance(one, LeftOut)]


def problems(found: list[Found | Problem]) -> list[Problem]:
    return [one for one in found if isinstance(one, Problem)]
