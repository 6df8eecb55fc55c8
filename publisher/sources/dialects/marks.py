"""Signs in rendered Markdown that mean something: emoji, links of wikis, marks, abbreviations.

Only text is looked at: tags, code and what is no prose stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from html import escape, unescape
from urllib.parse import quote

import comrak

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)[^<>]*>")
_VERBATIM = frozenset("pre code kbd samp tt var script style textarea svg math x-tex".split())

_EMOJI = re.compile(r"(?<![\w:/.])(?::([a-z+-][a-z0-9_+-]{0,39}|100|1234):)+(?![\w:])")
_MAY_BE_EMOJI = re.compile(r":[a-z1+-][a-z0-9_+-]*:")  # quick, for it begins with a sign
_NAME = re.compile(r":([a-z0-9_+-]+)(?=:)")
_WIKI = re.compile(
    r"(!?)(?<![\[\w\]])\[\[(?=[^\s|])([^\[\]|<>\n]{1,200}?)(?:\\?\|([^\[\]<>\n]{1,300}))?(?<!\s)\]\]"
    r"(?![\](\[:])"
)
_OF_A_WIKI = re.compile(r"!\[\[|\[\[[^\[\]|<>\n]{1,200}(?:\\?\||#)[^\[\]<>\n]{1,300}\]\]")
_PAGE = re.compile(r"[\s#/-]|\.md\b")
_PICTURE = re.compile(r".+\.(?:png|jpe?g|gif|webp|avif|svg|bmp)", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,5})(?:x(\d{1,5}))?")
_PLAIN = re.compile(  # numbers, tables of contents, and what C++ writes so
    r"[\d\W]*|_?toc_?|tableofcontents|noreturn|fallthrough|nodiscard|maybe_unused|(?:un)?likely"
    r"|deprecated|no_unique_address|carries_dependency|[a-z]+::\w+",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?<![\w=!<>])==(?=[^\s=])([^=<>\n]{1,500}?)(?<=[^\s=])==(?![\w=])")


def applied(rendered: str, abbreviations: Mapping[str, str], *, marks: bool) -> str:
    """Return rendered Markdown with their meaning for its signs; `marks`: `==x==` is one.

    >>> applied("<p>:tada: [[Ferry|boat]] at 10:30:45 <code>:tada:</code></p>", {}, marks=False)
    '<p>🎉 <a href="article:Ferry">boat</a> at 10:30:45 <code>:tada:</code></p>'
    """
    changes: list[Callable[[str], str]] = []
    is_wiki = bool("[[" in rendered and _OF_A_WIKI.search(rendered))
    if _MAY_BE_EMOJI.search(rendered):
        changes.append(lambda text: _EMOJI.sub(_emoji, text) if ":" in text else text)
    if "[[" in rendered:
        changes.append(partial(_WIKI.sub, partial(_wiki, is_wiki=is_wiki)))
    if marks and "==" in rendered:
        changes.append(partial(_MARK.sub, r"<mark>\1</mark>"))
    if abbreviations:
        changes.append(_abbreviating(abbreviations))
    return _over_text(rendered, changes) if changes else rendered


def _over_text(rendered: str, changes: list[Callable[[str], str]]) -> str:
    pieces: list[str] = []
    at = 0
    verbatim, depth = "", 0

    def text(end: int) -> None:
        piece = rendered[at:end]
        if not verbatim:
            for change in changes:
                piece = change(piece)
        pieces.append(piece)

    for tag in _TAG.finditer(rendered):
        text(tag.start())
        pieces.append(tag[0])
        at = tag.end()
        name = tag[2].lower()
        if verbatim and name == verbatim:
            depth += -1 if tag[1] else 1
            verbatim = verbatim if depth else ""
        elif not verbatim and name in _VERBATIM and not tag[1] and not tag[0].endswith("/>"):
            verbatim, depth = name, 1
    text(len(rendered))
    return "".join(pieces)


@cache
def emoji(name: str) -> str:
    """Return the emoji that GitHub has for a name, "" for none; the table is comrak's."""
    extensions = comrak.ExtensionOptions()
    extensions.shortcodes = True
    made = comrak.render_markdown(f"x :{name}:", extension_options=extensions)
    found = made.removeprefix("<p>x ").removesuffix("</p>\n")
    return "" if found.startswith(":") else found


def _emoji(found: re.Match[str]) -> str:
    names = _NAME.findall(found[0])
    known = [emoji(name) for name in names]
    return "".join(known) if all(known) else found[0]


def _wiki(found: re.Match[str], is_wiki: bool) -> str:
    """A link to a page. A lone word may be one of C++ or JavaScript: it keeps its brackets."""
    page = unescape(found[2]).strip()
    if _PLAIN.fullmatch(page):
        return found[0]
    if found[1]:
        return _embedded(page, found[3] or "") or found[0]
    name, _, fragment = page.partition("#")
    address = f"article:{quote(name)}" if name else ""
    if fragment or not name:
        address += f"#{quote(fragment)}"
    words = found[3] or escape(page, quote=False)
    is_word = not (is_wiki or found[3] or _PAGE.search(page))
    return f'<a href="{address}">{f"[[{words}]]" if is_word else words}</a>'


def _embedded(file: str, said: str) -> str:
    """Obsidian's `![[picture.png|300]]`."""
    if not _PICTURE.fullmatch(file):
        return ""
    size = _SIZE.fullmatch(said)
    given = f' width="{size[1]}"' if size else ""
    alt = "" if size else said
    return f'<img src="{escape(quote(file))}" alt="{alt}"{given}>'


def _abbreviating(abbreviations: Mapping[str, str]) -> Callable[[str], str]:
    """What marks each of some words with what it stands for."""
    titles = {escape(word, quote=False): title for word, title in abbreviations.items()}
    words = "|".join(map(re.escape, sorted(titles, key=len, reverse=True)))
    pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)")

    def marked(found: re.Match[str]) -> str:
        return f'<abbr title="{escape(titles[found[0]])}">{found[0]}</abbr>'

    return lambda text: pattern.sub(marked, text)
