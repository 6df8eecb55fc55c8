"""What a page says of itself for programs: metadata, Open Graph, JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from publisher.model import one_line

_STORY = re.compile(
    r"(?:https?://schema\.org/)?(?:(?:News|Tech|Scholarly|Advertiser|Satirical|Opinion|Analysis|"
    r"Reportage|Review|Background|Discussion)?\w{0,12}Article|BlogPosting|LiveBlogPosting|Report|"
    r"SocialMediaPosting|PodcastEpisode|Review|Recipe)"
)
_LIST = re.compile(
    r"(?:https?://schema\.org/)?(?:CollectionPage|Blog|ItemList|ProfilePage|SearchResultsPage|"
    r"AboutPage|ContactPage|FAQPage)"
)
_MOST_JSON = 500_000  # characters of one script
_MOST_THINGS = 500


class Said(msgspec.Struct):
    """`metas` by name in lower case (`all_of` where there are several); `story` is the JSON-LD of
    the page's one story, `lists` whether it says that it is a list.
    """

    metas: dict[str, str] = msgspec.field(default_factory=dict)
    tags: list[str] = msgspec.field(default_factory=list)
    story: Mapping[str, Any] = msgspec.field(default_factory=dict)
    lists: bool = False

    def meta(self, *names: str) -> str:
        """The first of some names that has a value."""
        return next((self.metas[name] for name in names if self.metas.get(name)), "")

    @property
    def is_article(self) -> bool:
        """Whether it says that it is one story, by Open Graph or JSON-LD."""
        return bool(self.story) or self.meta("og:type").lower() in ("article", "blog")


def said_by(root: Any) -> Said:
    """Return what a parsed page says of itself."""
    said = Said()
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = one_line(element.get("content") or "")
        if name and content:
            said.metas.setdefault(name.strip().lower(), content)
            if name.lower() == "article:tag":
                said.tags.append(content)
    things = list(_things(root))
    stories = [thing for thing in things if _is(thing, _STORY)]
    said.lists = any(_is(thing, _LIST) for thing in things) and len(stories) != 1
    if len(stories) == 1 or (stories and not said.lists):
        said.story = stories[0]
    if len(stories) > 1 and _are_several(stories):
        said.story, said.lists = {}, True
    return said


def _are_several(stories: list[Mapping[str, Any]]) -> bool:
    """Whether stories have different addresses: one story may be told as Article and Recipe."""
    addresses = {str(one.get("url") or one.get("@id") or one.get("headline")) for one in stories}
    return len(addresses) > 2


def _things(root: Any) -> Iterator[Mapping[str, Any]]:
    count = 0
    for script in root.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "").lower() or len(text) > _MOST_JSON:
            continue
        try:
            found = json.loads(
                re.sub(r"\A\s*(?://\s*)?<!\[CDATA\[|(?://\s*)?\]\]>\s*\Z", "", text), strict=False
            )
        except (ValueError, RecursionError):
            continue
        for thing in _unfolded(found, 0):
            count += 1
            if count > _MOST_THINGS:
                return
            yield thing


def _unfolded(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list) and depth < 4:
        for one in value[:_MOST_THINGS]:
            yield from _unfolded(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "blogPost", "itemListElement"):
            if depth < 4 and isinstance(value.get(key), dict | list):
                yield from _unfolded(value[key], depth + 1)


def _is(thing: Mapping[str, Any], kind: re.Pattern[str]) -> bool:
    kinds = thing.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(one, str) and kind.fullmatch(one) for one in kinds)


def names_in(value: Any) -> list[str]:
    """Return names of people or things in JSON-LD: a text, a thing with a name, or a list."""
    if isinstance(value, list):
        return [name for one in value[:20] for name in names_in(one)]
    if isinstance(value, dict):
        value = value.get("name")
    return [one_line(value)] if isinstance(value, str) and value.strip() else []


def address_in(value: Any) -> str:
    """Return the first address in JSON-LD: a text, a thing with a url, or a list."""
    if isinstance(value, list):
        return next(filter(None, map(address_in, value[:5])), "")
    if isinstance(value, dict):
        return address_in(value.get("url") or value.get("contentUrl") or value.get("@id"))
    return value.strip() if isinstance(value, str) else ""
