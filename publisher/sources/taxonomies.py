"""Names by which sites sort their articles, besides tags and sections."""

from __future__ import annotations

TOPICS = ("topics", "topic", "series")
"""Keys of front matter that are tags under another name, whatever made the site."""

_COLLECTIONS = frozenset({"all", "nav", "post", "posts", "taglist"})


def without_collections(tags: tuple[str, ...], generator: str) -> tuple[str, ...]:
    """Return tags without those by which Eleventy's starters put pages into collections.

    >>> without_collections(("posts", "sea"), "eleventy"), without_collections(("posts",), "")
    (('sea',), ('posts',))
    """
    if generator != "eleventy":
        return tags
    return tuple(tag for tag in tags if tag.casefold() not in _COLLECTIONS)
