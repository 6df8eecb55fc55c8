"""MDX → Markdown: nothing of it is run.

Imports, exports and comments go, plain values of expressions stay, components have what stands for
them (`components`) or are left out and named; what they hold stays. MDX has no indented code, so
that what stands in an element is not one either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from publisher.sources.dialects import components
from publisher.sources.dialects.jsx import Budget, Tag, Value, literal, tag_at
from publisher.sources.dialects.lines import FENCE, parted

_MODULE = re.compile(
    r"(?:import\s*(?:[\w$]+\s*(?:,\s*[{*]|from\s*[\"'])|[{*]|[\"'])"
    r"|export\s+(?:const|let|var|function|async|class|default|type|interface|[{*]))"
)
_IMPORTED = re.compile(r"import\s+([\w$]+)\s+from\s+[\"']([^\"'\n]+)[\"']")
_FILE = re.compile(r".+\.(?:png|jpe?g|gif|webp|avif|svg|mp4|webm|mp3)", re.IGNORECASE)
_ALONE = re.compile(r"([ \t]*)<(/?)([A-Za-z][\w.]*|(?=>))(?:[^<>`]*(?<!/))?>[ \t]*")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_CLOSED = re.compile(r"</\s*([A-Za-z][\w.:-]*)")
_PLACES = re.compile(r"`+|[{<\\]")
_ID_COMMENT = re.compile(r"/\*\s*(#[\w.:-]{1,80})\s*\*/")
_HEADING_ID = re.compile(r"\{#[\w.-]+\}|\{:[^{}\n]*\}")
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
_BLOCK = re.compile(r"</?(?:blockquote|p)\b")
_TAGS = re.compile(r"[ \t]*+(?:<[^<>]*+>[ \t]*+)*+")
_SIGNS = re.compile(r"[*_`\[~]")
_LOOK = 200  # characters of a line that are looked at

_MOST_LINES = 2000  # of one export
_MOST_LEVELS = 100

MAY_HAVE_TAGS = re.compile(r"<[A-Za-z][^<>]*?=\{")
"""Whether a text that is no MDX has tags of JSX."""

_IS_MDX = re.compile(
    r"^import\s+(?:[\w$]+|\{[^{}\n]*\})\s+from\s+[\"'][^\"'\n]+[\"'];?[ \t]*$", re.MULTILINE
)


class Mdx(msgspec.Struct):
    """A text without its JSX; each with how often: components left out whole, those whose content
    stays, expressions left out.
    """

    text: str
    lost: Counter[str] = msgspec.field(default_factory=Counter)
    unwrapped: Counter[str] = msgspec.field(default_factory=Counter)
    expressions: Counter[str] = msgspec.field(default_factory=Counter)


def is_mdx(text: str) -> bool:
    """Whether a text of no declared kind is MDX: it imports something, and shows a component."""
    found = _IS_MDX.search(text) if "import" in text else None
    if found is None or not re.search(r"<[A-Z]", text):
        return False
    return any(_IS_MDX.match(line) for line, is_code in parted(text) if not is_code)


def opened(text: str, language: str, *, whole: bool = True) -> Mdx:
    """Return Markdown without JSX; unless `whole`, only tags with braces in them are changed.

    >>> opened("import A from 'a'\\n\\nHi {'you'} {/* no */}<A x={1} />", "en").text
    'Hi you '
    """
    known: dict[str, str] = {}
    if whole:
        lines = _without_modules(list(parted(text)), known)
        text = "\n".join(_dedented(lines))
    reading = _Reading(text, language, known, whole)
    reading.told.text = "".join(reading.pieces())
    return reading.told


def _without_modules(
    lines: list[tuple[str, bool]], known: dict[str, str]
) -> Iterator[tuple[str, bool]]:
    """The lines but those of imports and exports, which end with a blank line outside of braces."""
    at, budget = 0, 4 * len(lines) + _MOST_LINES
    while at < len(lines):
        line, is_code = lines[at]
        if is_code or not _MODULE.match(line):
            yield line, is_code
            at += 1
            continue
        found = _IMPORTED.match(line)
        if found and _FILE.fullmatch(found[2]):
            known[found[1]] = found[2]
        end = _end_of_module(lines, at, budget)
        budget -= 0 if end > 0 else _MOST_LINES
        at = abs(end)


def _end_of_module(lines: list[tuple[str, bool]], at: int, budget: int) -> int:
    """Where an import or export ends; negative, where its first lines end, if it never does."""
    depth, blank = 0, 0
    for place in range(at, min(at + _MOST_LINES, len(lines))):
        line = lines[place][0]
        depth += sum(map(line.count, "{[(")) - sum(map(line.count, "}])"))
        if depth <= 0 and (not line.strip() or line.rstrip().endswith(";")):
            return place + 1
        if not line.strip() and not blank:
            blank = place
        if budget <= 0 and depth > 0:
            break
    if blank == 0 and depth <= 0:
        return len(lines)
    return -(blank or at + 1)  # what never ends is no program: only its first lines are


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
    def __init__(self, text: str, language: str, known: dict[str, str], whole: bool) -> None:
        self.text, self.language, self.known, self.whole = text, language, known, whole
        self.told = Mdx("")
        self.budget = Budget(len(text))
        self.open: list[tuple[str, str]] = []  # names of components, and what ends them
        self.closed = set(_CLOSED.findall(text))
        self.unclosed: dict[int, int] = {}  # of code ticks: how many, and up to where in vain

    def pieces(self) -> Iterator[str]:
        at = 0
        for start, end in self.prose():
            yield self.text[at:start]
            yield from self.part(start, end)
            at = end
        yield self.text[at:]

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
        plain = literal(inner)
        if plain is None and inner:
            self.told.expressions["{" + " ".join(inner.split())[:40] + "}"] += 1
        return plain or "", end

    def tag(self, at: int) -> tuple[str, int] | None:
        tag = tag_at(self.text, at, self.budget, self.known)
        if tag is None:
            return None
        if not self.whole and (tag.closes or "{" not in self.text[at : tag.end]):
            return None
        if self.whole and tag.is_component and self.is_a_word(tag):
            return "&lt;", at + 1
        if tag.name in _HTML or (tag.name and not tag.is_component):
            return self.html(tag, at)
        made = self.component(tag)
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
        if tag.name == "p" and self.whole and self.has_signs(at, tag):
            return "\n\n", tag.end  # its line is a paragraph of Markdown
        if tag.name in _PARTS or not self.whole:
            return piece, tag.end
        is_block = tag.name in _BOXES and self.has_signs(at, tag)
        return self.placed(piece, at, tag.end, is_block=is_block), tag.end

    def component(self, tag: Tag) -> str:
        if tag.closes:
            for place in range(len(self.open) - 1, max(len(self.open) - 20, -1), -1):
                if self.open[place][0] == tag.name:
                    return self.open.pop(place)[1]
            return ""
        made = components.stand_in(tag, self.language) if tag.name else ("", "")
        if made is None:
            (self.told.lost if tag.is_empty else self.told.unwrapped)[tag.name] += 1
            made = ("", "")
        if tag.is_empty:
            return "".join(made)
        self.open.append((tag.name, made[1]))
        return made[0]

    def has_signs(self, at: int, tag: Tag) -> bool:
        """Whether the line in which an element begins or ends may hold Markdown within it."""
        line = self.text[self.begin_of(at) : at]
        if not tag.closes:
            line = self.text[tag.end : tag.end + _LOOK].partition("\n")[0]
        return _SIGNS.search(line) is not None

    def begin_of(self, at: int) -> int:
        return self.text.rfind("\n", max(0, at - _LOOK), at) + 1

    def placed(self, piece: str, at: int, end: int, *, is_block: bool = False) -> str:
        """What stands for a tag: on lines of its own if the tag did, so that Markdown is read.

        What `is_block` has them as well if it begins or ends a line with text: to MDX that is
        Markdown, too.
        """
        indent = self.text[self.begin_of(at) : at]
        follows = self.text[end : end + 1] in ("", "\n")
        is_first = not indent.strip(" \t")
        if is_block and (is_first or _TAGS.fullmatch(indent) is not None) != follows:
            return f"\n\n{piece}\n\n"
        if not (follows and is_first):
            return piece
        return f"\n{indent}{piece}\n{indent}" if piece else ""


def _attributes(tag: Tag) -> str:
    given = tag.attributes.items()
    return "".join(_written(_WRITTEN.get(name, name), value) for name, value in given)


def _written(name: str, value: Value) -> str:
    if value is None or name.startswith("on"):
        return ""
    quoted = str(value).replace('"', "&quot;")
    return f" {name}" if value is True else f' {name}="{quoted}"'


__all__ = ["FENCE", "MAY_HAVE_TAGS", "Mdx", "is_mdx", "opened"]
