"""Shared subjects → the words in which the article itself writes them: what a reason says. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from publisher.model import text_of
from publisher.related.evidence import Term
from publisher.related.reading import without_code
from publisher.related.terms import is_part, words

_MOST = 3
"""So many reasons are given; names and the subjects of titles come before heavier ones."""
_LONGEST = 4  # words of a reason
_TRIED = 12  # subjects, the heaviest
_WORTH = 0.1
"""A reason weighs so much of the heaviest at least."""
_TOKEN = re.compile(r"[^\W_]+(?:[’'.&][^\W_]+)*")


def reasons(terms: Sequence[Term], title: str, text: str, most: int = _MOST) -> list[Term]:
    """Return the subjects worth naming, as the article writes them, names and its title's first.

    `text` is its prose: what stands in code alone is not named, nor a number, nor one name twice.

    >>> told = "On Monday John Fetterman met the Department of Health. Fetterman left."
    >>> shared = [Term("", 0.2, ("fetterman", "john")), Term("", 0.3, ("health",))]
    >>> [one.text for one in reasons(shared, "", told)]
    ['Health', 'John Fetterman']
    """
    whole, tokens, at, names = _read(title, text)
    found: list[tuple[bool, float, Term]] = []
    named: set[str] = set()
    least = _WORTH * max((term.weight for term in terms), default=0.0)
    for term in terms[:_TRIED]:
        if term.weight < least:
            break
        written = _written(term, whole, tokens, at, names)
        if written and written.casefold() not in named:
            named.add(written.casefold())
            first = _is_name(written, names) or written.casefold() in title.casefold()
            found.append((not first, -term.weight, replace(term, text=written)))
    return [term for _, _, term in sorted(found, key=lambda one: one[:2])[:most]]


def prose_of(body: str) -> str:
    """Return the text of a body without its code, a full stop where a block ends."""
    return text_of(re.sub(r"</(?:p|h\d|li|td|th|blockquote|div)>", ". ", without_code(body)))


@lru_cache(maxsize=4)  # an article is asked for each of its related ones
def _read(
    title: str, text: str
) -> tuple[str, list[tuple[int, int, tuple[str, ...]]], dict[str, list[int]], frozenset[str]]:
    """An article's title and text, its words, where each stands, and which are names."""
    whole = f"{title}. {text}" if title else text
    tokens = list(_tokens(whole))
    at: dict[str, list[int]] = {}
    for place, (_, _, parts) in enumerate(tokens):
        for part in parts:
            at.setdefault(part, []).append(place)
    return whole, tokens, at, _names(text)


def _tokens(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Each word of a text: from, to, and what the index knows it by."""
    for match in _TOKEN.finditer(text):
        word = match[0]
        plain = word.isascii() and word.isalnum()
        yield match.start(), match.end(), (word.lower(),) if plain else tuple(words(word))


def _written(
    term: Term,
    text: str,
    tokens: Sequence[tuple[int, int, tuple[str, ...]]],
    at: dict[str, list[int]],
    names: frozenset[str],
) -> str:
    """How a text writes a subject: most often, of equals the longest; "" where it does not."""
    if any(is_part(word) for word in term.words):
        return term.text if term.text in text else ""
    heaviest = next((word for word in term.words if word in at), "")
    forms: Counter[str] = Counter()
    for place in at.get(heaviest, ())[:50]:
        first = last = place
        while last - first + 1 < _LONGEST and _joins(text, tokens, last, last + 1, term):
            last += 1
        while last - first + 1 < _LONGEST and _joins(text, tokens, first - 1, first, term):
            first -= 1
        forms[text[tokens[first][0] : tokens[last][1]]] += 1
    if not forms:
        return ""
    count = forms.most_common(1)[0][1]
    often = [form for form, times in forms.items() if 2 * times >= count]
    return max(often, key=lambda form: (_is_name(form, names), form.count(" "), forms[form], form))


def _joins(
    text: str,
    tokens: Sequence[tuple[int, int, tuple[str, ...]]],
    left: int,
    right: int,
    term: Term,
) -> bool:
    """Whether two neighbouring words belong to one subject: nothing but a space between them."""
    if left < 0 or right >= len(tokens):
        return False
    between = text[tokens[left][1] : tokens[right][0]]
    held = set(term.words)
    inside = held & {*tokens[left][2]} and held & {*tokens[right][2]}
    return bool(inside) and between in (" ", "-")


def _names(text: str) -> frozenset[str]:
    """Words that a text always writes with a capital, inside its sentences as well."""
    inside, small = set(), set()
    for match in _TOKEN.finditer(text):
        if match[0].islower():
            small.add(match[0])
        elif not match[0].isdigit() and text[max(match.start() - 1, 0)] == " ":
            before = text[max(match.start() - 2, 0)]
            if before.islower() or before == ",":
                inside.add(match[0])
    return frozenset(word for word in inside if word.casefold() not in small)


def _is_name(written: str, names: frozenset[str]) -> bool:
    return all(word in names for word in _TOKEN.findall(written))
