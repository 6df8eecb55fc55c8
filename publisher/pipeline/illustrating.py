"""The pictures of imported articles: copied out of the export, or fetched where asked for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import msgspec

from publisher.errors import SourceError
from publisher.exports import Imported, Pack
from publisher.exports.picturing import (
    KINDS,
    MOST_BYTES,
    Pictures,
    Shown,
    addresses,
    led_to,
    pictures_of,
)
from publisher.fetching import Fetcher, Unanswered
from publisher.outbox.files import put

_MOST_PICTURE = 25 << 20
_MOST_IN_ALL = 20_000
_TYPES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp",
    "image/avif": ".avif", "image/svg+xml": ".svg",
}  # fmt: skip
_ENDINGS = frozenset((*_TYPES.values(), ".jpeg"))


class Illustrator(msgspec.Struct):
    """Fetches pictures, one after the other, each once; `failed` are those that nobody had."""

    fetcher: Fetcher
    asked: int = 0

    def picture(self, url: str) -> tuple[bytes, str]:
        """Return the bytes of a picture and its ending; raise Unanswered."""
        if self.asked >= _MOST_IN_ALL:
            raise Unanswered(f"more than {_MOST_IN_ALL:,} pictures")
        self.asked += 1
        answer = self.fetcher.ask(url, "GET")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if answer.status != 200:
            raise Unanswered(f"the server says {answer.status}")
        if kind not in _TYPES:
            raise Unanswered("it is no picture")
        if len(answer.body) >= _MOST_PICTURE:
            raise Unanswered("it is too large")
        return answer.body, _TYPES[kind]


def illustrator_of(agent: str, *, private: bool) -> Illustrator:
    """Return what fetches pictures: at public addresses alone, unless `private` ones are wanted."""
    return Illustrator(Fetcher(agent, most=_MOST_PICTURE, private=private))


class Copied:
    """Puts an article's pictures into the articles folder, and leads the article there."""

    def __init__(
        self,
        pack: Pack,
        articles: Path,
        pictures: Pictures,
        illustrator: Illustrator | None,
        counts: Counter[str],
        *,
        dry: bool,
    ) -> None:
        self.pack, self.articles, self.pictures = pack, articles, pictures
        self.illustrator, self.counts, self.dry = illustrator, counts, dry
        self._there: dict[str, str] = {}  # old address → new one, "" where there is none

    def placed(self, article: Imported) -> Imported:
        """Return an article that shows the pictures that lie here."""
        for shown in self.pictures.shown_by(article):
            if shown.url not in self._there:
                self._there[shown.url] = self.copied(shown)
        urls = addresses(article)
        if self.illustrator:
            seen = pictures_of(article)
            for url in urls:
                if url not in self._there and _is_picture(url, seen):
                    self._there[url] = self.fetched(url, self.illustrator)
        return led_to(article, {url: self._there[url] for url in urls if self._there.get(url)})

    def copied(self, shown: Shown) -> str:
        assert shown.member is not None
        path = self.articles / shown.place
        if not self.is_inside(path):
            return ""
        try:
            data = self.pack.read(shown.member, MOST_BYTES)
        except SourceError:
            self.counts["cannot be read in the export"] += 1
            return ""
        is_new = not self.dry and put(path, data)
        self.counts["copied" if is_new or self.dry else "there already"] += 1
        return self.pictures.address_of(shown.place)

    def fetched(self, url: str, illustrator: Illustrator) -> str:
        for suffix in ("", *_TYPES.values()):
            place = self.pictures.place_of(url, suffix)
            if PurePosixPath(place).suffix and (self.articles / place).is_file():
                self.counts["there already"] += 1
                return self.pictures.address_of(place)
        if self.dry:
            self.counts["to be fetched"] += 1
            return ""
        try:
            data, suffix = illustrator.picture(url)
        except Unanswered as error:
            self.counts[f"left where they are: {error}"] += 1
            return ""
        place = self.pictures.place_of(url, suffix)
        if not self.is_inside(self.articles / place):
            return ""
        put(self.articles / place, data)
        self.counts["fetched"] += 1
        return self.pictures.address_of(place)

    def is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.articles.resolve())


def _is_picture(url: str, shown: frozenset[str]) -> bool:
    """Whether an address is one of a picture, not of a page or a film."""
    if not url.startswith(("http://", "https://")):
        return False
    try:
        suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    except ValueError:
        return False
    return suffix in _ENDINGS or (url in shown and suffix not in KINDS)
