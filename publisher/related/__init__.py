"""An archive index; article → ranked related articles with reasons.

The one way in is `RelatedStories`. Its parts are imported when they are asked for: numpy takes a
tenth of a second, and most commands relate nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publisher.related.evidence import Term
    from publisher.related.index import Index
    from publisher.related.meaning import Meaning
    from publisher.related.models import (
        ENOUGH,
        PACKAGED,
        PACKAGED_LANGUAGE,
        has_packaged,
        model_named,
    )
    from publisher.related.names import Names
    from publisher.related.saying import Relation, said, sentence
    from publisher.related.standing import again
    from publisher.related.stories import RelatedStories, Why

__all__ = [
    "ENOUGH",
    "PACKAGED",
    "PACKAGED_LANGUAGE",
    "Index",
    "Meaning",
    "Names",
    "RelatedStories",
    "Relation",
    "Term",
    "Why",
    "again",
    "has_packaged",
    "model_named",
    "said",
    "sentence",
]

_WHERE = {
    "Index": "index", "Meaning": "meaning", "Names": "names", "RelatedStories": "stories",
    "model_named": "models", "has_packaged": "models", "ENOUGH": "models", "PACKAGED": "models",
    "PACKAGED_LANGUAGE": "models",
    "Term": "evidence", "Why": "stories", "again": "standing",
    "Relation": "saying", "said": "saying", "sentence": "saying",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
