"""Articles → their words as places in a batch of their own, and the addresses linked to. Pure."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from html import unescape
from itertools import groupby
from urllib.parse import urlsplit

import msgspec
import numpy as np
from numpy.typing import NDArray

from publisher.model import Article, Bodies, spaced_text_of, text_of
from publisher.related.arrays import Ints
from publisher.related.meaning import text_for_model
from publisher.related.terms import language_of, words

_TIMES = (3, 2, 1)  # title, summary, body: a word of the title counts for three
_LONGEST = 10_000  # words of an article that are looked at
MOST = 2_000_000
"""Words that are kept in memory before they are written."""

_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')


class Read(msgspec.Struct, frozen=True):
    """An article, its words in order as places in its batch (0: a part ends), what it links to.

    `beginning` is what a model reads of it.
    """

    article: Article
    text: NDArray[np.uint32]
    links: Ints
    beginning: str


class _Places(dict[str, int]):
    """Numbers words from 1 in the order in which they are met."""

    def __missing__(self, word: str) -> int:
        self[word] = place = len(self) + 1
        return place


class Batch(msgspec.Struct, frozen=True):
    """Articles of one language that are written together; `places` of words begin at 1."""

    language: str
    for_model: bool
    places: _Places = msgspec.field(default_factory=_Places)
    read: list[Read] = msgspec.field(default_factory=list)

    def add(self, article: Article, body: str) -> int:
        """Read an article; return the number of its words."""
        text = array("I")
        place = self.places.__getitem__
        parts = (article.title, article.summary, spaced_text_of(body))
        for times, part in zip(_TIMES, parts, strict=True):
            text.fromlist([*map(place, words(part)[:_LONGEST]), 0] * times)
        links = {address(unescape(link)) for link in _LINK.findall(body)}
        links.discard(address(article.url))
        self.read.append(
            Read(
                article,
                np.frombuffer(text, np.uint32),
                np.array(sorted(links), np.int64),
                text_for_model(*parts[:2], text_of(body)) if self.for_model else "",
            )
        )
        return len(text)

    def take(
        self,
        articles: Sequence[Article],
        words: Sequence[str],
        texts: Sequence[bytes],
        links: Sequence[bytes],
        beginnings: Sequence[str],
    ) -> int:
        """Take what another batch read, in bytes; return the number of its words."""
        places = np.array([0, *map(self.places.__getitem__, words)], np.uint32)
        for article, text, leads, beginning in zip(articles, texts, links, beginnings, strict=True):
            own = places[np.frombuffer(text, np.uint32)]
            self.read.append(Read(article, own, np.frombuffer(leads, np.int64), beginning))
        return sum(map(len, texts)) // 4


def batches(fresh: Sequence[Article], body: Bodies, for_model: bool) -> Iterator[Batch]:
    """Articles by language, as many as memory may hold at once."""
    ordered = sorted(fresh, key=lambda article: language_of(article.language))
    for language, some in groupby(ordered, lambda article: language_of(article.language)):
        batch, size = Batch(language, for_model), 0
        for article in some:
            size += batch.add(article, body(article))
            if size > MOST:
                yield batch
                batch, size = Batch(language, for_model), 0
        if batch.read:
            yield batch


def address(url: str) -> int:
    """A number for an address, without what leads to the same page (scheme, query, last slash)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return 0
    plain = f"{parts.netloc.lower()}{parts.path.rstrip('/')}"
    return int.from_bytes(blake2b(plain.encode(), digest_size=8).digest(), signed=True)
