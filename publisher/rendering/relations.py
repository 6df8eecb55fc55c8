"""How a related article is the same story, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable

from publisher.model import Related
from publisher.rendering.locales import language_in


def relation_in_words(one: Related, say: Callable[..., str], language: str) -> str:
    """Return what stands with a related article that tells the same story, "" for another's.

    `say` has the theme's words, in `language`.
    """
    if one.relation == "translation":
        other = language_in(one.article.language, language)
        return say("related_translation", language=other)
    if one.relation == "part":
        return say("related_part", part=one.part)
    return say(f"related_{one.relation}") if one.relation else ""
