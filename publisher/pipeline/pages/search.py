"""The index of the page to search: titles and words of the newest articles, in one small file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import chain

from publisher.model import Article, Publication, prose
from publisher.rendering import local_address

_NEWEST = 2000  # articles
_CHARACTERS = 500_000  # of all their words together
_MOST = 1500  # characters of one article's
_FORMAT = 1


def searched(articles: Sequence[Article]) -> Sequence[Article]:
    """Return the articles that are found, of all that may be seen, newest first."""
    return articles[:_NEWEST]


def search_key(articles: Sequence[Article]) -> str:
    """Return a key of all that the index depends on, besides the settings."""
    about = [(article.id, article.version, article.url) for article in articles]
    return hashlib.sha256(repr((_FORMAT, about)).encode()).hexdigest()[:32]


def search_index(articles: Sequence[Article], words: Iterable[str], own: Publication) -> bytes:
    """Return the index as JSON: for each article its address, title, summary, language and words.

    `words` are those of each (`words_of`), so many that the whole stays small (`most_of`).
    """
    rows = [
        [
            local_address(article.url, own),
            article.title,
            article.summary,
            article.language,
            told,
        ]
        for article, told in zip(articles, words, strict=True)
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def most_of(articles: Sequence[Article]) -> int:
    """Return how many characters of each article's words are in the index."""
    return min(_MOST, _CHARACTERS // max(len(articles), 1))


def words_of(article: Article, body: str, most: int) -> str:
    """Return the words of an article, each once, at most so many characters of them."""
    told = {*article.title.casefold().split(), *article.summary.casefold().split()}
    found: dict[str, None] = {}
    room = most
    names = " ".join([*article.authors, *article.tags, article.section])
    blocks = (block.text for block in prose.blocks_in_turn(body, article.language))
    for text in chain([names], blocks):
        for word in text.casefold().split():
            if word not in told:
                told.add(word)
                found[word] = None
                room -= len(word) + 1
        if room < 0:  # most articles have far more
            break
    return " ".join(found)[:most]
