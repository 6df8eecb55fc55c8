"""The search index in the outbox; the last one has the words of most of its articles."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from publisher import files
from publisher.model import Article
from publisher.outbox import Tree
from publisher.pipeline.pages.search import most_of, search_index, search_key, searched
from publisher.pipeline.pages.writing import found
from publisher.pipeline.workspace import Workspace
from publisher.site import SEARCH_INDEX

_MOST = 100_000_000  # bytes of an index


def put_search(space: Workspace, tree: Tree, articles: Sequence[Article]) -> None:
    """Make the index of articles that may be seen, newest first, if it is not as it should be."""
    newest = searched(articles)
    key = search_key(newest)
    if not tree.holds(SEARCH_INDEX, key):
        most = most_of(newest)
        words = kept_words(tree, newest, most)
        others = [one for one in newest if one.id not in words]
        made = zip(others, found(space, others, most), strict=True)
        words |= {one.id: text for one, text in made}
        data = search_index(newest, [words[one.id] for one in newest], space.publication)
        tree.put(SEARCH_INDEX, key, data, searched_note(newest, most))


def searched_note(articles: Sequence[Article], most: int) -> Mapping[str, Any]:
    """Return what is to be known of an index: its articles, and how long the words of each are."""
    return {
        "shows": [one.id for one in articles],
        "versions": [one.version for one in articles],
        "most": most,
    }


def kept_words(tree: Tree, articles: Sequence[Article], most: int) -> dict[str, str]:
    """Return by id the words of those articles that the last index holds as they are now.

    None where somebody else wrote into it. Each article added leaves less room for the words of
    the others: theirs are then the beginning of what they were.
    """
    note = tree.note(SEARCH_INDEX) or {}
    names, versions, room = note.get("shows"), note.get("versions"), note.get("most")
    if not (isinstance(names, list) and isinstance(versions, list) and isinstance(room, int)):
        return {}
    if not tree.memory.stands(SEARCH_INDEX):
        return {}
    try:
        rows = json.loads(files.read(tree.folder / SEARCH_INDEX, _MOST))
        told = [row[4] for row in rows]
        before = {
            name: (version, words)
            for name, version, words in zip(names, versions, told, strict=True)
        }
    except (OSError, ValueError, LookupError, TypeError, RecursionError):  # it can be made without
        return {}
    now = {one.id: one.version for one in articles}
    return {
        name: words[:most]
        for name, (version, words) in before.items()
        if now.get(name) == version
        and isinstance(words, str)
        and (room >= most or len(words) < room)  # all of them, where they did not fill it
    }
