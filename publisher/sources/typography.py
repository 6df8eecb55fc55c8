"""Quotation marks and dashes as a language has them, where Markdown has those of a typewriter.

comrak finds them: it knows code, addresses and raw HTML, which stay as they were typed. It writes
English ones, so that what was typed as such is put aside, and what it wrote is exchanged.
"""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import quote

from publisher.model.languages import quotes

_TYPED = "“”‘’–—…«»"
# Punctuation as well, since emphasis depends on it: of cuneiform, and of Medefaidrin.
_ASIDE = (
    "\U00012470\U00012471\U00012472\U00012473\U00012474\U00016e97\U00016e98\U00016e99\U00016e9a"
)
_BRACKET = "\U0001bc9f"  # of Chinook writing: "<" before a tag, which would be a part of «
_BEFORE_TAG = re.compile(r"<(?=<[A-Za-z/!?])")
_ENCODED = {quote(aside): quote(typed) for aside, typed in zip(_ASIDE, _TYPED, strict=True)}
_UNDRESSED = {"“": "&quot;", "”": "&quot;", "‘": "'", "’": "'", "–": "--", "—": "---", "…": "...",
              "«": "&lt;&lt;", "»": "&gt;&gt;"}  # fmt: skip
_IN_ATTRIBUTE = re.compile(r'(<img [^>]*?\balt=")([^"]*)"')
_MARKS = re.compile("[“”‘’–—«»]")
_PARTS = re.compile(r"(<[^>]*>)")
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|td|th|dd|dt|blockquote)>")
_DECADE = re.compile(r"\d\ds\b")  # the '90s: something is left out
_OPTION = re.compile(r"(^|[\s(“‘])–(?=[a-z])")  # --help is no dash
_SHORTENED = {  # words whose beginning is left out
    "de": re.compile(r"(?:s|n|ne|nen|nem|ner|nes|rein|raus|rüber|runter)\b(?!’)"),
    "en": re.compile(
        r"(?:tis|twas|twere|twill|em|til|till|cause|cuz|bout|tisn’t|twasn’t)\b(?!’)", re.I
    ),
    "nl": re.compile(r"(?:s|t|n|k|m|r)\b(?!’)"),
}
_EN_DASH = frozenset("cs da de et fi hr hu is lt lv nb nl nn no pl sk sl sr sv".split())
_LONG_DASH = frozenset("be bg mk ru uk".split())
_AS_TYPED = frozenset(("he", "iw", "yi"))  # a double quotation mark is a letter's part there
_AS_ENGLISH = frozenset(("ja", "zh", "ko"))


def applies(source: str, language: str) -> bool:
    """Whether marks may be exchanged: not in every language, nor where what stands for them is."""
    is_known = language.lower().partition("-")[0] not in _AS_TYPED
    return is_known and (source.isascii() or {*_ASIDE, _BRACKET}.isdisjoint(source))


def put_aside(source: str) -> str:
    """Return Markdown in which typographic characters wait until `dressed`."""
    if not source.isascii():
        source = _exchanged(source, _TYPED, _ASIDE)
    return _BEFORE_TAG.sub(_BRACKET, source) if "<<" in source else source


def is_wanted(rendered: str, source: str) -> bool:
    """Whether anything of what comrak rendered is to be `dressed`."""
    return not (rendered.isascii() and source.isascii()) or "<<" in source


def dressed(rendered: str, language: str, source: str) -> str:
    """Return what comrak rendered of Markdown with the marks of a language.

    `source` is that Markdown, before `put_aside`.
    """
    if not rendered.isascii():
        rendered = _IN_ATTRIBUTE.sub(_undressed, rendered)
        rendered = "".join(_Dressing(language.lower()).parts(_PARTS.split(rendered)))
    if "<<" in source:
        rendered = rendered.replace(_BRACKET, "&lt;").replace(quote(_BRACKET), "%3C")
    if source.isascii():
        return rendered
    for aside, typed in _ENCODED.items():
        rendered = rendered.replace(aside, typed)
    return _exchanged(rendered, _ASIDE, _TYPED)


def _exchanged(text: str, old: str, new: str) -> str:
    """A text with each character of `old` as that of `new`: `translate` looks at every letter."""
    for before, after in zip(old, new, strict=True):
        text = text.replace(before, after)
    return text


def _undressed(found: re.Match[str]) -> str:
    """An attribute as it was typed."""
    return found[1] + "".join(_UNDRESSED.get(c, c) for c in found[2]) + '"'


class _Dressing:
    """Goes through text and tags; a quotation ends with its block at the latest."""

    def __init__(self, language: str) -> None:
        first = language.partition("-")[0]
        self.marks = quotes("en" if first in _AS_ENGLISH else language)
        self.shortened = _SHORTENED.get(first)
        self.short, self.long = "–", "—"
        if first in _EN_DASH:
            self.long = "–"
        elif first in _LONG_DASH:
            self.short = "—"
        self.double = self.single = 0

    def parts(self, parts: list[str]) -> list[str]:
        for at, part in enumerate(parts):
            if part.startswith("<"):
                if _BLOCK_END.match(part):
                    self.double = self.single = 0
            elif not part.isascii():
                text = _OPTION.sub(r"\1--", part) if "–" in part else part
                parts[at] = _MARKS.sub(partial(self.found, parts, at), text)
        return parts

    def found(self, parts: list[str], at: int, found: re.Match[str]) -> str:
        if found[0] == "‘" and _DECADE.match(found.string, found.end()):
            return "’"
        if found[0] == "‘" and self.shortened and self.shortened.match(found.string, found.end()):
            return "’"
        following = found.string[found.end() : found.end() + 1]
        if not following:  # the word may go on behind a tag
            following = next((text[0] for text in parts[at + 2 : at + 12 : 2] if text), " ")
        return self.mark(found[0], following)

    def mark(self, c: str, following: str) -> str:
        """One of comrak's marks; what closes nothing is an apostrophe, a minute, an inch."""
        if c == "“":
            self.double += 1
            return self.marks.open
        if c == "”":
            if not self.double:
                return "&quot;"
            self.double -= 1
            return self.marks.close
        if c == "‘":
            self.single += 1
            return self.marks.inner_open
        if c == "’":
            if not self.single or following.isalnum():
                return "’"
            self.single -= 1
            return self.marks.inner_close
        if c in "«»":  # made of two brackets, which may be those of a program
            return _UNDRESSED[c]
        return {"–": self.short, "—": self.long}.get(c, c)
