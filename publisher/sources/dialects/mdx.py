"""MDX → Markdown: nothing of it is run.

Imports, exports and comments go, plain values of expressions stay, components have what stands for
them (`components`) or are left out and named; what they hold stays. MDX has no indented code, so
that what stands in an element is not one either.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from publisher.model.elements import Element
from publisher.sources.dialects import components, modules
from publisher.sources.dialects.jsx import Budget, Tag, Value, literal, style, tag_at
from publisher.sources.dialects.lines import FENCE, parted
from publisher.sources.unseen import is_unseen

_ALONE = re.compile(r"([ \t]*)<(/?)([A-Za-z][\w.]*|(?=>))(?:[^<>`]*(?<!/))?>[ \t]*")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_CLOSED = re.compile(r"</\s*([A-Za-z][\w.:-]*)")
_PLACES = re.compile(r"`+|[{<\\]")
_ID_COMMENT = re.compile(r"/\*\s*(#[\w.:-]{1,80})\s*\*/")
_HEADING_ID = re.compile(r"\{#[\w.-]+\}|\{:[^{}\n]*\}")
_BARE = re.compile(r"[\s{}]+")
_NOTHING = frozenset(("false", "null", "undefined", "!1", "0"))
_WRITTEN = {"className": "class", "htmlFor": "for", "srcSet": "srcset", "autoPlay": "autoplay"}
_HTML = frozenset(
    "a abbr address article aside audio b big blockquote body br button caption center cite code "
    "col colgroup dd del details dfn dialog div dl dt em embed fieldset figcaption figure font "
    "footer form h1 h2 h3 h4 h5 h6 header hr i iframe img input ins kbd label legend li link main "
    "mark meta nav noscript object ol optgroup option p param picture pre q rp rt ruby s samp "
    "script section select small source span strong style sub summary sup svg table tbody td "
    "textarea tfoot th thead time tr track u ul var video wbr path g circle rect line".split()
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_PARTS = frozenset("td th tr tbody thead tfoot li dt dd caption source track p summary".split())

_BOXES = frozenset(
    "address article aside blockquote center details div footer header main section".split()
)
_BLOCK = re.compile(r"</?(?:blockquote|details|p)\b")
_ITEM = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
_BEGINS_BLOCK = re.compile(r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?(?:<[^<>]*+>[ \t]*+)*+")
_TAGS = re.compile(r"[ \t]*+(?:<[^<>]*+>[ \t]*+)*+")
_SIGNS = re.compile(r"[*_`\[~]")
_HELD = re.compile(
    r"\{\s*(`(?:[^`\\]|\\.)*+`|\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+')\s*\}\s*", re.DOTALL
)
_PRE = re.compile(
    r"(?P<before>[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?)(?P<tag><pre\b[^<>]*+>)\s*"
    rf"(?P<inner><code\b[^<>]*+>)?\s*(?P<held>(?:{_HELD.pattern})++)(?:</code>\s*)?</pre>",
    re.DOTALL,
)
_LOOK = 200  # characters of a line that are looked at
_SHORT = 42  # characters of what is told
_FAR = 2000  # characters in which a part of a line ends

_MOST_LEVELS = 100

MAY_HAVE_TAGS = re.compile(r"<[A-Za-z][^<>]*?=\{")
"""Whether a text that is no MDX has tags of JSX."""

_IS_MDX = re.compile(
    r"^import\s+(?:[\w$]+|\{[^{}\n]*\})\s+from\s+[\"'][^\"'\n]+[\"'];?[ \t]*$", re.MULTILINE
)


class Mdx(msgspec.Struct):
    """A text without its JSX; each with how often: components left out whole, words of attributes
    left out, components whose content stays, expressions left out.
    """

    text: str
    lost: Counter[str] = msgspec.field(default_factory=Counter)
    words: Counter[str] = msgspec.field(default_factory=Counter)  # of attributes
    unwrapped: Counter[str] = msgspec.field(default_factory=Counter)
    expressions: Counter[str] = msgspec.field(default_factory=Counter)


def is_mdx(text: str) -> bool:
    """Whether a text of no declared kind is MDX: it imports something, and shows a component."""
    found = _IS_MDX.search(text) if "import" in text else None
    if found is None or not re.search(r"<[A-Z]", text):
        return False
    return any(_IS_MDX.match(line) for line, is_code in parted(text) if not is_code)


def opened(
    text: str, language: str, *, whole: bool = True, front: Mapping[str, object] | None = None
) -> Mdx:
    """Return Markdown without JSX; unless `whole`, only tags with braces in them are changed.

    `front` is what an expression may ask the front matter for.

    >>> opened("import A from 'a'\\n\\nHi {'you'} {/* no */}<A x={1} />", "en").text
    'Hi you '
    """
    known: dict[str, str] = {}  # files by the names that they are imported as
    values = modules.of_front_matter(front or {})
    if whole:
        lines = modules.without(list(parted(text)), known, values)
        text = "\n".join(_dedented(lines))
    reading = _Reading(text, language, known, whole, values)
    reading.told.text = "".join(reading.pieces())
    return reading.told


def _dedented(lines: Iterator[tuple[str, bool]]) -> Iterator[str]:
    """The lines as far in as the elements that they stand in."""
    within: list[_Element] = []
    for line, is_code in lines:
        bare = line.lstrip(" \t")
        indent = len(line) - len(bare)
        tag = None if is_code else _ALONE.fullmatch(line)
        if within and bare:
            if tag and tag[2] and within[-1].name == tag[3]:
                line = " " * within.pop().indent + bare
                yield line
                continue
            if within[-1].inner < 0:
                within[-1].inner = indent
            line = " " * within[-1].indent + line[min(indent, within[-1].inner) :]
        yield line
        if tag and not tag[2] and tag[3].lower() not in _VOID and len(within) < _MOST_LEVELS:
            within.append(_Element(tag[3], len(line) - len(line.lstrip(" \t"))))


class _Element(msgspec.Struct):
    name: str
    indent: int
    inner: int = -1  # how far in its first line is, as it was written


class _Reading:
    def __init__(
        self,
        text: str,
        language: str,
        known: dict[str, str],
        whole: bool,
        values: Mapping[str, str],
    ) -> None:
        self.text, self.language, self.known, self.whole = text, language, known, whole
        self.values = values
        self.told = Mdx("")
        self.budget = Budget(len(text))
        self.open: list[tuple[str, str]] = []  # names of components, and what ends them
        self.closed = set(_CLOSED.findall(text))
        self.unclosed: dict[int, int] = {}  # of code ticks: how many, and up to where in vain

    def pieces(self) -> Iterator[str]:
        at = 0
        for start, end in self.prose():
            yield from self.verbatim(self.text[at:start])
            yield from self.part(start, end)
            at = end
        yield from self.verbatim(self.text[at:])

    def verbatim(self, code: str) -> Iterator[str]:
        """Code as it was written, but for the lines that a `<pre>` has in an expression."""
        while self.whole and (found := _PRE.match(code)):
            written = [one[1] for one in _HELD.finditer(found["held"])]
            held = [literal(one, self.values) for one in written]
            for one, said in zip(written, held, strict=True):
                if said is None:
                    self.unread(f"{{{one}}}")
            tag = tag_at(found["inner"] or found["tag"], 0, self.budget, self.known)
            lines = "".join(filter(None, held)).strip("\n")
            made = components.code(tag or Tag("pre", 0, {}), lines) if lines else ""
            yield f"{found['before']}{made}"
            code = code[found.end() :]
        yield code

    def prose(self) -> Iterator[tuple[int, int]]:
        """Where the parts begin and end that are no fenced code."""
        place = start = 0
        was_code = False
        for line, is_code in parted(self.text):
            if is_code and not was_code:
                yield start, place
            elif was_code and not is_code:
                start = place
            place, was_code = place + len(line) + 1, is_code
        if not was_code:
            yield start, len(self.text)

    def part(self, at: int, end: int) -> Iterator[str]:
        while found := _PLACES.search(self.text, at, end):
            yield self.text[at : found.start()]
            at = found.end()
            written = found[0]
            if written == "\\":
                at = min(at + 1, end)
                yield self.text[found.start() : at]
            elif written[0] == "`":
                at = self.code(found.start(), at, end)
                yield self.text[found.start() : at]
            else:
                made = self.tag(found.start()) if written == "<" else self.expression(found.start())
                if made is None:
                    yield written
                else:
                    piece, at = made
                    yield piece
        yield self.text[at:end]

    def code(self, start: int, at: int, end: int) -> int:
        """Where code in a line ends; after its ticks, where nothing ends it."""
        count = at - start
        if self.unclosed.get(count, -1) > start:
            return at
        blank = _BLANK_LINE.search(self.text, at, end)
        most = blank.start() if blank else end
        found = re.compile(rf"(?<!`)`{{{count}}}(?!`)").search(self.text, at, most)
        if found:
            return found.end()
        self.unclosed[count] = most
        return at

    def expression(self, at: int) -> tuple[str, int] | None:
        if not self.whole or _HEADING_ID.match(self.text, at):
            return None
        end = self.budget.end_of(self.text, at)
        if end < 0:
            return None
        inner = self.text[at + 1 : end - 1].strip()
        if inner.startswith("/*") and inner.endswith("*/"):
            if given := _ID_COMMENT.fullmatch(inner):
                return f"{{{given[1]}}}", end
            return ("<!--truncate-->" if "truncate" in inner else ""), end
        plain = literal(inner, self.values)
        if plain is None and inner:
            self.unread(f"{{{inner}}}")
        return plain or "", end

    def unread(self, written: str) -> None:
        """Tell of an expression that only running it tells."""
        bare = " ".join(written.split())
        self.told.expressions[bare if len(bare) <= _SHORT else _short(bare) + "}"] += 1

    def tag(self, at: int) -> tuple[str, int] | None:
        tag = tag_at(self.text, at, self.budget, self.known)
        if tag is None:
            return None
        if not self.whole and (tag.closes or "{" not in self.text[at : tag.end]):
            return None
        if self.whole and tag.is_component and self.is_a_word(tag):
            return "&lt;", at + 1
        for name, written in tag.unread.items():
            if name in components.WORDS:
                self.unread(f"{name}={written}")
        if tag.name in _HTML or (tag.name and not tag.is_component):
            return self.html(tag, at)
        if tag.name in components.CODE and (code := self.code_of(tag, at)):
            return code
        made = self.component(tag, at)
        return self.placed(made, at, tag.end, is_block=bool(_BLOCK.match(made))), tag.end

    def is_a_word(self, tag: Tag) -> bool:
        """Whether nothing ends what a tag would begin: it is written as `Array<T>` is."""
        return not (tag.closes or tag.is_empty or tag.name in self.closed)

    def html(self, tag: Tag, at: int) -> tuple[str, int] | None:
        """A tag of HTML, with attributes as HTML writes them."""
        if tag.closes:
            piece = f"</{tag.name}>"
        else:
            piece = f"<{tag.name}{_attributes(tag)}>"
            piece += f"</{tag.name}>" if tag.is_empty and tag.name not in _VOID else ""
        if tag.name == "p" and self.whole and self.has_signs(at, tag) and not _is_unseen(tag):
            return "\n\n", tag.end  # its line is a paragraph of Markdown
        if tag.name in _PARTS or not self.whole:
            return piece, tag.end
        is_block = tag.name in _BOXES and self.has_signs(at, tag)
        return self.placed(piece, at, tag.end, is_block=is_block), tag.end

    def code_of(self, tag: Tag, at: int) -> tuple[str, int] | None:
        """Lines of code that a component shows; None where they are no plain text."""
        end, text = tag.end, components.said(tag, "code", "children")
        if tag.closes or (tag.name == "Code" and self.is_inline(tag, at)):
            return None
        if not tag.is_empty:
            close = self.budget.find(self.text, f"</{tag.name}>", end)
            if close < 0:
                return None
            inner = self.text[end:close].strip("\n")
            end = close + len(f"</{tag.name}>")
            bare = inner.strip()
            is_expression = bare.startswith("{") and bare.endswith("}")
            text = (literal(bare[1:-1], self.values) or "") if is_expression else inner
            if not is_expression and any(sign in inner for sign in "<{`"):
                self.budget.left -= len(inner)
                return None  # elements, or code of Markdown
        if not text.strip():
            return None
        text = textwrap.dedent(text).strip("\n").rstrip()
        return self.apart(components.code(tag, text), at), end

    def component(self, tag: Tag, at: int) -> str:
        if tag.closes:
            for place in range(len(self.open) - 1, max(len(self.open) - 20, -1), -1):
                if self.open[place][0] == tag.name:
                    return self.open.pop(place)[1]
            return ""
        made: components.Made | None = ("", "")
        if tag.name:
            is_inline = self.is_inline(tag, at)
            made = components.stand_in(tag, self.language, is_inline=is_inline)
        if made is None:
            (self.told.lost if tag.is_empty else self.told.unwrapped)[tag.name] += 1
        if made or not tag.is_empty:
            for name, words in components.unsaid(tag, made):
                self.told.words[f'{name}="{_short(words)}" of <{tag.name}>'] += 1
        made = made or ("", "")
        if tag.is_empty:
            return "".join(made)
        self.open.append((tag.name, made[1]))
        return made[0]

    def is_inline(self, tag: Tag, at: int) -> bool:
        """Whether a tag begins a part of a line: words stand before it, or behind its end."""
        rest, ends, after = self.text[tag.end : tag.end + _FAR].partition(f"</{tag.name}>")
        if tag.is_empty or not ends or _BLANK_LINE.search(rest):
            return False
        if not _BEGINS_BLOCK.fullmatch(self.text[self.begin_of(at) : at]):
            return True
        return "\n" not in rest and not _TAGS.fullmatch(after.partition("\n")[0])

    def has_signs(self, at: int, tag: Tag) -> bool:
        """Whether the line in which an element begins or ends may hold Markdown within it."""
        line = self.text[self.begin_of(at) : at]
        if not tag.closes:
            line = self.text[tag.end : tag.end + _LOOK].partition("\n")[0]
        return _SIGNS.search(line) is not None

    def begin_of(self, at: int) -> int:
        """Where the line of a place begins, or as much of it as is looked at."""
        first = max(0, at - _LOOK)
        return max(first, self.text.rfind("\n", first, at) + 1)

    def placed(self, piece: str, at: int, end: int, *, is_block: bool = False) -> str:
        """What stands for a tag: on lines of its own if the tag did, so that Markdown is read.

        What `is_block` has them as well if it begins or ends a line with text: to MDX that is
        Markdown, too.
        """
        indent = self.text[self.begin_of(at) : at]
        follows = self.text[end : end + 1] in ("", "\n")
        is_first = not indent.strip(" \t")
        begins = _BEGINS_BLOCK.fullmatch(indent) is not None
        if is_block and (begins != follows or (begins and not is_first)):
            return self.apart(piece, at)
        if not (follows and is_first):
            return piece
        lines = piece.replace("\n", f"\n{indent}")
        return f"\n{indent}{lines}\n{indent}" if piece else ""

    def apart(self, piece: str, at: int) -> str:
        """A piece on lines of its own, within the item of a list in which it stands."""
        line = self.text[self.begin_of(at) : at]
        item = _ITEM.match(line)
        margin = re.sub(r"[^\s>]", " ", item[0]) if item else ""
        is_first = item is not None and item.end() == len(line) and bool(item[0].strip(" \t>"))
        before = "" if is_first else f"\n\n{margin}"
        return before + piece.replace("\n", f"\n{margin}") + f"\n\n{margin}"


def _short(words: str) -> str:
    bare = " ".join(words.split())
    return bare if len(bare) <= _SHORT else f"{bare[: _SHORT - 1]}…"


def _attributes(tag: Tag) -> str:
    return "".join(_written(name, value) for name, value in _given(tag).items())


def _given(tag: Tag) -> dict[str, Value]:
    given = {**tag.attributes, **_of_sight(tag)}
    return {_WRITTEN.get(name, name): value for name, value in given.items()}


def _is_unseen(tag: Tag) -> bool:
    """Whether a page does not show the element that begins here."""
    given = {name: str(value) for name, value in _given(tag).items() if value is not None}
    return is_unseen(Element(tag.name, given))


def _of_sight(tag: Tag) -> dict[str, Value]:
    """What expressions say of whether it is seen; of what only running them tells, it is not."""
    found: dict[str, Value] = {}
    if said := style(tag.unread.get("style", "")):
        found["style"] = said
    if _BARE.sub("", tag.unread.get("hidden", "{false}")) not in _NOTHING:
        found["hidden"] = True
    return found


def _written(name: str, value: Value) -> str:
    if value is None or name.startswith("on"):
        return ""
    quoted = str(value).replace('"', "&quot;")
    return f" {name}" if value is True else f' {name}="{quoted}"'


__all__ = ["FENCE", "MAY_HAVE_TAGS", "Mdx", "is_mdx", "opened"]
