"""How deep a body's elements stand within each other, and how many there are.

The programs behind us recurse: ten thousand elements within each other end the process. The
sanitiser does not; what it costs is told by `mending`.
"""

from __future__ import annotations

import re

import msgspec

from publisher.errors import SourceError

MOST_NESTED = 200
"""Elements within each other. lxml drops what stands deeper than 254 without a word."""

MOST_ELEMENTS = 100_000
"""Elements of one article."""

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())

# As the sanitiser writes it: what was opened is closed, values are quoted and hold no quotes.
_CLEAN = re.compile(r'<(/?)([a-zA-Z][^\s/>"]*+)(?:[^">]|"[^"]*+")*+>')

_WRITTEN = re.compile(
    r"[^<]*+<(/?)([a-zA-Z][a-zA-Z0-9]*+)"
    r"(?:\s++[a-zA-Z_:@][^\s\"'<>/=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>`/]++))?+)*+"
    r"\s*+(/?)>"
)
_PLAIN = frozenset(
    "a abbr article aside b blockquote br caption center cite code col colgroup dd del details dfn "
    "div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main "
    "mark nav ol p pre q rp rt ruby s samp section small source span strong sub summary sup table "
    "tbody td tfoot th thead time tr u ul var wbr".split()
)
_PHRASES = frozenset(
    "a abbr b br cite code del dfn em font i img ins kbd mark q rp rt ruby s samp small source "
    "span strong sub sup time u var wbr".split()
)
_PARENTS = {
    "caption": {"table"},
    "col": {"colgroup", "table"},
    "colgroup": {"table"},
    "dd": {"dl", "div"},
    "dt": {"dl", "div"},
    "li": {"ol", "ul"},
    "tbody": {"table"},
    "td": {"tr"},
    "tfoot": {"table"},
    "th": {"tr"},
    "thead": {"table"},
    "tr": {"table", "tbody", "tfoot", "thead"},
}
_TABLES = frozenset("colgroup table tbody tfoot thead tr".split())
_RUBY = frozenset(("rp", "rt"))
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())


class Tree(msgspec.Struct, frozen=True):
    """`depth`: elements within each other; `deepest`: the tag of the deepest; `count`: of all."""

    depth: int
    deepest: str
    count: int


def measured(clean: str) -> Tree:
    """Return the measure of sanitised HTML, in one walk over what is its tree written down."""
    open_now = depth = count = 0
    deepest = ""
    for ends, name in _CLEAN.findall(clean):
        if ends:
            open_now -= 1
            continue
        count += 1
        if name in _VOID:
            continue
        open_now += 1
        if open_now > depth:
            depth, deepest = open_now, name
    return Tree(depth, deepest, count)


def check(tree: Tree) -> None:
    """Raise SourceError for a body that is too deep or too large for what comes behind us."""
    if tree.depth > MOST_NESTED:
        raise SourceError(
            f"more than {MOST_NESTED} elements within each other",
            why="No mail program shows that, and some end over it.",
            todo="Look for a tag or a quotation that is opened again and again: the deepest is "
            f"<{tree.deepest}>.",
        )
    if tree.count > MOST_ELEMENTS:
        raise SourceError(
            f"more than {MOST_ELEMENTS:,} elements",
            why="No mail program shows that.",
            todo="Make several articles of it; or look for a tag that is never closed.",
        )


def plain(markup: str) -> Tree | None:
    """Return the measure of HTML in which a parser finds nothing to mend, None for any other.

    It ends where the depth is more than may be. For what is well-formed, and has no element where
    none may stand, parsing costs what was written. So are nearly all articles, those from Markdown
    among them.
    """
    stack: list[str] = []
    depth = count = at = 0
    while (found := _WRITTEN.match(markup, at)) is not None:
        at = found.end()
        ends, name, slash = found.groups()
        name = name.lower()
        if ends:
            if not stack or stack.pop() != name:
                return None
            continue
        count += 1
        if not _may_stand(name, stack) or (slash and name not in _VOID):
            return None
        if name in _VOID:
            continue
        stack.append(name)
        depth = max(depth, len(stack))
        if depth > MOST_NESTED:  # whatever comes after it
            return Tree(depth, name, count)
    return None if stack or markup.find("<", at) >= 0 else Tree(depth, "", count)


def _may_stand(name: str, stack: list[str]) -> bool:
    """Whether an element can begin here without ending, or moving, another one (HTML §13.2.6)."""
    if name not in _PLAIN:
        return False
    above = stack[-1] if stack else ""
    if name in _PARENTS:
        return above in _PARENTS[name]
    if above in _TABLES or (name in _HEADINGS and above in _HEADINGS):
        return False
    if name == "a":
        return "a" not in stack
    if name in _RUBY and above in _RUBY:
        return "ruby" not in stack
    return name in _PHRASES or "p" not in stack
