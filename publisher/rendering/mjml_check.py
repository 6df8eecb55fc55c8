"""MJML against its specification (`mjml_spec`), before it is compiled.

mrml lets unknown elements and attributes, wrong nesting, bad values and undefined classes pass in
silence. They are named here, and the mail is made all the same: it may look as its owner wants.
What no mail can be made of is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from lxml import etree

from publisher.errors import suggestion
from publisher.rendering.mjml_spec import ELEMENTS, EVERYWHERE, NOT_COMPILED, Element
from publisher.rendering.mjml_values import fault

_ANY = {name: kind for element in ELEMENTS.values() for name, kind in element.attributes.items()}
_TODO = "All elements and attributes: publisher/rendering/mjml_spec.py, documentation.mjml.io"
_PARENTS = {
    name: [other for other, element in ELEMENTS.items() if name in element.children]
    for name in ELEMENTS
}
_TEXTS = [name for name, element in ELEMENTS.items() if element.is_text]
# In one step of the XML library's: most elements of an edition are HTML, and nothing is wrong.
_MISPLACED: Any = etree.XPath(
    f"({'|'.join(f'//{name}' for name in _TEXTS)})//*[starts-with(name(), 'mj')]"
)
_STRAY: Any = etree.XPath(
    "|".join(
        f"//{name}/text()[normalize-space()]"
        for name, element in ELEMENTS.items()
        if not element.is_text
    )
)


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong on a line of MJML; nothing is made of it where it `is_fatal`."""

    what: str
    why: str = ""
    todo: str = ""
    line: int | None = None
    is_fatal: bool = False


def mistakes(root: etree._Element) -> Iterator[Mistake]:
    """Return what is wrong with a document of MJML, in its order."""
    yield from _document(root)
    seen: set[object] = set()
    classes = {
        name for element in root.iter("mj-class") for name in (element.get("name") or "").split()
    }
    yield from _attributes(root, "mjml", ELEMENTS["mjml"], _line(root))
    yield from _within(root, classes, seen)
    for text in _STRAY(root):
        yield _stray(text)
    for element in _MISPLACED(root):
        yield _misplaced(element)


def _document(root: etree._Element) -> Iterator[Mistake]:
    if root.tag != "mjml":
        yield Mistake(
            what=f"it begins with <{root.tag}>",
            why="A mail template is one <mjml> element.",
            todo="Put <mjml> around it.",
            line=_line(root),
            is_fatal=True,
        )
        return
    bodies, heads = root.findall("mj-body"), root.findall("mj-head")
    if not bodies:
        yield Mistake(
            what="there is no <mj-body>",
            why="The mail would be empty.",
            todo="Put what readers see into <mj-body>, within <mjml>.",
            is_fatal=True,
        )
    for name, found in (("mj-body", bodies), ("mj-head", heads)):
        if len(found) > 1:
            yield Mistake(
                what=f"there is a second <{name}>",
                why="A mail has one; programs show them in different ways, or one of them alone.",
                todo="Put both into one.",
                line=_line(found[1]),
            )


def _within(parent: etree._Element, classes: set[str], seen: set[object]) -> Iterator[Mistake]:
    """What is wrong with the elements in one, and in these. What was `seen` is not told again."""
    outer = parent.tag
    if outer in ("mj-section", "mj-group"):
        yield from _columns(parent, seen)
    for child in parent:
        tag: Any = child.tag
        if not isinstance(tag, str):  # a comment
            continue
        known = ELEMENTS.get(tag)
        key = (outer, tag, *child.items())
        if key not in seen:  # most elements of an edition are like others
            seen.add(key)
            yield from _element(child, known, parent, classes)
        if tag == "mj-attributes":
            yield from _defaults(child)
        elif known and not known.is_text:
            yield from _within(child, classes, seen)


_WHOLE = 100.5  # per cent: thirds are rounded


def _columns(row: etree._Element, seen: set[object]) -> Iterator[Mistake]:
    """Columns that have not room beside each other."""
    widths = tuple(
        float(found[1])
        for column in row.iterchildren("mj-column", "mj-group")
        if (found := re.fullmatch(r"\s*(\d+(?:\.\d+)?)%\s*", column.get("width") or ""))
    )
    if sum(widths) > _WHOLE and (row.tag, widths) not in seen:
        seen.add((row.tag, widths))
        yield Mistake(
            what=f"the columns of an <{row.tag}> are {sum(widths):g}% wide together",
            why="The last of them falls below the others, or the mail is wider than its screen.",
            todo="Let them be 100% at most, or leave width out: they share it.",
            line=_line(row),
        )


def _element(
    child: etree._Element, known: Element | None, parent: etree._Element, classes: set[str]
) -> Iterator[Mistake]:
    tag, outer = str(child.tag), str(parent.tag)
    line = _line(child)
    if known is None:
        yield Mistake(
            what=f"unknown MJML element <{tag}>",
            why=suggestion(tag, ELEMENTS),
            todo="HTML stands in <mj-text>, <mj-table> or <mj-raw>.",
            line=line,
            is_fatal=tag.startswith("mj") or outer == "mj-head",
        )
        return
    if tag not in ELEMENTS[outer].children:
        places = ", ".join(f"<{name}>" for name in _PARENTS[tag])
        yield Mistake(
            what=f"<{tag}> stands in <{outer}>",
            why=f"It belongs into {places}; elsewhere mail programs show it wrongly, or not.",
            todo=f"Move it, or put {places} around it.",
            line=line,
            is_fatal=outer == "mj-head",  # the compiler stops there
        )
    yield from _attributes(child, tag, known, line)
    for name in (child.get("mj-class") or "").split():
        if name not in classes:
            yield Mistake(
                what=f"no mj-class is called {name!r}",
                why=suggestion(name, classes),
                todo=f'Write <mj-class name="{name}" … /> into <mj-attributes>.',
                line=line,
            )


def _attributes(
    child: etree._Element, tag: str, known: Element, line: int | None
) -> Iterator[Mistake]:
    for name, value in child.items():
        kind = known.attributes.get(str(name)) or EVERYWHERE.get(str(name))
        yield from _attribute(tag, str(name), str(value), kind, line, known)
    for name in known.required:
        if not (child.get(name) or "").strip():
            yield Mistake(
                what=f"<{tag}> has no {name}",
                why="It leads nowhere." if name == "href" else "It shows nothing.",
                todo=f"Write {name}, or take the element out.",
                line=line,
            )
    for not_compiled in (tag, *(f"{tag} {name!s}" for name, _ in child.items())):
        if not_compiled in NOT_COMPILED:
            yield Mistake(
                what=f"<{not_compiled}> is not compiled",
                why="It is MJML, and the compiler here does not know it.",
                todo=NOT_COMPILED[not_compiled],
                line=line,
                is_fatal=not_compiled == tag,  # the compiler stops there
            )


def _attribute(
    tag: str, name: str, value: str, kind: str | None, line: int | None, known: Element
) -> Iterator[Mistake]:
    if kind is None:
        names = {**known.attributes, **EVERYWHERE}
        yield Mistake(
            what=f"<{tag}> has no attribute {name}",
            why=suggestion(name, names) or "It is passed over.",
            todo=_TODO,
            line=line,
        )
    elif said := fault(kind, value):
        yield Mistake(
            what=f'{name}="{value[:60]}" of <{tag}>: {said}',
            why="Mail programs pass it over, or each reads it in its own way.",
            todo="Write it so.",
            line=line,
        )


def _defaults(parent: etree._Element) -> Iterator[Mistake]:
    """What is wrong in <mj-attributes>: defaults of elements, of all of them, of classes."""
    for child in parent.iter():
        tag = child.tag
        if child is parent or not isinstance(tag, str):
            continue
        line, known = _line(child), ELEMENTS.get(tag)
        if tag in ("mj-all", "mj-class"):
            known = Element(attributes={**_ANY, **({"name": "text"} if tag == "mj-class" else {})})
            if tag == "mj-class" and not child.get("name"):
                yield Mistake(
                    what="<mj-class> has no name",
                    why="Nothing can ask for it.",
                    todo='Write <mj-class name="…" … />.',
                    line=line,
                )
        if known is None:
            yield Mistake(
                what=f"unknown MJML element <{tag}>",
                why=suggestion(tag, [*ELEMENTS, "mj-all", "mj-class"]),
                line=line,
                is_fatal=tag.startswith("mj"),
            )
            continue
        for name, value in child.items():
            kind = known.attributes.get(str(name)) or EVERYWHERE.get(str(name))
            yield from _attribute(tag, str(name), str(value), kind, line, known)


def _misplaced(element: etree._Element) -> Mistake:
    """An element of MJML among HTML: nothing compiles it there."""
    tag, outer = str(element.tag), str(next(element.iterancestors(*_TEXTS)).tag)
    if tag not in ELEMENTS:
        what = f"unknown MJML element <{tag}>"
        return Mistake(what=what, why=suggestion(tag, ELEMENTS), line=_line(element), is_fatal=True)
    places = ", ".join(f"<{name}>" for name in _PARENTS[tag])
    return Mistake(
        what=f"<{tag}> stands in <{outer}>",
        why=f"It belongs into {places}; there it is no MJML, and is shown as it is.",
        todo=f"Close <{outer}> before it.",
        line=_line(element),
    )


def _stray(text: Any) -> Mistake:
    """Words between elements, where no words belong."""
    element = text.getparent()
    outer = element.getparent() if text.is_tail else element
    return Mistake(
        what=f"words stand in <{outer.tag}>: {text.strip()[:40]}",
        why="They belong into <mj-text>; mail programs put them anywhere, or nowhere.",
        todo="Put <mj-text> around them.",
        line=_line_of(text, element),
    )


def _line_of(text: Any, element: etree._Element) -> int | None:
    """The line of words that stand in an element, or after its end."""
    begun = _line(element)
    if begun is None:
        return None
    inside = etree.tostring(element, with_tail=False).count(b"\n") if text.is_tail else 0
    words = str(text)
    return begun + inside + words[: len(words) - len(words.lstrip())].count("\n")


def _line(element: etree._Element) -> int | None:
    line: Any = element.sourceline
    return line if isinstance(line, int) else None


_QUOTED = re.compile(r'"[^"]*"|>[^<]*<')


def shape(line: str) -> str:
    """Return a line without its values and words: lines of one shape come from one template's."""
    return _QUOTED.sub("", line)
