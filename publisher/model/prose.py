"""The one walk from HTML to words: text parts, summaries, descriptions, feeds and subjects.

It reads well-formed HTML as the sanitiser writes it. What only markup tells is told in characters:
a raised figure, a struck word, a quotation's marks, an item's number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

from publisher.model.elements import BLOCKS, Element, parse, parts
from publisher.model.indices import lowered, raised
from publisher.model.languages import WIDE, WIDE_MARKS, quotes, unparted

_BREAK = "\v"  # a `<br>`: it is kept through the folding of white space
_BLANKS = re.compile(r"[ \t\n\f\r]+")
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_STRUCK = frozenset("del s strike".split())
_NO_WORDS = frozenset("script style template rp".split())
_NOTE = re.compile(r"(?:\[[^\[\]]{1,40}\][\s,]*)+")
_PARTING = BLOCKS | {"hr"}
_WIDE = re.compile(f"[{WIDE}{WIDE_MARKS}]")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LAID_OUT = 4  # columns by which preformatted lines and definitions are moved in


class Block(msgspec.Struct, frozen=True):
    """A paragraph, a heading, an item, or lines that stay as they are (`fixed`).

    `first` stands before its first line, `rest` before the others. A `tight` one follows the one
    before it without an empty line. Line ends in `text` stay.
    """

    text: str
    first: str = ""
    rest: str = ""
    fixed: bool = False
    tight: bool = False


class _Kept(str):
    """A piece that must stay letter by letter: an address, code."""

    __slots__ = ()


def blocks(markup: str, language: str = "") -> list[Block]:
    """Return HTML as blocks of plain text, addresses after the words that lead there."""
    walk = _Walk(language, whole=True)
    walk.flow(parse(markup), "")
    return walk.blocks


def blocks_in_turn(markup: str, language: str = "") -> Iterator[Block]:
    """Yield the same as `blocks`; no more is read of HTML than is asked for."""
    walk = _Walk(language, whole=True)
    told = 0
    for part in parts(markup):
        walk.flow(part, "")
        yield from walk.blocks[told:]
        told = len(walk.blocks)


def words(markup: str | Element, language: str = "") -> str:
    """Return the words of HTML on one line: no addresses, footnote marks or struck words.

    >>> words("<h2>10<sup>6</sup> <s>old</s> cases</h2><p>in May<sup>[1]</sup></p>")
    '10⁶ cases in May'
    """
    if isinstance(markup, str) and markup.isascii() and not ("<" in markup or "&" in markup):
        return " ".join(markup.split())
    walk = _Walk(language, whole=False)
    walk.flow(parse(markup) if isinstance(markup, str) else markup, "")
    return " ".join(" ".join(block.text for block in walk.blocks).split())


def alternatives(markup: str | Element) -> str:
    """Return what the pictures of HTML show, in the words that stand for them."""
    tree = parse(markup) if isinstance(markup, str) else markup
    told = (" ".join(image.get("alt").split()) for image in tree.iter("img"))
    return " · ".join(dict.fromkeys(filter(None, told)))


class _Walk:
    """Collects `blocks`; `whole` shows addresses, alternatives and struck words as well."""

    def __init__(self, language: str, whole: bool) -> None:
        self.language, self.whole = language, whole
        self.blocks: list[Block] = []
        self.mark: str | None = None  # what stands before the next block, once
        self.listed = 0
        self.begun = False  # whether the outermost list has a block
        self.quoted = 0
        self.struck = False

    # Blocks

    def flow(self, parent: Element, rest: str) -> None:
        """The blocks of an element; text between them is a paragraph of its own."""
        loose: list[str] = []
        for child, after in _with_following(parent):
            if isinstance(child, Element) and (child.tag in _PARTING or child.blocks):
                self.paragraph(loose, rest)
                loose = []
                self.block(child, rest)
            else:
                loose += self.pieces(child, loose[-1] if loose else "", after)
        self.paragraph(loose, rest)

    def paragraph(self, pieces: list[str], rest: str) -> None:
        self.put(_folded("".join(pieces)), rest)

    def put(self, text: str, rest: str, *, fixed: bool = False) -> None:
        if not text:
            return
        if self.struck:
            text = f"~~{text}~~"
        first, self.mark = (rest if self.mark is None else self.mark), None
        tight = self.listed > 0 and self.begun
        self.begun = True
        self.blocks.append(Block(text, first, rest, fixed, tight))

    def block(self, element: Element, rest: str) -> None:
        """An element of blocks, in its own language if it has one."""
        around, self.language = self.language, element.get("lang") or self.language
        self.laid_out(element, rest)
        self.language = around

    def laid_out(self, element: Element, rest: str) -> None:
        tag = element.tag
        if tag in ("ul", "ol", "menu"):
            self.items(element, rest)
        elif tag == "blockquote":
            self.mark = None if self.mark is None else f"{self.mark}> "
            self.flow(element, f"{rest}> ")
        elif tag == "pre":
            self.preformatted(element, rest)
        elif tag == "table":
            self.table(element, rest)
        elif tag == "hr":
            self.put("* * *", rest, fixed=True)
        elif tag in _HEADINGS and not element.blocks:
            self.heading(element, rest)
        elif tag in ("video", "audio"):
            self.paragraph(self.player(element), rest)
        elif tag == "dl":
            self.terms(element, rest)
        elif tag == "dd":
            self.flow(element, rest + " " * _LAID_OUT)
        elif tag == "a":
            self.link_of_blocks(element, rest)
        elif tag in _STRUCK:
            self.struck_blocks(element, rest)
        else:
            self.flow(element, rest)

    def heading(self, element: Element, rest: str) -> None:
        pieces = self.inner(element)
        if self.whole and element.tag == "h2":
            pieces = [one if isinstance(one, _Kept) else self.capitals(one) for one in pieces]
        self.paragraph(pieces, rest)

    def capitals(self, text: str) -> str:
        """Words in capitals, where no meaning hangs on their letters' case."""
        if self.language.partition("-")[0] in (
            "tr",
            "az",
            "lt",
            "el",
        ):  # they have rules of their own
            return text
        tokens = re.split(r"(\s+)", text)
        before = ("", "", *tokens)
        return "".join(
            token.upper() if _may_be_capitals(token, last) else token
            for token, last in zip(tokens, before, strict=False)
        )

    def items(self, parent: Element, rest: str) -> None:
        outermost = self.listed == 0
        if outermost:
            self.begun = False
        self.listed += 1
        for mark, item in _marked(parent):
            if not mark:  # a list right in a list is no item
                self.flow(item, rest + "  ")
                continue
            begins = rest if self.mark is None else self.mark
            self.mark = begins + mark
            count = len(self.blocks)
            self.flow(item, rest + " " * len(mark))
            if len(self.blocks) == count:
                self.mark = None
                if self.whole:
                    tight, self.begun = self.begun, True
                    self.blocks.append(Block(mark.rstrip(), begins, rest, True, tight))
        self.listed -= 1

    def terms(self, element: Element, rest: str) -> None:
        self.begun = self.begun and self.listed > 0
        self.listed += 1
        self.flow(element, rest)
        self.listed -= 1

    def preformatted(self, element: Element, rest: str) -> None:
        text = _raw(element).strip("\n")
        if not self.whole:
            self.put(_folded(text), rest)
        elif text.strip():
            moved = " " * _LAID_OUT
            self.put("\n".join(moved + line for line in text.split("\n")), rest, fixed=True)

    def table(self, element: Element, rest: str) -> None:
        for caption in _own(element, "caption"):
            self.flow(caption, rest)
        rows = [list(_own(row, "td", "th")) for row in _own(element, "tr")]
        if all(len(row) <= 1 for row in rows):  # it only lays out what stands in it
            for row in rows:
                for cell in row:
                    self.flow(cell, rest)
            return
        between = " | " if self.whole else " "
        lines = (between.join(map(self.cell, row)) for row in rows)
        self.put("\n".join(line for line in lines if line.strip(" |")), rest, fixed=True)

    def cell(self, element: Element) -> str:
        inner = _Walk(self.language, self.whole)
        inner.flow(element, "")
        return " ".join(" ".join(block.text for block in inner.blocks).split())

    def link_of_blocks(self, element: Element, rest: str) -> None:
        count = len(self.blocks)
        self.flow(element, rest)
        address = self.address(element)
        if address and len(self.blocks) > count:
            last = self.blocks[-1]
            sep = "\n" if last.fixed else " "
            text = f"{last.text}{sep}{address}"
            self.blocks[-1] = Block(text, last.first, last.rest, last.fixed, last.tight)

    def struck_blocks(self, element: Element, rest: str) -> None:
        if not self.whole:
            return
        before, self.struck = self.struck, True
        self.flow(element, rest)
        self.struck = before

    # Words within a line

    def inner(self, element: Element) -> list[str]:
        pieces: list[str] = []
        for child, after in _with_following(element):
            pieces += self.pieces(child, pieces[-1] if pieces else "", after)
        return pieces

    def joined(self, element: Element) -> str:
        return "".join(self.inner(element))

    def pieces(self, node: Element | str, before: str, after: str = "") -> list[str]:
        """An element's words; `before` is the piece before them, `after` what follows."""
        if isinstance(node, str):
            return [node.replace(_BREAK, " ")]
        around, self.language = self.language, node.get("lang") or self.language
        found = self.said(node, before, after)
        self.language = around
        return found

    def said(self, node: Element, before: str, after: str) -> list[str]:
        tag = node.tag
        if tag in _NO_WORDS:
            return []
        if tag == "br":
            return [_BREAK]
        if tag == "img":
            return self.picture(node)
        if tag == "a":
            return self.link(node, after)
        if tag == "sup":
            return self.superscript(node, before)
        if tag == "sub":
            return [lowered(self.joined(node))]
        if tag in _STRUCK:
            return self.struck_words(node)
        if tag == "q":
            return self.quotation(node)
        if tag == "ruby":
            return self.ruby(node)
        if tag in ("video", "audio"):
            return self.player(node)
        inner = self.inner(node)
        if tag in ("code", "kbd", "samp", "var"):
            return [_Kept(piece) for piece in inner]
        return [" ", *inner, " "] if tag in BLOCKS else inner

    def picture(self, element: Element) -> list[str]:
        alt = " ".join(element.get("alt").split())
        return [f"[{alt}]"] if self.whole and alt else []

    def superscript(self, element: Element, before: str) -> list[str]:
        """A figure above the line, or the mark of a footnote: told in a text part alone."""
        bare = _Walk(self.language, whole=False).joined(element).strip()
        links = [one.get("href") for one in element.iter("a") if one.get("href")]
        if _NOTE.fullmatch(bare) or (any("#" in href for href in links) and len(bare) < 12):
            marks = bare if bare.startswith("[") else f"[{bare}]"
            return [marks] if self.whole and bare else []
        if links and self.whole and not (bare.isdigit() and before[-1:].isdigit()):
            return [" ", *self.inner(element)]
        if links and self.whole:  # 10⁶, which is a link
            return [raised(bare, before), *(f" <{href}>" for href in links)]
        return [raised(self.joined(element), before)]

    def struck_words(self, element: Element) -> list[str]:
        inner = self.joined(element)
        if not self.whole or not inner.strip():
            return []
        bare = inner.strip()
        at = inner.index(bare)
        return [inner[:at], f"~~{bare}~~", inner[at + len(bare) :]]

    def quotation(self, element: Element) -> list[str]:
        marks = quotes(self.language)
        is_inner = self.quoted % 2
        self.quoted += 1
        inner = self.inner(element)
        self.quoted -= 1
        first, last = (marks.inner_open, marks.inner_close) if is_inner else marks[:2]
        return [first, *inner, last]

    def ruby(self, element: Element) -> list[str]:
        """A word and, in brackets, how it is read."""
        pieces: list[str] = []
        readings: list[str] = []
        for child in [*element.children, ""]:
            if isinstance(child, Element) and child.tag in (
                "rt",
                "rtc",
            ):  # several follow: one word
                readings.append(self.joined(child).strip())
                continue
            if isinstance(child, Element) and child.tag == "rp":
                continue
            if readings and child and isinstance(child, str) and not child.strip():
                continue
            if reading := "".join(readings):
                readings = []
                pieces = [piece.rstrip() for piece in pieces]
                is_wide = _WIDE.search("".join(pieces)) is not None
                pieces.append(f"（{reading}）" if is_wide else f" ({reading})")
            if child:
                pieces += self.pieces(child, pieces[-1] if pieces else "")
        return pieces

    def player(self, element: Element) -> list[str]:
        sources = (element, *element.iter("source"))
        source = next((one.get("src") for one in sources if one.get("src")), "")
        return [_Kept(f"▶ <{source}>")] if self.whole and source else []

    def link(self, element: Element, after: str) -> list[str]:
        pieces = self.inner(element)
        text = "".join(pieces)
        address = self.address(element, text, after)
        if not address:
            is_address = "@" in text or "://" in text or text.strip().startswith("www.")
            return [_Kept(text)] if is_address else pieces
        if address.strip("<>") == text.strip():
            return [_Kept(text.replace(text.strip(), address))]
        return [*pieces, _Kept(f" {address}" if text.strip() else address)]

    def address(self, element: Element, text: str = "", after: str = "") -> str:
        """What is written behind a link's words: nothing where they are the address themselves."""
        href = element.get("href")
        if not href or not self.whole:
            return ""
        bare = re.sub(r"^(?:mailto|tel|sms):", "", href)
        if _same(bare, text.strip()) or _same(href, text.strip()):
            # Beside letters, as in Japanese, programs would take what follows for its end.
            return "" if after.isascii() else f"<{text.strip()}>"
        return f"<{href}>"


_HOST = re.compile(r"https?://[^/?#\s]+", re.IGNORECASE)


def _with_following(parent: Element) -> Iterator[tuple[Element | str, str]]:
    """The children of an element, each with the character that follows it."""
    after = [one[:1] if isinstance(one, str) else "" for one in parent.children[1:]]
    return zip(parent.children, [*after, ""], strict=False)


def _same(address: str, text: str) -> bool:
    """Whether words are an address: a host means the same in capitals, what follows it does not."""
    if address == text:
        return True
    if "%" in address and unquote(address) == unquote(text):
        return True
    ends = _HOST.match(text)
    return ends is not None and ends[0].lower() + text[ends.end() :] == address


def _folded(text: str) -> str:
    lines = (_single(unparted(line)).strip(" ") for line in text.split(_BREAK))
    return "\n".join(lines).strip("\n ")


def _single(line: str) -> str:
    """A line with one space where there were blanks; most have no others."""
    if "  " in line or "\n" in line or "\t" in line or "\r" in line or "\f" in line:
        return _BLANKS.sub(" ", line)
    return line


def _raw(element: Element) -> str:
    """The text of a preformatted element, every line of it as it stands."""
    parts = []
    for child in element.children:
        if isinstance(child, str):
            parts.append(child)
        else:
            parts.append("\n" if child.tag == "br" else _raw(child))
    return "".join(parts)


def _own(element: Element, *tags: str) -> Iterator[Element]:
    """Parts of a table or a row that are its own, not those of a table within."""
    for child in element.children:
        if isinstance(child, Element):
            if child.tag in tags:
                yield child
            elif child.tag in ("thead", "tbody", "tfoot"):
                yield from _own(child, *tags)


def _marked(parent: Element) -> Iterator[tuple[str, Element]]:
    """The items of a list with the mark that each has in HTML."""
    items = [one for one in parent.children if isinstance(one, Element) and one.tag == "li"]
    step = -1 if "reversed" in parent.attributes else 1
    number = _whole(parent.get("start"))
    if number is None:
        number = 1 if step > 0 else len(items)
    for one in parent.children:
        if isinstance(one, str) or one.tag != "li":
            yield "", Element("", children=[one], blocks=True)
        elif parent.tag != "ol":
            yield "- ", one
        else:
            own = _whole(one.get("value"))
            number = number if own is None else own
            yield f"{_numbered(number, one.get('type') or parent.get('type'))}. ", one
            number += step


def _whole(text: str) -> int | None:
    found = re.fullmatch(r"\s*([+-]?[0-9]{1,9})\s*", text, re.ASCII)
    return int(found[1]) if found else None


def _numbered(number: int, kind: str) -> str:
    """A number as `type` of `ol` has it written: 1, a, A, i, I."""
    if kind in ("a", "A") and number > 0:
        letters = ""
        while number:
            number, place = divmod(number - 1, 26)
            letters = chr(ord(kind) + place) + letters
        return letters
    if kind in ("i", "I") and 0 < number < 4000:
        text = ""
        for value, letters in _ROMAN:
            text += letters * (number // value)
            number %= value
        return text.upper() if kind == "I" else text
    return str(number)


def _may_be_capitals(token: str, before: str) -> bool:
    """Whether no meaning hangs on a word's case, as on that of mW, iPhone or an address."""
    if re.search(r"[@/_0-9#]|\.[^\W\d_]*[a-z]{2}", token):
        return False
    if before[-1:].isdigit() and len(token) <= 3:
        return False  # a unit
    parts = re.split(r"[^\w]+", token)
    return all(part[1:].islower() or part.isupper() or len(part) < 2 for part in parts if part)
