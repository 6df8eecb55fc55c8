"""What it may cost to parse HTML that has to be mended, told before it is parsed.

A parser looks through the elements that are open for nearly every tag (HTML §13.2.6.4.7, "has an
element in scope"), and opens formatting ones anew in every paragraph (§13.2.4.3, "reconstruct"):
what nothing ever closes costs it the square of what was written. Here is an upper bound of both, in
one walk over the tags. It never says less than there is: a tag closes only what it surely does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import msgspec

from publisher.errors import SourceError
from publisher.sources import nesting

MOST_STEPS = 20_000_000
"""Elements that are open, added up over all tags: a fifth of a second."""

MOST_ANEW = 500_000
"""The same for formatting elements, each of which becomes a new one in every paragraph."""

_S = "[\\t\\n\\f\\r ]"
_TAG = re.compile(
    rf"<(/?)([a-zA-Z][^\t\n\f\r />]*+)"
    rf"(?:[\t\n\f\r /]++|(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
    rf"(?:{_S}*+={_S}*+(?:\"[^\"]*+\"|'[^']*+'|(?=>)|[^\t\n\f\r >\"'][^\t\n\f\r >]*+))?+)*+>"
)
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)|<(?:!(?!--)|\?|/(?![a-zA-Z]))[^>]*+>", re.DOTALL)
_NEXT = re.compile(r"<(?=[a-zA-Z/!?])")
_OPENS = re.compile(r"<[a-zA-Z]")
_FOREIGN = re.compile(r"<(?:svg|math)\b", re.IGNORECASE)
_STRANGE = re.compile(r"<(?:svg|math|select|template|frameset)\b", re.IGNORECASE)

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_RAW = frozenset("script style xmp iframe noembed noframes noscript title textarea".split())
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_BLOCKS = frozenset(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p pre "
    "section summary ul".split()
)
_ENDED_BY = {
    **dict.fromkeys(_BLOCKS, frozenset(("p",))),
    "li": frozenset(("li", "p")),
    "dd": frozenset(("dd", "dt", "p")),
    "dt": frozenset(("dd", "dt", "p")),
}
"""What an element ends that begins right in it."""

_CELLS = frozenset(("td", "th", "p"))
_ENDED_BY_HERE = {**_ENDED_BY, "td": _CELLS, "th": _CELLS, "tr": _CELLS | {"tr"}}
"""The same where a cell is one of a table for sure."""
_SHAPES = frozenset(
    "circle clippath defs ellipse g line lineargradient marker mask path pattern polygon polyline "
    "radialgradient rect stop svg symbol text tspan use".split()
)
_WITH_IMPLIED = {"table": 4}  # tbody, tr and colgroup are there without a tag


class _Open(msgspec.Struct):
    """The elements that are open, at most; `weight` counts those that are there without a tag."""

    stack: list[tuple[str, str]] = msgspec.field(default_factory=list)
    weight: int = 0
    formatting: Counter[str] = msgspec.field(default_factory=Counter)
    anew: int = 0  # formatting elements: of equal ones the list holds three (the Noah's Ark clause)

    @property
    def top(self) -> str:
        return self.stack[-1][0] if self.stack else ""

    def push(self, name: str, written: str) -> None:
        self.stack.append((name, written))
        self.weight += _WITH_IMPLIED.get(name, 1)
        if name in _FORMATTING:
            self.formatting[written] += 1
            self.anew += self.formatting[written] <= 3

    def pop(self) -> None:
        name, written = self.stack.pop()
        self.weight -= _WITH_IMPLIED.get(name, 1)
        if name in _FORMATTING:
            self.anew -= self.formatting[written] <= 3
            self.formatting[written] -= 1


def check(markup: str, parsed: Callable[[str], str]) -> None:
    """Raise SourceError for a text that costs a parser too much.

    What can be parsed of it is, for what it looks like tells more than what it costs.
    """
    head = affordable(markup)
    if head is markup:
        return
    nesting.check(nesting.measured(parsed(head)))
    raise SourceError(
        "too many tags that nothing closes",
        why="It would take minutes to find out what is meant.",
        todo="Close what is opened; or make several articles of it.",
    )


def affordable(markup: str) -> str:
    """Return as much of a text, from its beginning, as a parser can mend at a bounded cost."""
    return _Walk(markup).head()


class _Walk:
    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.open = _Open()
        self.steps = self.anew = self.deepest = 0
        self.is_sure = True  # where tags are, and what ends tell
        self.is_foreign = _FOREIGN.search(markup) is not None
        self.is_strange = _STRANGE.search(markup) is not None
        self.is_drawing = False  # within an svg of nothing but shapes

    def head(self) -> str:
        at = 0
        while at >= 0 and (begins := _NEXT.search(self.markup, at)) is not None:
            start = begins.start()
            at = self.token(start) if self.is_sure else self.unsure(start)
            self.deepest = max(self.deepest, self.open.weight)
            self.steps += self.open.weight
            self.anew += self.open.anew
            if self.steps > MOST_STEPS or self.anew > MOST_ANEW:
                return self.markup[:start]
        return self.markup

    def unsure(self, at: int) -> int:
        """Whatever looks like a beginning may be one, and nothing is an end."""
        if _OPENS.match(self.markup, at):
            name = re.match("[a-zA-Z0-9]+", self.markup[at + 1 : at + 12])
            self.open.push(name[0].lower() if name else "", str(at))
        return at + 1

    def token(self, at: int) -> int:
        """Take a tag or a comment; return where it ends, -1 where it is all that is left."""
        if found := _COMMENT.match(self.markup, at):
            if self.is_foreign and found[0].startswith("<!["):  # it may be more: CDATA
                self.is_sure = False
            return found.end()
        tag = _TAG.match(self.markup, at)
        if tag is None:
            return -1
        name = tag[2].lower()
        if tag[1]:
            self.end(name)
        else:
            was_drawing = self.is_drawing
            self.begin(name, tag[0])
            if name == "plaintext" and not self.is_strange:
                return -1
            if name in _RAW or name == "plaintext":
                return self.raw(name, tag.end(), was_drawing)
        return tag.end()

    def end(self, name: str) -> None:
        if self.open.top == name:
            self.open.pop()
            self.is_drawing = self.is_drawing and name != "svg"
        else:
            self.is_drawing = False

    def begin(self, name: str, written: str) -> None:
        ended = (_ENDED_BY if self.is_strange else _ENDED_BY_HERE).get(name, ())
        while self.open.top in ended:
            self.open.pop()
        self.is_drawing = name in _SHAPES and (self.is_drawing or name == "svg")
        if name in _VOID and not self.is_foreign:
            return
        if self.is_drawing and written.endswith("/>"):
            self.is_drawing = name != "svg"
            return
        self.open.push(name, written)

    def raw(self, name: str, at: int, was_drawing: bool) -> int:
        """Pass over what is no markup, where that is sure."""
        ends = re.compile(f"</{name}(?=[\\t\\n\\f\\r />])", re.IGNORECASE).search(self.markup, at)
        inner = self.markup[at : ends.start()] if ends else ""
        if ends and "<" not in inner:
            self.is_drawing = was_drawing  # a drawing's title, or its style
            return ends.start()
        if name == "noscript" and ends and self.is_all_tags(at, ends.start()):
            return at
        if self.is_strange or name in ("noscript", "plaintext") or "<!--" in inner:
            self.is_sure = False
            return at
        return ends.start() if ends else -1

    def is_all_tags(self, at: int, end: int) -> bool:
        """Whether a part is read alike by who takes it for markup and who does not."""
        while (begins := _NEXT.search(self.markup, at, end)) is not None:
            tag = _TAG.match(self.markup, begins.start())
            if tag is None or tag.end() > end or tag[2].lower() in _RAW:
                return False
            at = tag.end()
        return True
