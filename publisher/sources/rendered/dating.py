"""When a page was published, by whatever says so: JSON-LD, metadata, `<time>`, address, words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from publisher.sources.dates import as_instant
from publisher.sources.page_dates import CHANGED, PUBLISHED
from publisher.sources.rendered.saying import Said

_MARKED = re.compile(
    r"(?:^|[\s_-])(?:dt-published|entry-date|publish(?:ed)?(?:-?(?:on|date|at))?|pub-?date|"
    r"post(?:ed)?-?(?:on|date|time|at)|article-?date|date-?line|date|post-meta|post-info|byline|"
    r"meta|time|timestamp|created)(?:$|[\s_-])",
    re.IGNORECASE,
)
_IN_PATH = re.compile(r"(?:^|/)((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-])")
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WRITTEN = re.compile(
    rf"\b(?:(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?:[T ]\d\d:\d\d(?::\d\d)?)?"
    rf"|(?P<dmy>\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:{_MONTHS})\.?,?\s+(?:19|20)\d\d)"
    rf"|(?P<mdy>(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d)"
    r"|(?P<cjk>(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日))",
    re.IGNORECASE,
)
_MARKS = (
    "descendant-or-self::*[@pubdate or contains(@itemprop, 'datePublished')"
    " or contains(@class, 'published')]"
)
_PUBLISHING = frozenset(("datePublished", "dt-published"))
_OTHERS = frozenset("a li blockquote table nav aside footer".split())
_CHANGE = re.compile(
    r"updat|modif|chang|revis|edit|mise à jour|aktualisiert|geändert|actualiz|atualiz|aggiornat|"
    r"bijgewerkt|更新|обновл|изменен|zaktualizow|uppdater|oppdater|opdater|güncel|aktualizov|수정|"
    r"업데이트|עודכן|تحديث|cập nhật|diperbarui|ενημέρωσ|оновлен",
    re.IGNORECASE,
)
_UTC = ZoneInfo("UTC")


def published(said: Said, root: Any, scope: Any, path: str, zone: ZoneInfo) -> str:
    """Return when a page was published, as ISO 8601, "" where nothing says so."""
    return _first(
        (
            *_of_story(said, "datePublished", "dateCreated", "uploadDate"),
            *(said.metas[name] for name in PUBLISHED if name in said.metas),
            *_marked_times(root, scope),
            *_in_path(path),
            *_times(scope),
            *_written(scope),
        ),
        zone,
    )


def changed(said: Said, zone: ZoneInfo) -> str:
    """Return when a page was changed, by its own word."""
    metas = (said.metas[name] for name in CHANGED if name in said.metas)
    return _first((*_of_story(said, "dateModified"), *metas), zone)


def _first(values: Iterable[str], zone: ZoneInfo) -> str:
    for value in values:
        try:
            return _told(value, zone)
        except (ValueError, OverflowError):
            continue
    return ""


def _told(value: str, zone: ZoneInfo) -> str:
    """A date as it was meant: a day alone stays a day, in the publication's own zone."""
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", value.strip()[:60])
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        year, month, day = map(int, text.split("-"))
        return date(year, month, day).isoformat()
    return as_instant(text, zone).isoformat()


def _of_story(said: Said, *keys: str) -> Iterator[str]:
    for key in keys:
        value = said.story.get(key)
        if isinstance(value, str):
            yield value


def _marked_times(root: Any, scope: Any) -> Iterator[str]:
    """What microdata, microformats and `pubdate` mark as the day of the story."""
    for place in (scope, root):
        for one in place.xpath(_MARKS):
            names = f"{one.get('itemprop') or ''} {one.get('class') or ''}".split()
            is_marked = not _PUBLISHING.isdisjoint(names) or "pubdate" in one.attrib
            if is_marked or (one.tag == "abbr" and "published" in names):  # hAtom 0.1
                yield _value(one)


def _times(scope: Any) -> Iterator[str]:
    """`<time>` of the story itself: none that tells of a change, or of what it leads to."""
    for one in list(scope.iter("time"))[:6]:
        is_own = not any(above.tag in _OTHERS for above in one.iterancestors())
        if one.get("datetime") and is_own and not _CHANGE.search(_before(one)):
            yield one.get("datetime")


def _before(element: Any) -> str:
    """The words right before an element, and what it is called."""
    previous, above = element.getprevious(), element.getparent()
    near = previous.tail if previous is not None else (above.text if above is not None else "")
    words = "".join(previous.itertext())[-40:] if previous is not None else ""
    return f"{element.get('class') or ''} {element.get('itemprop') or ''} {words} {near or ''}"[
        -160:
    ]


def _value(element: Any) -> str:
    for key in ("datetime", "content", "title"):
        if element.get(key):
            return str(element.get(key))
    return " ".join("".join(element.itertext()).split())


def _in_path(path: str) -> Iterator[str]:
    found = _IN_PATH.search(path)
    if found:
        yield f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"


def _written(scope: Any) -> Iterator[str]:
    """A day in words, in what is marked as a line of dates or stands right under the title."""
    for one in scope.iter("time", "span", "p", "div", "small", "abbr", "em", "li", "a", "header",
                          "h2", "h3", "h4", "h5", "h6", "footer", "td"):  # fmt: skip
        marks = f"{one.get('class') or ''} {one.get('id') or ''}"
        if one.tag != "time" and not _MARKED.search(marks):
            continue
        text = " ".join("".join(one.itertext()).split())
        told = f"{_before(one)} {text}" if one.tag == "time" else text
        if len(text) < 200 and not _CHANGE.search(told) and (found := _WRITTEN.search(text)):
            yield found[0]
