"""A feed, once: each of its entries becomes an article's file, with the feed's own id."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from publisher import files
from publisher.errors import SourceError
from publisher.fetching import Unanswered
from publisher.model import Publication, SourceFeed, slugify
from publisher.outbox.files import put
from publisher.pipeline.polling import Ask, asker, known_in
from publisher.sources.feeds import Feed, NotAFeed, Pace, read_feed, take, text_of_entry
from publisher.sources.feeds.repair import MOST_BYTES

_MOST = 10_000  # entries


class FeedImport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: paths from the articles folder on; `there` counts entries that had a file.

    `lost` says what bodies had that no mail can hold, `faults` what was wrong with the feed.
    """

    folder: str
    written: tuple[str, ...]
    there: int
    undated: int
    lost: dict[str, int]
    faults: tuple[str, ...]


def import_feed(
    root: Path,
    own: Publication,
    source: str,
    now: datetime,
    *,
    into: str = "",
    private: bool = False,
    dry: bool = False,
    ask: Ask | None = None,
) -> FeedImport:
    """Read a feed from a file or an address, and write what has no file yet.

    Raises SourceError where it cannot be had, or is no feed. What is there is never written over.
    """
    feed = _read(source, own, private, ask)
    name = feed.title or "feed"
    folder_name = into.strip("/") or f"imported/{slugify(name) or 'feed'}"
    folder = root / own.articles / folder_name
    if not folder.resolve().is_relative_to((root / own.articles).resolve()):
        raise SourceError(f"{into} leads out of the articles folder")
    here = [one.name for one in folder.glob("*.html")] if folder.is_dir() else []
    known = known_in(folder, here)
    taking = take(
        feed.entries, known, feed=feed.link or source, now=now, most=_MOST, is_first=True,
        keeps_ids=True,
    )  # fmt: skip
    settings = SourceFeed(url=feed.link or source, into=folder_name)
    written, lost = [], dict[str, int]()
    new = [one for one in taking.write if one.is_new]
    for taken in new:
        text, now_known = text_of_entry(taken.entry, taken.known, settings, name)
        if not dry:
            put(folder / now_known.path, text.encode())
        written.append(f"{folder_name}/{now_known.path}")
        for what, count in taken.entry.lost.items():
            lost[what] = lost.get(what, 0) + count
    return FeedImport(
        folder=folder_name,
        written=tuple(written),
        there=len(known),
        undated=sum(not one.known.published for one in new),
        lost=lost,
        faults=feed.faults,
    )


def _read(source: str, own: Publication, private: bool, ask: Ask | None) -> Feed:
    try:
        if urlsplit(source).scheme in ("http", "https"):
            answer = (ask or asker(own))(SourceFeed(url=source, private=private), Pace())
            if answer.status != 200:
                raise SourceError(f"its server answers {answer.status}", path=source)
            return read_feed(answer.body, answer.url, answer.headers.get("content-type", ""))
        return read_feed(files.read(Path(source), MOST_BYTES), "")
    except (Unanswered, NotAFeed) as error:
        raise SourceError(str(error), path=source) from None
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", path=source) from None
