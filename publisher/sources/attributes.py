"""Attributes in Markdown, of kramdown (`{: .class}`) and Pandoc (`{#id}`): read, not shown."""

from __future__ import annotations

import re

from publisher.sources.dialects.words import title_of

_LIST = r"\{:?\s?(?:(?:[.#][\w:.-]+|[\w:-]+=(?:&quot;[^{}<>]{0,200}?&quot;|[^\s{}<>&]+))\s*)+\}"
_ALONE = re.compile(r"<p>\{:[^{}<>]*\}</p>\n?")
_LAST_LINE = re.compile(r"\n {0,3}\{:[^{}<>]*\}(?=\s*</(?:p|li|td|dd|h[1-6])>)")
_CONTENTS = re.compile(r"<([ou]l)>\s*<li>[^<\n]{0,80}\n\{:\s*toc[^{}<>]*\}</li>\s*</\1>\n?")
_BEHIND = re.compile(rf"(</(?:a|em|strong|code|del)>|<img [^<>]*>){_LIST}")
_HEADING = re.compile(r"<(h[1-6])>([^\n]*?) {0,4}\{:? ?([#.][^{}<>\n]*)\}</\1>")
_ID = re.compile(r"#([\w:.-]{1,80})")


_TABLE_OF_CONTENTS = re.compile(
    r"<p>(?:\[TOC\]|\[\[(?:<em>|_)?TOC(?:</em>|_)?\]\])</p>\n?", re.IGNORECASE
)
_CALLOUT = re.compile(
    r"(<blockquote>\n<p>)\[!([A-Za-z][\w-]{1,30})\][-+]?[ \t]*"
    r"([^\n<]{0,200})(?:<br />)?(\n|(?=</p>))"
)


def named(rendered: str, language: str = "") -> str:
    """Return rendered Markdown whose notes of GitHub and Obsidian have their names before them.

    They are in the language of the article, where the words are known. The place of a table of
    contents (`[TOC]`) is dropped: there is none.

    >>> named("<blockquote>\\n<p>[!TIP]\\nTake a coat.</p>\\n</blockquote>")
    '<blockquote>\\n<p><strong>Tip</strong></p>\\n<p>Take a coat.</p>\\n</blockquote>'
    """
    without = _TABLE_OF_CONTENTS.sub("", rendered)
    return _CALLOUT.sub(lambda found: _callout(found, language), without)


def _callout(found: re.Match[str], language: str) -> str:
    name = found[3].strip() or title_of(found[2], language)
    after = "</p>\n<p>" if found[4] else ""
    return f"{found[1]}<strong>{name}</strong>{after}"


def dropped(rendered: str) -> str:
    """Return rendered Markdown without them; a heading keeps the id that it was given."""
    rendered = _LAST_LINE.sub("", _ALONE.sub("", _CONTENTS.sub("", rendered)))
    return _BEHIND.sub(r"\1", _HEADING.sub(_heading, rendered))


def _heading(found: re.Match[str]) -> str:
    given = _ID.search(found[3])
    written = f' id="{given[1]}"' if given else ""
    return f"<{found[1]}{written}>{found[2]}</{found[1]}>"
