"""Words that anybody writes, whatever an archive is about: what a small one cannot tell.

Those of SCOWL's lists (ordinary.LICENSE) that most dictionaries of English have; names, trademarks
and the words of trades are none.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from publisher.related.terms import language_of

_FILE = Path(__file__).with_name("ordinary.txt")


def is_ordinary(word: str, language: str) -> bool:
    """Tell whether a word, as texts have it, is one of them; in other languages than English none.

    >>> [is_ordinary(word, "en-GB") for word in ("careful", "april", "certiorari", "pittsburgh")]
    [True, True, False, False]
    >>> is_ordinary("die", "de")
    False
    """
    return language_of(language) == "en" and word in _listed()


@lru_cache(maxsize=1)
def _listed() -> frozenset[str]:
    """4 MB; read when a pick hangs on it, in the hundredth part of a second."""
    return frozenset(_FILE.read_text("utf-8").split())
