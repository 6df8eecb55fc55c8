"""What to do with a feed's entries, knowing what was taken before. Decisions only."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from msgspec.structs import replace

from publisher.model import fold, prose
from publisher.sources.feeds.entry import Entry

_TRACKING = re.compile(r"(?:utm_.*|fbclid|gclid|mc_[ce]id|ref|source)", re.IGNORECASE)
_ADDRESSES = re.compile(r'\b(?:href|src)="([^"?#]*)')


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that was taken. `path` is its file's name in the feed's folder, "" once an editor
    has removed it; `published` and `updated` are in the file ("" for none, ISO 8601).

    `id` is ours, `guid` the feed's, `said` the day that the feed gave first; `digest` tells a real
    change, `written` the bytes of the file.
    """

    id: str
    path: str = ""
    guid: str = ""
    link: str = ""
    title: str = ""
    published: str = ""
    updated: str = ""
    said: str = ""
    digest: str = ""
    written: str = ""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to be written, as it is known from now on; `is_new` where no file of it was."""

    entry: Entry
    known: Known
    is_new: bool


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done: entries to write, and all that is known afterwards.

    `elsewhere` counts entries that another feed has brought, `over` those beyond the limit.
    """

    write: tuple[Taken, ...] = ()
    known: tuple[Known, ...] = ()
    elsewhere: int = 0
    over: int = 0


def take(
    entries: Sequence[Entry],
    known: Iterable[Known],
    *,
    feed: str,
    now: datetime,
    most: int,
    is_first: bool,
    keeps_ids: bool = False,
    links_elsewhere: Callable[[str], bool] = lambda _: False,
) -> Taking:
    """Decide what is new, changed, or as it was.

    `feed` is the address that ids are made from; with `keeps_ids` they are the feed's own. `now` is
    when what has no date, or one to come, was first seen; where it `is_first` that a feed is looked
    at, such an entry has none: nobody knows how old it is. `links_elsewhere` tells whether another
    feed has brought an address, by `same_link` of it.
    """
    old = list(known)
    single = _once_each(entries)
    chosen = sorted(single, key=lambda one: one.published or now, reverse=True)[:most]
    match = _Matching(old, single)
    seen, writing, elsewhere = dict[str, Known](), list[Taken](), 0
    for entry in chosen:
        like = match.likes[id(entry)]
        before = match.of(entry)
        if before is None and entry.link and links_elsewhere(same_link(entry.link)):
            elsewhere += 1
            continue
        taken = (
            _new(entry, like, _minted(entry, feed, match.ids, keeps_ids), now, is_first=is_first)
            if before is None
            else _again(entry, like, before, now)
        )
        match.ids.add(taken.known.id)
        seen[taken.known.id] = taken.known
        if taken.is_new or (before and _differs(before, taken.known) and before.path):
            writing.append(taken)
    rest = {one.id: one for one in old}
    return Taking(
        write=tuple(writing),
        known=tuple({**rest, **seen}.values()),
        elsewhere=elsewhere,
        over=len(single) - len(chosen),
    )


def _differs(before: Known, after: Known) -> bool:
    return (before.digest, same_link(before.link)) != (after.digest, same_link(after.link))


def _new(entry: Entry, like: Known, name: str, now: datetime, *, is_first: bool) -> Taken:
    past = entry.published if entry.published and entry.published <= now else None
    day = past or (None if is_first else now)
    changed = entry.updated if day and entry.updated and day < entry.updated <= now else None
    known = replace(like, id=name, published=_iso(day), updated=_iso(changed))
    return Taken(entry=entry, known=known, is_new=True)


def _again(entry: Entry, like: Known, before: Known, now: datetime) -> Taken:
    """An entry that was taken: its date stays, whatever the feed says of it by now."""
    updated = before.updated
    if before.digest != like.digest:
        told = _iso(entry.updated) if entry.updated and entry.updated <= now else ""
        updated = told if told > max(before.updated, before.published) else _iso(now)
    known = replace(
        before,
        guid=like.guid,
        link=like.link,
        title=like.title,
        updated=updated,
        digest=like.digest,
    )
    return Taken(entry=entry, known=known, is_new=False)


def _iso(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _minted(entry: Entry, feed: str, ids: set[str], keeps_ids: bool) -> str:
    """An id for ever (RFC 9562 §5.5): of the feed and the entry, so that no two feeds clash."""
    if keeps_ids and entry.id and entry.id not in ids:
        return entry.id
    key = entry.id or entry.link or f"{entry.title}\n{_iso(entry.published)}"
    attempt = 0
    while True:
        seed = f"{feed}\n{key}" + (f"\n{attempt}" if attempt else "")
        name = uuid.uuid5(uuid.NAMESPACE_URL, seed).urn
        if name not in ids:
            return name
        attempt += 1


def _once_each(entries: Sequence[Entry]) -> list[Entry]:
    """Each entry once, as it was changed last; one id for several stories is no identity."""
    stories: dict[str, set[tuple[str, str]]] = {}
    for one in entries:
        stories.setdefault(one.id, set()).add((same_link(one.link), _said(one)))
    found: dict[tuple[str, ...], Entry] = {}
    for one in entries:
        is_own = one.id and len(stories[one.id]) == 1
        entry = one if is_own else replace(one, id="")
        key = (one.id,) if is_own else ("", same_link(one.link), fold(one.title), _said(one))
        other = found.get(key)
        if other is None or (other.updated and entry.updated and other.updated < entry.updated):
            found[key] = entry
    return list(found.values())


def _said(entry: Entry) -> str:
    return _iso(entry.published)[:10]


class _Matching:
    """Finds what entries are known as: by id, by link, by title and date, or by all their words.

    What several of those that are left have says nothing of any. `likes` are entries as they would
    be known, by Python's `id`; `ids` those that are taken.
    """

    def __init__(self, known: Sequence[Known], entries: Sequence[Entry]) -> None:
        self.ids = {one.id for one in known}
        self.likes = {id(one): _as_known(one) for one in entries}
        self._found: dict[int, Known] = {}
        for aspect in (_all, _guid, _link, _title, _words_of_day, _words):
            taken = {one.id for one in self._found.values()}
            theirs = _unique([one for one in known if one.id not in taken], aspect)
            left = {key: like for key, like in self.likes.items() if key not in self._found}
            counts = Counter(map(aspect, left.values()))
            for key, like in left.items():
                said = aspect(like)
                if said in theirs and counts[said] == 1:
                    self._found[key] = theirs[said]

    def of(self, entry: Entry) -> Known | None:
        """Return what an entry was taken as before, None where it is new."""
        return self._found.get(id(entry))


def _as_known(entry: Entry) -> Known:
    return Known(
        id="",
        guid=entry.id,
        link=entry.link,
        title=entry.title,
        said=_said(entry),
        digest=digest_of(entry),
    )


def _all(one: Known) -> str:
    return "\n".join((one.guid, one.link, one.title, one.said, one.digest))


def _guid(one: Known) -> str:
    return one.guid


def _link(one: Known) -> str:
    return same_link(one.link)


def _title(one: Known) -> str:
    return f"{fold(one.title)}\n{one.said}" if one.title and one.said else ""


def _words_of_day(one: Known) -> str:
    return f"{one.digest}\n{one.said}"


def _words(one: Known) -> str:
    return one.digest


def _unique(known: Sequence[Known], aspect: Callable[[Known], str]) -> dict[str, Known]:
    counts = Counter(aspect(one) for one in known)
    return {key: one for one in known if (key := aspect(one)) and counts[key] == 1}


def same_link(link: str) -> str:
    """Return an address without what changes for no reason: scheme, www., tracking, last slash.

    >>> same_link("http://www.Blog.example/a/?utm_source=rss#top")
    'blog.example/a'
    """
    try:
        parts = urlsplit(link)
        kept = [pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])]
        host = parts.netloc.lower().removeprefix("www.")
    except ValueError:
        return link
    return host + parts.path.rstrip("/") + (f"?{urlencode(kept)}" if kept else "")


def digest_of(entry: Entry) -> str:
    """Return what changes when a reader would see another story.

    Not for other markup, nor for what stands behind a `?` in the address of a picture.
    """
    said = (
        entry.title,
        prose.words(entry.body),
        _ADDRESSES.findall(entry.body),
        entry.summary,
        entry.authors,
        entry.tags,
        entry.picture.url.partition("?")[0] if entry.picture else "",
        [one.url.partition("?")[0] for one in entry.enclosures],
    )
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
