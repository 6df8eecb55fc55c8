"""Shared words and phrases as an article itself writes them: what a reason says. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice

from publisher.model import nfkc, text_of
from publisher.related.evidence import Term
from publisher.related.terms import is_part, phrase

_LISTING = re.compile(r"<pre\b[^>]*>.*?</pre>", re.DOTALL)
_BETWEEN = re.compile(r"(?:[’']s)?[\s’'-]{1,2}")
_SEEN = 20  # places of a word in a text


class Wording:
    """How an article writes what it shares with others; read when it is asked for."""

    def __init__(self, title: str, summary: str, body: str) -> None:
        self._title, self._summary, self._body = title, summary, body
        self._known: dict[tuple[str, ...], tuple[tuple[str, ...], str, bool]] = {}

    @cached_property
    def _text(self) -> str:
        """All that is prose: what stands in listings is nobody's subject."""
        body = text_of(_LISTING.sub(" ", self._body))
        return nfkc(f"{self._title}. {self._summary}. {body}")

    @cached_property
    def _lower(self) -> str:
        lower = self._text.lower()
        return lower if len(lower) == len(self._text) else self._text

    def of(self, terms: Iterable[Term], silent: Collection[str] = ()) -> list[Term]:
        """Return those that stand in its prose, as it writes them: names and its title's first.

        `silent` words name nobody but who writes and publishes.

        >>> told = "<p>On Monday John Fetterman met nurses. Nurses and John Fetterman agreed.</p>"
        >>> shared = [Term("nurses", 0.3, ("nurses",)), Term("", 0.2, ("john", "fetterman"))]
        >>> [one.text for one in Wording("", "", told).of([*shared, Term("", 0.1, ("mutex",))])]
        ['John Fetterman', 'nurses']
        """
        title = self._title.lower()
        found = []
        for term in terms:
            said, written, is_name = self._written(
                tuple(word for word in term.words if word not in silent)
            )
            if said:
                told = is_name or written.lower() in title
                found.append((not told, Term(written, term.weight, said)))
        return [term for _, term in sorted(found, key=lambda one: one[0])]

    def _written(self, words: tuple[str, ...]) -> tuple[tuple[str, ...], str, bool]:
        """As many of some neighbouring words as stand there in a row, how, and if as a name."""
        if words not in self._known:
            found = ((said, forms) for said in _parts(words) if (forms := self._forms(said)))
            said, forms = next(found, ((), [("", False)]))
            self._known[words] = (said, *_usual(forms))
        return self._known[words]

    def _forms(self, words: Sequence[str]) -> list[tuple[str, bool]]:
        """Each way in which words stand in it side by side, and whether inside a sentence."""
        if not words[0].isascii() and any(is_part(word) for word in words):
            return [(text, False)] if (text := phrase(*words)) in self._text else []
        text = self._text
        return [
            (text[first:last], text[first - 1] == " " and _goes_on(text[first - 2]))
            for first, last in islice(self._places(words), _SEEN)
        ]

    def _places(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """From where to where they stand in it; found by their first letters, for that is quick."""
        text, word = self._lower, words[0]
        if "ss" in word and word not in text:
            word = word.replace("ss", "ß")
        start = text.find(word)
        while start >= 0:
            end = start + len(word)
            if not text[start - 1 : start].isalnum() and (last := _end(text, end, words[1:])):
                yield start, last
            start = text.find(word, end)


def _goes_on(before: str) -> bool:
    """Whether a sentence goes on after a sign and a space."""
    return before.islower() or before == ","


def _end(text: str, place: int, words: Sequence[str]) -> int:
    """Where words end that stand in a text from a place on, 0 where they do not."""
    for word in words:
        between = _BETWEEN.match(text, place)
        if between is None:
            return 0
        place = between.end()
        if not text.startswith(word, place):
            word = word.replace("ss", "ß")
            if not text.startswith(word, place):
                return 0
        place += len(word)
    return 0 if text[place : place + 1].isalnum() else place


def _parts(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """All of some neighbouring words, then fewer of them."""
    for length in range(len(words), 0, -1):
        for first in range(len(words) - length + 1):
            yield words[first : first + length]


def _usual(forms: Sequence[tuple[str, bool]]) -> tuple[str, bool]:
    """The form to write, and whether it is a name: with capitals inside sentences as well."""
    inside = [form for form, is_inside in forms if is_inside]
    often = Counter(inside or [form for form, _ in forms])
    best = max(often, key=lambda form: (often[form], form.islower(), form))
    return best, bool(inside) and all(word[0].isupper() for word in best.split())
