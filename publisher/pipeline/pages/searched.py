"""The words of the last search index, for the next one: most of its articles are the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from publisher import files
from publisher.model import Article
from publisher.outbox import Tree
from publisher.site import SEARCH_INDEX

_MOST = 100_000_000  # bytes of an index


def searched_note(articles: Sequence[Article], most: int) -> Mapping[str, Any]:
    """Return what is to be known of an index: its articles, and how long the words of each are."""
    return {
        "shows": [one.id for one in articles],
        "versions": [one.version for one in articles],
        "most": most,
    }


def kept_words(tree: Tree, articles: Sequence[Article], most: int) -> dict[str, str]:
    """Return by id the words of those articles that the last index holds as they are now.

    None where somebody else wrote into it, or its words had another length.
    """
    note = tree.note(SEARCH_INDEX) or {}
    names, versions = note.get("shows"), note.get("versions")
    if not isinstance(names, list) or not isinstance(versions, list):
        return {}
    if note.get("most") != most or not tree.memory.stands(SEARCH_INDEX):
        return {}
    try:
        rows = json.loads(files.read(tree.folder / SEARCH_INDEX, _MOST))
        told = [row[4] for row in rows]
        before = {
            name: (version, words)
            for name, version, words in zip(names, versions, told, strict=True)
        }
    except (OSError, ValueError, LookupError, TypeError):  # it can be made without
        return {}
    now = {one.id: one.version for one in articles}
    return {
        name: words
        for name, (version, words) in before.items()
        if now.get(name) == version and isinstance(words, str)
    }
