"""The words of an article, in any script. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping

# Letters and digits with their combining marks, which `\w` leaves out in some scripts.
_WORD = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])*"
)
_UNSPACED = re.compile(
    r"[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff]+"  # Han: character pairs
    r"|[\u30a0-\u30ff]+"  # a run of katakana is a word
    r"|[\u3040-\u309f]+"  # hiragana is grammar: dropped
    r"|[\u0e00-\u0e7f]+"  # Thai: character pairs
    r"|[^\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+"
)
_POSSESSIVE = re.compile(r"[’']s\b")


_FUNCTION_WORDS = {
    "en": "about after again all also an and another any are as at be because been before being "
    "but by can could did do does down each even ever every few for from get had has have he her "
    "here him his how if in into is it its just last like made make many may me more most much "
    "must my never new no not nothing now of off on once one only or other our out over own people "
    "said same say says she should since so some still such than that the their them then there "
    "these they this those through time to too two under until up us very was way we well were "
    "what when where which while who why will with without would years you your",
    "de": "aber alle als also am an auch auf aus bei bin bis da dann das dass dem den denn der des "
    "die dies diese dieser doch dort du durch ein eine einem einen einer eines er es etwas für "
    "gegen hat hatte ich ihr ihre im in ist ja jede jeder jetzt kann kein keine man mehr mit nach "
    "nicht nichts noch nun nur ob oder schon sehr seit sich sie sind so über um und uns unter vom "
    "von vor war waren was wenn wer werden wie wieder wir wird wo zu zum zur",
    "fr": "alors au aussi aux avant avec ce cela ces cette comme dans de depuis des donc du elle "
    "en est et être fait il ils je la le les leur leurs lui mais même ne nous on ont ou où par pas "
    "plus pour que qui sa sans se ses si son sont sous sur tous tout très un une vous",
    "es": "al como con de del desde donde el ella en entre era es esta este están fue ha hasta hay "
    "la las le lo los más me mi muy no nos para pero por porque que se ser si sin sobre son su sus "
    "también te tiene un una y ya",
}
"""Words that join others. In a large archive their frequency gives them away; in one of twenty
articles only a list can tell "has" from "treaty"."""

STOP = {language: frozenset(listed.split()) for language, listed in _FUNCTION_WORDS.items()}


def words(text: str) -> list[str]:
    """Return the words of a text in order: NFKC, case folded, scripts without spaces cut up.

    >>> words("Japan’s 東京都 Café")
    ['japan', '東京', '京都', 'café']
    """
    plain = _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text).casefold())
    found = _WORD.findall(plain)
    if plain.isascii() or not _UNSPACED_ANY.search(plain):
        return [word for word in found if len(word) > 1]
    return [part for word in found for run in _UNSPACED.findall(word) for part in _parts(run)]


_UNSPACED_ANY = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def _parts(run: str) -> Iterable[str]:
    first = run[0]
    if "\u3040" <= first <= "\u309f":
        return ()
    is_pairs = "\u3400" <= first <= "\u9fff" or "\u0e00" <= first <= "\u0e7f" or first >= "\uf900"
    if is_pairs and _UNSPACED_ANY.match(first):
        return [run[i : i + 2] for i in range(max(len(run) - 1, 1))]
    return (run,) if len(run) > 1 else ()


def idf(frequency: int, documents: int) -> float:
    """Return the weight of a word that `frequency` of `documents` articles hold (BM25's idf)."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def telling(
    counts: Mapping[str, int], frequencies: Mapping[str, int], documents: int, most: int
) -> list[str]:
    """Return the words that tell most about an article, heaviest first: by √count · idf.

    Words in more than a tenth of the archive say nothing (in a small archive, in more than
    half); no list of stop words is needed. Ties by the word.
    """
    limit = max(documents / 10, min(documents / 2, 10))
    weights = {
        word: math.sqrt(count) * idf(frequencies[word], documents)
        for word, count in counts.items()
        if 1 < frequencies.get(word, 0) <= limit
    }
    return sorted(weights, key=lambda word: (-weights[word], word))[:most]
