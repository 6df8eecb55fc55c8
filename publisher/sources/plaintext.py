"""A plain-text article → title, HTML and the titles of related stories it ends with.

Such files come out of mail, word processors and wire services: the title on line one, a
paragraph a line (or blank lines between paragraphs), section headings as short lines of their
own, and at the end short lists under a label. What a line is, its own shape and its neighbours
tell:

* a *list item* begins with a bullet or a number, a *quotation* with `>`;
* a *label* ends with a colon, or names a kind of list ("Stories You Will Also Like"), and
  short lines or nothing at all follow it to the end or to the next label;
* a *heading* is one short line without the end of a sentence, and text follows it; several such
  lines on end, where blank lines part blocks, are an address or a verse;
* all else is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from html import escape
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from publisher.model.languages import WIDE, WIDE_MARKS, unparted
from publisher.sources.dates import as_instant
from publisher.sources.weblinks import linked

_SHORT = 90  # characters of a heading or a title in a list, at most
_WIDE = re.compile(f"[{WIDE}{WIDE_MARKS}\uac00-\ud7a3]")
_SENTENCE_END = tuple(""" . ! ? … 。 ！ ？ ; , .” !” ?” ." !" ?" .’ .) 。」 """.split())
_ITEM = re.compile(r"\s*(?:[-*•–・]|(\d{1,3})[.)])\s+(.*)")
_MAY_BE_DAY = re.compile(r"(?:19|20)\d\d|(?:令和|平成|昭和)|[٠-٩۰-۹०-९]{4}|[０-９]{4}")
_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
_RELATED = re.compile(
    r"""\b( (you|we) .*\b like\b | also\ (like|read|see|on) | related | recommended | more\
        \ (from|on|stories|in) | read\ (more|next|also) | see\ also | further\ reading
        | auch\ interessant | mehr\ zum\ thema | lesen\ sie\ auch | weiterlesen | verwandte
        | (à|a)\ lire\ aussi | sur\ le\ m[eê]me\ sujet | articles\ liés
        | le\ puede\ interesar | lea\ también | relacionad[oa]s )\b
      | 関連記事 | あわせて読みたい""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME = r"[A-ZÀ-Þ][\w.'’-]*(?: (?:[A-ZÀ-Þ][\w.'’-]*|de|del|van|von|der|den|di|da|la|bin|al))+"
_BYLINE = re.compile(rf"(?:By|BY|by|Von|Par|Por):? ({_NAME}(?:(?:,| and| und| et| y| &) {_NAME})*)")
_UNDERLINE = re.compile(r"\s*([=\-~*_])\1{2,}\s*")
_SOURCES = re.compile(
    r"(sources?|references?|quellen?|literatur|références|fuentes|出典|参考)\s*:?", re.IGNORECASE
)


class _Several(str):
    """One of several short lines on end: of an address, or a verse."""

    __slots__ = ()


class PlainText(msgspec.Struct, frozen=True):
    """A plain-text article taken apart; `body` is HTML, `related` the titles under its label.

    `author` and `date` are what stood in lines of their own under the title, or "".
    """

    title: str
    body: str
    related: tuple[str, ...]
    author: str = ""
    date: str = ""


def parse(text: str, title: str = "") -> PlainText:
    """Take a plain-text article apart; `title` is the front matter's, else line one is it."""
    blocks = _blocks(text)
    if blocks and (not title or blocks[0] == title):
        title, blocks = blocks[0], blocks[1:]
    author, date, blocks = _signed(blocks)
    body, lists = _tail(blocks)
    related: list[str] = []
    parts = list(_markup(body))
    for label, items in lists:
        if _RELATED.search(label):
            related += [_bare(item) for item in items]
        elif items:
            parts.append(f"<h2>{escape(label.rstrip(':： '), quote=False)}</h2>")
            parts += _markup([f"- {_bare(item)}" for item in items])
    told = tuple(map(str, related))  # plain ones: no kind of ours can be encoded
    return PlainText(str(_bare(title)), "\n".join(parts), told, str(author), str(date))


def _signed(blocks: list[str]) -> tuple[str, str, list[str]]:
    """Take a byline and a date off the top, in whichever order; all else stays."""
    author = date = ""
    for _ in range(2):
        first = blocks[0] if len(blocks) > 1 else ""
        if not author and (found := _BYLINE.fullmatch(first)):
            author, blocks = found[1], blocks[1:]
        elif not date and _is_day(first):
            date, blocks = first, blocks[1:]
    return author, date, blocks


def _is_day(block: str) -> bool:
    """Whether a line is a whole date and nothing else."""
    is_number = block.isdigit() and len(block) != 8  # of a telephone, or a count
    if len(block) > 40 or is_number or not _MAY_BE_DAY.search(block):
        return False
    try:
        as_instant(block, ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        return False
    return True


def _blocks(text: str) -> list[str]:
    """Paragraphs, headings and items as one line each, whatever parted them in the file."""
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    wrapped = _is_wrapped(lines)
    blocks: list[list[str]] = []
    glued: set[int] = set()
    fresh, before = True, ""
    full = 0.6 * max(map(_columns, lines))  # a shorter line was ended by hand, not by the margin
    for line in lines:
        if not line.strip() or _UNDERLINE.fullmatch(line):
            fresh, before = True, ""
            continue
        if before and _goes_on(blocks[-1], line):
            blocks[-1].append(line.strip())
        elif not fresh and line.startswith(">") and blocks[-1][0].startswith(">"):
            blocks[-1].append(line.lstrip("> "))
        elif fresh or _ITEM.match(line) or line.startswith((">", "\u3000")):
            glued |= {len(blocks)} if before else set()
            blocks.append([line.strip()])
        else:
            blocks[-1].append(line.strip())
        fresh, before = not wrapped or _columns(line) < full, line
    joined = [_joined(block) for block in blocks]
    return _told_apart(joined, glued) if "" in lines else joined


def _told_apart(blocks: list[str], glued: Set[int]) -> list[str]:
    """The same, with short lines marked that stand on end; `glued` to the one before are some."""
    plain = [_is_short(one) and not _ITEM.match(one) and not _is_label(one) for one in blocks]
    on_end = {at for at in glued if plain[at] and plain[at - 1]}
    return [_Several(one) if {at, at + 1} & on_end else one for at, one in enumerate(blocks)]


def _goes_on(block: list[str], line: str) -> bool:
    """Whether an indented line goes on with the item of a list before it."""
    return line.startswith(("  ", "\t")) and bool(_ITEM.match(block[0])) and not _ITEM.match(line)


def _is_wrapped(lines: list[str]) -> bool:
    """Whether paragraphs run over several lines with blank lines between them (RFC 2822's 78).

    Chinese and Japanese lines are ended wherever the margin comes, and are often shorter.
    """
    widest = max(map(_columns, lines))
    if "" not in lines or widest > 120:
        return False
    return any(a and b and (_columns(a) > 55 or _ends_amid(a, widest)) for a, b in pairwise(lines))


def _ends_amid(line: str, widest: int) -> bool:
    """Whether a line of wide letters ends at a margin, in the middle of a sentence."""
    is_full = _columns(line) > max(36, 0.85 * widest)
    return is_full and bool(_WIDE.fullmatch(line[-1])) and not line.endswith(_SENTENCE_END)


def _columns(line: str) -> int:
    """How wide a line is: a letter of Chinese, Japanese or Korean takes two columns (UAX #11)."""
    return len(line) if line.isascii() else len(line) + len(_WIDE.findall(line))


def _joined(lines: list[str]) -> str:
    """The lines of a paragraph on one; between Chinese or Japanese letters stands no space."""
    return unparted("\n".join(lines)).replace("\n", " ")


def _is_short(block: str) -> bool:
    return len(block) <= _SHORT and not block.endswith(_SENTENCE_END)


def _is_heading(block: str, following: str, then: list[str]) -> bool:
    """Whether a block heads what follows: text, a list, or a heading that itself heads text."""
    is_question = len(block) <= _SHORT and block.endswith(("?", "？")) and len(following) > _SHORT
    if isinstance(block, _Several) or not (_is_short(block) or is_question) or "://" in block:
        return False
    if block.startswith(("“", '"', "„", "«", "「")):
        return False
    if block[0].islower() and following[:1].islower():
        return False  # lines of one sentence
    heads_text = _is_text(following) or bool(_ITEM.match(following))
    return heads_text or (_is_short(following) and bool(then) and _is_text(then[0]))


def _is_text(block: str) -> bool:
    return bool(block) and not _is_short(block)


def _is_label(block: str) -> bool:
    plain = block.rstrip()
    return len(plain) <= _SHORT and bool(
        plain.endswith((":", "：")) or _RELATED.search(plain) or _SOURCES.fullmatch(plain)
    )


def _may_be_listed(block: str) -> bool:
    """Whether a block may stand in a list at the end: a title (some end in ? or !), an address."""
    is_title = len(block) <= 2 * _SHORT and not block.endswith((".", ".”", '."', "。"))
    return is_title or bool(_ITEM.match(block) or _URL.match(block))


def _tail(blocks: list[str]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Split off the labelled lists at the end: from the first label that only lists follow."""
    start = len(blocks)
    for index in range(len(blocks) - 1, 0, -1):
        block = blocks[index]
        if _is_label(block) and _is_short(block):
            start = index
        elif not _may_be_listed(block):
            break
    lists: list[tuple[str, list[str]]] = []
    for block in blocks[start:]:
        if _is_label(block) and _is_short(block):
            lists.append((block, []))
        else:
            lists[-1][1].append(block)
    return blocks[:start], lists


def _markup(blocks: list[str]) -> Iterator[str]:
    open_list, number = "", 0
    for index, block in enumerate(blocks):
        item = None if _is_day(block) else _ITEM.match(block)
        kind = ("ol" if item[1] else "ul") if item else ""
        if kind != open_list:
            yield from (f"</{open_list}>",) if open_list else ()
            yield from (f"<{kind}>",) if kind else ()
            open_list, number = kind, 0
        following = blocks[index + 1] if index + 1 < len(blocks) else ""
        if item:
            number, expected = int(item[1] or 0), number + 1
            given = f' value="{number}"' if item[1] and number != expected else ""
            yield f"<li{given}>{_inline(item[2])}</li>"
        elif block.startswith(">"):
            yield f"<blockquote><p>{_inline(block.lstrip('> '))}</p></blockquote>"
        elif _is_heading(block, following, blocks[index + 2 : index + 3]):
            yield f"<h2>{_inline(block.rstrip(':：'))}</h2>"
        else:
            yield f"<p>{_inline(block)}</p>"
    if open_list:
        yield f"</{open_list}>"


def _bare(block: str) -> str:
    item = _ITEM.match(block)
    return item[2] if item else block


def _inline(text: str) -> str:
    """Escape markup, leave every quotation mark alone, and make web addresses links."""
    return linked(text) if "://" in text else escape(text, quote=False)
