"""The systems whose exports are read, and how one is known by its first bytes and its names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from publisher.exports import blogger, ghost, medium, substack, wordpress
from publisher.exports.reading import Reader


class System(msgspec.Struct, frozen=True, kw_only=True):
    """One whose exports are read: `name` as it is typed, `title` as people call it.

    `moves` where its articles keep their paths on a domain of their own; `needs_site` where its
    export does not say where it was.
    """

    name: str
    title: str
    read: Reader
    moves: bool = True
    needs_site: bool = False


SYSTEMS: Mapping[str, System] = {
    one.name: one
    for one in (
        System(name="wordpress", title="WordPress", read=wordpress.read),
        System(name="ghost", title="Ghost", read=ghost.read, needs_site=True),
        System(name="substack", title="Substack", read=substack.read, needs_site=True),
        System(name="medium", title="Medium", read=medium.read, moves=False),
        System(name="blogger", title="Blogger", read=blogger.read, needs_site=True),
    )
}

HEAD = 64 * 1024
"""So many bytes of a file tell what it is."""

SUFFIXES = (".xml", ".wxr", ".json", ".atom", ".csv", ".zip")
"""Of files that may be exports."""

_GHOST = re.compile(rb'\A\s*\{\s*"(?:db"\s*:\s*\[|meta"\s*:|data"\s*:)')
_GHOST_TABLES = re.compile(
    rb'"(?:posts|exported_on|posts_meta|posts_authors|custom_theme_settings|benefits)"\s*:'
)


def recognised(name: str, head: bytes, inner: Iterable[str] = ()) -> str:
    """Return the system that a file is an export of, "" where it is of none.

    `head` are its first bytes, `inner` the names in it where it is an archive.
    """
    lowered = name.lower()
    if lowered.endswith(".zip"):
        return _archived(inner)
    if lowered.endswith(".csv"):
        first = head.partition(b"\n")[0]
        return "substack" if b"post_id" in first and b"is_published" in first else ""
    if lowered.endswith(".json"):
        return "ghost" if _GHOST.match(head) and _GHOST_TABLES.search(head) else ""
    if b"wordpress.org/export/" in head or b"<wp:wxr_version" in head:
        return "wordpress"
    is_feed = b"<feed" in head and b"http://www.w3.org/2005/Atom" in head
    is_blogger = b"schemas.google.com/blogger" in head or b"tag:blogger.com,1999:blog-" in head
    return "blogger" if is_feed and is_blogger else ""


def _archived(inner: Iterable[str]) -> str:
    names = list(inner)
    found = {name.rpartition("/")[2].lower() for name in names}
    posts = [name for name in names if re.search(r"(?:\A|/)posts/[^/]+\.html\Z", name)]
    if "posts.csv" in found:
        return "substack"
    if posts and ("readme.html" in found or any("profile/" in name for name in names)):
        return "medium"
    if "feed.atom" in found:
        return "blogger"
    if any(re.search(r"\.ghost\.[\d-]+\.json\Z", name) for name in found):
        return "ghost"
    return (
        "wordpress" if any(re.search(r"\.wordpress\.[\w.-]*xml\Z", name) for name in found) else ""
    )
