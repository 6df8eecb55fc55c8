"""Classic posts of WordPress: empty lines part paragraphs, and WordPress makes them when it shows.

The habit is its `wpautop`: what is a block stays one, the rest are paragraphs, and a line's end in
one is a `<br>`.
"""

from __future__ import annotations

import re

_BLOCKS = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area"
    "|blockquote|address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header"
    "|footer|nav|figure|figcaption|details|menu|summary|video|audio|script"
)
_PRE = re.compile(r"<(pre|script|style)\b[^<>]*+>", re.IGNORECASE)
_END_OF = {n: re.compile(f"</{n}>", re.IGNORECASE) for n in ("pre", "script", "style")}
_KEPT = re.compile(r"<pre data-kept=(\d+)></pre>")
_OPENING = re.compile(rf"(<(?:{_BLOCKS})(?=[\s/>]))", re.IGNORECASE)
_CLOSING = re.compile(rf"(</(?:{_BLOCKS})>|<hr\b[^<>]*+>)", re.IGNORECASE)
_BREAKS = re.compile(r"<br\s*+/?+>\s*+<br\s*+/?+>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*+>")
_EMPTY_LINE = re.compile(r"\n(?:[ \t]*+\n)+")
_ROOM = re.compile(r"(<(?:div|section|article)(?:\s[^<>]*+)?>)", re.IGNORECASE)
_BLOCK = rf"</?(?:{_BLOCKS})(?:[\s/][^<>]*+)?>"
_BEFORE_BLOCK = re.compile(rf"<p>\s*+({_BLOCK})", re.IGNORECASE)
_AFTER_BLOCK = re.compile(rf"({_BLOCK})\s*+</p>", re.IGNORECASE)
_BREAK_AFTER = re.compile(rf"({_BLOCK})\s*+<br />", re.IGNORECASE)
_BREAK_BEFORE = re.compile(
    r"<br />(\s*+</?(?:p|li|div|dl|dd|dt|th|pre|td|ul|ol|blockquote|figure|table|tr)"
    r"(?:[\s/][^<>]*+)?>)",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"<p>\s*+<blockquote([^<>]*+)>", re.IGNORECASE)
_TWICE = re.compile(r"</p>\s*+</p>")
_NO_WORDS = re.compile(r"<p>\s*+</p>\n?")
_BARE = re.compile(r"<p>([^<]++)</(div|address|form)>", re.IGNORECASE)


def paragraphed(text: str) -> str:
    """Return a classic post's text with its paragraphs as HTML.

    >>> paragraphed("One\\ntwo\\n\\nthree")
    '<p>One<br />\\ntwo</p>\\n<p>three</p>'
    """
    kept: list[str] = []
    text = _put_aside(text.replace("\r\n", "\n").replace("\r", "\n"), kept)
    text = _BREAKS.sub("\n\n", text)
    text = _CLOSING.sub("\\1\n\n", _OPENING.sub("\n\n\\1", text))
    text = _ROOM.sub("\\1\n\n", text)  # WordPress does not, and leaves a half paragraph there
    text = _TAG.sub(lambda tag: tag[0].replace("\n", " "), text)
    parts = (part.strip("\n \t") for part in _EMPTY_LINE.split(text))
    text = "\n".join(f"<p>{part}</p>" for part in parts if part)
    text = _BARE.sub(r"<p>\1</p></\2>", text)
    text = _QUOTE.sub(r"<blockquote\1><p>", text).replace("</blockquote></p>", "</p></blockquote>")
    text = _AFTER_BLOCK.sub(r"\1", _BEFORE_BLOCK.sub(r"\1", text))
    text = _BREAK_BEFORE.sub(r"\1", _BREAK_AFTER.sub(r"\1", _broken(text)))
    text = _NO_WORDS.sub("", _TWICE.sub("</p>", text))
    return _KEPT.sub(lambda found: kept[int(found[1])], text).strip()


def _put_aside(text: str, kept: list[str]) -> str:
    """Take out what keeps its line ends: preformatted text, scripts."""
    if "data-kept=" in text:
        text = text.replace("data-kept=", "data-held=")
    pieces, at = [], 0
    while found := _PRE.search(text, at):
        closing = _END_OF[found[1].lower()].search(text, found.end())
        if closing is None:
            break
        end = closing.end()
        pieces += [text[at : found.start()], f"<pre data-kept={len(kept)}></pre>"]
        kept.append(text[found.start() : end])
        at = end
    return "".join([*pieces, text[at:]])


def _broken(text: str) -> str:
    """A line's end within a paragraph is one that readers see."""
    lines = [line.rstrip(" \t") for line in text.split("\n")]
    last = len(lines) - 1
    return "\n".join(
        line if number == last or line.endswith(("<br />", "<br>", "</p>")) else f"{line}<br />"
        for number, line in enumerate(lines)
    )
