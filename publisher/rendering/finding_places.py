"""Where in a mail stands what a finding means: marks that a page of the preview leads to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

import msgspec

_TOKEN = re.compile(
    r"<!--.*?-->|<(style|script|title|head)\b.*?</\1\s*>"
    r"""|<(?:[^<>"']|"[^"]*"|'[^']*')*>|[^<]+|<""",
    re.DOTALL | re.IGNORECASE,
)
_NAME = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
_ID = re.compile(r"""\sid=["']([\w-]+)["']""")
_HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*all|visibility:\s*hidden", re.IGNORECASE)
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

_QUOTED = re.compile("“([^”]{2,})”")
_URL = re.compile(r"\b(?:https?|data|mailto|javascript):\S+")
_NAMED = re.compile(r"\bthe (?:link|picture) ([^\s“]*[./:][^\s“]*)")
_ELEMENT = re.compile(r"<([a-z]+)>")
_LONGEST = 60  # signs of a needle: rules cut what they quote


class _Piece(msgspec.Struct, frozen=True):
    """A text that is seen, or an opening tag, and where it stands."""

    start: int
    text: str
    is_tag: bool


def needles(what: str, *others: str) -> list[str]:
    """Return what to look for by a finding's words, the most telling first; `others` come last."""
    found = _QUOTED.findall(what) + _URL.findall(what) + _NAMED.findall(what)
    found += [f"<{name}" for name in _ELEMENT.findall(what)]
    told = [one.rstrip("…:,;")[:_LONGEST] for one in [*found, *others] if one]
    return [one for one in dict.fromkeys(told) if len(one.strip()) > 1]


def with_places(
    html: str, wanted: Sequence[Sequence[str]], prefix: str
) -> tuple[str, Sequence[str]]:
    """Return HTML in which each of some findings has its mark, and the marks' ids, "" for none.

    `wanted` are the `needles` of each. Words get an element of their own around them, elements an
    id; nothing that is shown changes. The same words again are the next place with them.
    """
    pieces = list(_pieces(html))
    edits: dict[tuple[int, int], str] = {}  # what is to be marked → its id
    seen: dict[str, str] = {}  # needle → the id of its last place
    ids = []
    for number, candidates in enumerate(wanted):
        ids.append(_placed(pieces, candidates, f"{prefix}-{number}", edits, seen))
    return _edited(html, edits), ids


def _placed(
    pieces: Sequence[_Piece],
    candidates: Sequence[str],
    new: str,
    edits: dict[tuple[int, int], str],
    seen: dict[str, str],
) -> str:
    for needle in candidates:
        for is_tag in (False, True):
            for start, end, own in _occurrences(pieces, needle, is_tag):
                taken = edits.get((start, end))
                if taken is None and not any(a < end and start < b for a, b in edits):
                    edits[start, end] = seen[needle] = own or new
                    return own or new
                if taken is not None and needle not in seen:
                    return taken
        if needle in seen:
            return seen[needle]
    return ""


def _occurrences(
    pieces: Sequence[_Piece], needle: str, is_tag: bool
) -> Iterator[tuple[int, int, str]]:
    """Where a needle stands: from, to, and the id that the element there has already."""
    pattern = _pattern(needle)
    for piece in pieces:
        if piece.is_tag is not is_tag:
            continue
        if is_tag:
            if pattern.search(piece.text):
                own = _ID.search(piece.text)
                yield piece.start, piece.start + len(piece.text), own[1] if own else ""
        else:
            for found in pattern.finditer(piece.text):
                yield piece.start + found.start(), piece.start + found.end(), ""


def _pattern(needle: str) -> re.Pattern[str]:
    """Words as HTML may write them."""
    if needle.startswith("<"):
        return re.compile(re.escape(needle) + r"\b", re.IGNORECASE)
    words = (re.escape(escape(word, quote=False)) for word in needle.split())
    text = r"\s+".join(words)
    text = text.replace('"', '(?:"|&quot;|&#34;)').replace("'", "(?:'|&#39;|&#x27;)")
    before = r"(?<!\w)" if needle[:1].isalnum() else ""
    after = r"(?!\w)" if needle[-1:].isalnum() and len(needle) < _LONGEST else ""
    return re.compile(before + text + after)


def _pieces(html: str) -> Iterator[_Piece]:
    """What a reader sees: iterative, for bodies nest deeply."""
    within: list[tuple[str, bool]] = []  # the open elements, and whether each hides what it holds
    for found in _TOKEN.finditer(html):
        text = found[0]
        tag = _NAME.match(text)
        is_hidden = bool(within) and within[-1][1]
        if found[1] or text.startswith(("<!--", "<!")):
            continue
        if tag is None:
            if not is_hidden and text.strip():
                yield _Piece(found.start(), text, False)
            continue
        name = tag[2].lower()
        if tag[1]:
            names = [one for one, _ in within]
            if name in names:
                del within[len(names) - 1 - names[::-1].index(name) :]
            continue
        is_hidden = is_hidden or bool(_HIDDEN.search(text))
        if not is_hidden:
            yield _Piece(found.start(), text, True)
        if name not in _VOID and not text.endswith("/>"):
            within.append((name, is_hidden))


def _edited(html: str, edits: dict[tuple[int, int], str]) -> str:
    parts, at = [], 0
    for (start, end), name in sorted(edits.items()):
        piece = html[start:end]
        parts.append(html[at:start])
        at = end
        tag = _NAME.match(piece)
        if tag is None:
            parts.append(f'<mark id="{name}">{piece}</mark>')
        elif _ID.search(piece):
            parts.append(piece)
        else:
            parts.append(f'{piece[: tag.end()]} id="{name}"{piece[tag.end() :]}')
    return "".join([*parts, html[at:]])
