"""An entry of a feed ↔ the article's file that it becomes.

The front matter is YAML whose values are JSON, which YAML 1.2 holds. Under `source` it says where
the story comes from, and enough to know it again if everything else is lost: `written` is a digest
of the file, so that what an editor changes by hand is never written over.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

import msgspec
from msgspec.structs import replace

from publisher.errors import SourceError
from publisher.model import SourceFeed, slugify, summary_saying, title_saying
from publisher.sources import frontmatter
from publisher.sources.feeds.entry import Attached, Entry
from publisher.sources.feeds.taking import Known

_WRITTEN = re.compile(r'^(  written: )"[0-9a-f]*"$', re.MULTILINE)
_MOST_TAGS = 100


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a file of a feed's folder says of itself; `is_edited` where somebody changed it."""

    known: Known
    is_edited: bool


def text_of_entry(entry: Entry, known: Known, feed: SourceFeed, name: str) -> tuple[str, Known]:
    """Return the text of an entry's file, and what is known of it then.

    `name` is what the feed is called.
    """
    values = {
        "title": title_saying(entry.title),
        "id": known.id,
        "date": known.published,
        "updated": known.updated,
        "canonical": entry.link,
        "authors": list(entry.authors) or [name],
        "tags": list(dict.fromkeys((*feed.tags, *entry.tags)))[:_MOST_TAGS],
        "section": feed.section or name,
        "language": feed.language or entry.language,
        "summary": summary_saying(entry.summary),
        "image": _file(entry.picture),
        "enclosure": _file(entry.enclosures[0]) if entry.enclosures else None,
    }
    source = {
        "name": name,
        "feed": feed.url,
        "guid": known.guid,
        "said": known.said,
        "digest": known.digest,
        "written": "",
    }
    lines = [f"{key}: {_json(value)}" for key, value in values.items() if value]
    lines += ["source:", *(f"  {key}: {_json(value)}" for key, value in source.items())]
    body = entry.body if feed.full else ""
    text = "\n".join(["---", *lines, "---", body or _paragraph(entry), ""])
    written = _digest(text)
    path = known.path or _file_name(entry, known)
    text = _WRITTEN.sub(rf'\g<1>"{written}"', text, count=1)
    return text, replace(known, path=path, written=written)


def _paragraph(entry: Entry) -> str:
    return f"<p>{escape(entry.summary or entry.title, quote=False)}</p>"


def _json(value: Any) -> str:
    """A value as YAML: what YAML would take for a line's end is written by its number."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _file(file: Attached | None) -> dict[str, Any] | None:
    if file is None:
        return None
    values = {"url": file.url, "type": file.type, "length": file.length, "alt": file.alt}
    return {key: value for key, value in values.items() if value}


def _file_name(entry: Entry, known: Known) -> str:
    day = known.published[:10]
    words = slugify(entry.title)[:60].strip("-") or "entry"
    mark = hashlib.sha256(known.id.encode()).hexdigest()[:8]  # an id may be any text
    return f"{day}-{words}-{mark}.html".removeprefix("-")


def _digest(text: str) -> str:
    plain = _WRITTEN.sub(r'\g<1>""', text, count=1)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def found_in(path: str, data: bytes) -> Found | None:
    """Return what a file says, None for one that came from no feed; `path` is its name."""
    try:
        text = frontmatter.decode(data)
        values = frontmatter.split(text).values
    except SourceError:
        return None
    source = values.get("source")
    if not isinstance(source, Mapping) or not values.get("id"):
        return None
    written = str(source.get("written") or "")
    known = Known(
        id=str(values["id"]),
        path=path,
        guid=str(source.get("guid") or ""),
        link=str(values.get("canonical") or ""),
        title=unescape(str(values.get("title") or "")),
        published=str(values.get("date") or ""),
        updated=str(values.get("updated") or ""),
        said=str(source.get("said") or ""),
        digest=str(source.get("digest") or ""),
        written=written,
    )
    return Found(known=known, is_edited=_digest(text) != written)
