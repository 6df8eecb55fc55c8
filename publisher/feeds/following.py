"""What a feed reader that has read one feed shows once another stands in its place.

Each reader tells entries from each other by a rule of its own; one that it does not know is new,
whatever its date. The rules are those of the programs themselves: Miniflux 2
(`internal/reader/*/adapter.go`), FreshRSS (`app/Models/Feed.php: loadGuids`, `Entry.php: hash`),
and what the many others have in common.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import msgspec

from publisher.hosts import ascii_netloc
from publisher.model import fold

_INVALID = 0.05  # of a feed's guids: above it FreshRSS trusts none of them
_INDEX = re.compile(r"/(?:index\.(?:html?|php))?$|\.html?$")
_TRACKING = re.compile(r"utm_.*|fbclid|gclid|mc_[ce]id|ref|source")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as a feed reader reads it: "" or None for what is not there. `published` is UTC."""

    id: str
    url: str = ""
    title: str = ""
    published: datetime | None = None
    text: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


Kind = Literal["new", "updated", "resurrected"]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What one reader makes of an entry; `why` tells, of one resurrected, what is wrong."""

    kind: Kind
    entry: Seen
    why: str = ""


class Reader(msgspec.Struct, frozen=True):
    """A kind of feed reader. `keys` names each entry of a feed, `looks` is what it compares of one.

    With `by_date` it looks at dates alone: what is younger than the youngest it has seen is new.
    """

    name: str
    keys: Callable[[Sequence[Seen]], Sequence[str]]
    looks: Callable[[Seen], object]
    by_date: bool = False


def same_page(url: str) -> str:
    """Return what two addresses of one page have in common, "" for none.

    Scheme, `www.`, port, a slash or `index.html` at the end, case of the host, escapes, fragment
    and tracking are left out.

    >>> same_page("http://www.x.example/a%62/") == same_page("https://X.example/ab?utm_source=rss")
    True
    """
    try:
        parts = urlsplit(url.strip())
        host = ascii_netloc(parts.netloc.rpartition("@")[2]).partition(":")[0]
    except ValueError:
        return ""
    query = [(key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(key)]
    path = _INDEX.sub("", unquote(parts.path))
    return f"{host.removeprefix('www.')}{path}" + (f"?{urlencode(query)}" if query else "")


def _guids(feed: Sequence[Seen]) -> list[str]:
    return [one.id or one.url or _digest(one.title, one.text) for one in feed]


def _miniflux(feed: Sequence[Seen]) -> list[str]:
    """The guid; of several that are equal all but the first count with their address."""
    met: Counter[str] = Counter()
    found = []
    for place, key in enumerate(_guids(feed)):
        met[key] += 1
        found.append(key if met[key] == 1 else f"{key}|{feed[place].url or met[key] - 1}")
    return found


def _freshrss(feed: Sequence[Seen]) -> list[str]:
    """The guid, unless too many of a feed's are empty or equal: then address and date."""
    met = Counter(one.id for one in feed)
    invalid = sum(count - 1 for key, count in met.items() if key) + met[""]
    if invalid > round(_INVALID * len(feed)):
        return [_digest(one.url, str(one.published)) for one in feed]
    return _guids(feed)


def _whole(one: Seen) -> object:
    return (one.url, one.title, one.authors, one.tags, one.text)


def _words(one: Seen) -> object:
    return (one.title, one.text)


def _nothing(_: Seen) -> object:
    return None


READERS = (
    Reader("FreshRSS", _freshrss, _whole),
    Reader("Miniflux", _miniflux, _whole),
    Reader("by guid (NetNewsWire, newsboat, rss2email)", _guids, _words),
    Reader("by link (older ones, bridges)", lambda f: [one.url or one.id for one in f], _words),
    Reader("by date (Mailchimp and other RSS to e-mail)", _guids, _nothing, by_date=True),
)
"""The readers whose rules are replayed."""


def shown(reader: Reader, old: Sequence[Seen], new: Sequence[Seen]) -> list[Shown]:
    """Return what a reader that has read `old` shows of `new`: nothing of what is as it was.

    Of what it takes for new, that is resurrected which its people have seen before: a story of
    `old` by its address or its title, or one older than all of `old`.
    """
    known = dict(zip(reader.keys(old), old, strict=True))
    before = _Before(old)
    found = []
    for key, entry in zip(reader.keys(new), new, strict=True):
        was = known.get(key)
        if _is_news(reader, entry, was, before.newest):
            why = before.knows(entry, key)
            found.append(Shown(kind="resurrected" if why else "new", entry=entry, why=why))
        elif was and not reader.by_date and reader.looks(was) != reader.looks(entry):
            found.append(Shown(kind="updated", entry=entry))
    return found


def _is_news(reader: Reader, entry: Seen, was: Seen | None, newest: datetime | None) -> bool:
    if not reader.by_date:
        return was is None
    return entry.published is not None and (newest is None or entry.published > newest)


class _Before:
    """What the people who read a feed have seen of it."""

    def __init__(self, feed: Sequence[Seen]) -> None:
        self._pages = {same_page(one.url): one for one in feed if one.url}
        self._titles = {fold(one.title): one for one in feed if one.title}
        days = sorted(one.published for one in feed if one.published)
        self._oldest = days[0] if days else None
        self.newest = days[-1] if days else None

    def knows(self, entry: Seen, key: str) -> str:
        """Why an entry is none of the new ones, "" if it is one."""
        same = self._pages.get(same_page(entry.url)) if entry.url else None
        if same is None and entry.title:
            found = self._titles.get(fold(entry.title))
            same = found if found and _is_near(found, entry) else None
        if same and same.id == entry.id and same.url != entry.url:
            return f"it had the address {same.url}, and has {entry.url} now"
        if same and same.id == entry.id:
            return "it has another date now"
        if same:
            return f"it was there with the id {same.id or same.url!r}, and has {key!r} now"
        if entry.published and self._oldest and entry.published < self._oldest:
            return f"it is older than all that was there, {entry.published:%Y-%m-%d}"
        return ""


def _is_near(one: Seen, other: Seen) -> bool:
    """Whether two entries of one title may be one: a column has the same one every month."""
    if one.published is None or other.published is None:
        return True
    return abs((one.published - other.published).total_seconds()) < 48 * 3600


def counted(found: Iterable[Shown]) -> Mapping[Kind, int]:
    """Return how many there are of each kind."""
    met = Counter(one.kind for one in found)
    return {"new": met["new"], "updated": met["updated"], "resurrected": met["resurrected"]}


def most_resurrected(old: Sequence[Seen], new: Sequence[Seen]) -> tuple[int, str, tuple[Seen, ...]]:
    """Return how many entries the reader that shows most resurrects, which reader that is, and
    what any reader resurrects.
    """
    again = {
        one.name: [each.entry for each in shown(one, old, new) if each.kind == "resurrected"]
        for one in READERS
    }
    worst = max(again, key=lambda name: len(again[name]))
    every = dict.fromkeys(entry for found in again.values() for entry in found)
    return len(again[worst]), worst, tuple(every)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
