"""What a tag, an author or a section is called in the address of its feed and of its page; no two
the same.

A feed that moves loses its readers, so a name keeps its plain slug unless another name had it
first: whatever was seen first has it for good, and what comes later is spelt out, or numbered by
a digest of its own text. Nothing depends on how many others there are.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

import msgspec

from publisher.model.article import Article
from publisher.model.words import slugify

_SPELT = {
    "+": "plus", "#": "sharp", "&": "and", "@": "at", "%": "percent", "*": "star", "$": "dollar",
    "€": "euro", "£": "pound", "=": "equals", "<": "less", ">": "greater", ".": "dot", "/": "slash",
    "\\": "backslash", "|": "pipe", "~": "tilde", "^": "caret", "°": "degree", "!": "bang",
    "?": "question", ":": "colon",
}  # fmt: skip


_MINUS = re.compile(r"\w[-\u2010\u2011]$")  # of a mark or a blood group, rather than of a word


@functools.lru_cache(maxsize=50_000)
def same(name: str) -> str:
    """Return what two writings of one name have in common: case, spaces and hyphens are folded.

    >>> same("Open-Source") == same("open source"), same("C") == same("C++"), same("A-") == "a"
    (True, False, False)
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    plain = re.sub(r"[‘’'ʼ\"“”„]", "", plain)
    plain = re.sub(r"[\s_\u2010-\u2015-]+", " ", plain).strip()
    whole = re.sub(r"\s*([^\w\s])\s*", r"\1", plain).rstrip(".,;: ") or plain
    return f"{whole}-" if _MINUS.search(name.strip()) else whole


def names(seen: Iterable[tuple[str, datetime]]) -> dict[str, str]:
    """Return the address part of each name, by what its writings have in common (`same`).

    `seen` are names, each with when it was first to be seen. One that is the very slug goes
    before another that was seen at the same time: C before C++.
    """
    earliest: dict[str, datetime] = {}
    for name, when in seen:
        if name not in earliest or when < earliest[name]:
            earliest[name] = when
    first: dict[str, tuple[datetime, bool, str]] = {}
    for name, when in earliest.items():
        rank = (when, same(name).replace(" ", "-") != slugify(name), name)
        key = same(name)
        first[key] = min(rank, first.get(key, rank))
    taken: set[str] = set()
    found = {}
    for key in sorted(first, key=lambda one: (first[one], one)):
        found[key] = next(one for one in _candidates(first[key][2], key) if one not in taken)
        taken.add(found[key])
    return found


class Borne(msgspec.Struct, frozen=True, kw_only=True):
    """A name as it was first written, its part of an address, and who bears it, by their places.

    `merged` is how many bear a name that is written alike but for its signs: C, C++, C#.
    """

    title: str
    slug: str
    at: Sequence[int]
    merged: int


def borne(held: Iterable[Sequence[str]], shown: Sequence[datetime]) -> dict[str, Borne]:
    """Return by what their writings have in common (`same`) the names that some bear, in order.

    `held` are the names of each, `shown` since when those of each are known: 100,000 articles have
    few names, so that what is asked of a name is asked once, not of each who bears it.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, theirs in enumerate(held):
        for name in theirs:
            places[name].append(at)
    places.pop("", None)
    slugs = names((name, min(map(shown.__getitem__, all_))) for name, all_ in places.items())
    titles: dict[str, str] = {}
    members: dict[str, list[list[int]]] = {}
    alike: dict[str, list[list[int]]] = {}
    for name, found in places.items():
        key = same(name)
        titles.setdefault(key, name)
        members.setdefault(key, []).append(found)
        alike.setdefault(slugify(name) or key, []).append(found)
    bearers = {key: _once(found) for key, found in members.items()}
    return {
        key: Borne(
            title=titles[key],
            slug=slugs[key],
            at=bearers[key],
            merged=len(bearers[key] if rows == members[key] else _once(rows)),
        )
        for key in members
        for rows in (alike[slugify(titles[key]) or key],)
    }


def _once(rows: Sequence[list[int]]) -> list[int]:
    """The places of several writings in order, each once; those of one are most often that."""
    found = set(chain.from_iterable(rows))
    is_so = len(rows) == 1 and len(found) == len(rows[0])
    return rows[0] if is_so else sorted(found)


def portrait_key(name: str) -> str:
    """Return by what an article's `pictures` hold that of an author: no address is such."""
    return f"author {same(name)}"


def first_shown(article: Article, first_seen: Mapping[str, datetime]) -> datetime:
    """Return since when an article's names are known; `first_seen` tells by id of its file."""
    since, seen = article.published, first_seen.get(article.id)
    if seen is not None and seen > since:
        since = seen
    return since if article.embargo is None else max(since, article.embargo)


def _candidates(name: str, key: str) -> Iterator[str]:
    slug = slugify(name)
    if slug:
        yield slug
    if spelt := slugify(_spelt_out(name)):
        yield spelt
    if not slug and (symbols := _symbols(name)):
        yield symbols
    digest = hashlib.sha256(key.encode()).hexdigest()
    yield f"{slug}-{digest[:8]}".strip("-")
    yield digest


def _spelt_out(name: str) -> str:
    if _MINUS.search(name):
        name = f"{name[:-1]} minus"
    return "".join(f" {_SPELT[c]} " if c in _SPELT else c for c in name)


def _symbols(name: str) -> str:
    """A name of emoji and the like alone, as it is: file systems and addresses take it."""
    kept = "".join(c for c in name if not c.isspace())
    is_plain = all(ord(c) > 127 and unicodedata.category(c)[0] in "SMC" for c in kept)
    return kept if is_plain and len(kept.encode()) <= 100 else ""
