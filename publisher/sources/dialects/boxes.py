"""Notes and other boxes in Markdown → quotations with their title in bold.

`:::note` (Docusaurus, VitePress, Starlight, the container plugins of Eleventy, Pandoc's divs) and
`!!! note` (MkDocs, Python-Markdown), one within the other. What is in them stays Markdown.
"""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from publisher.sources.dialects.lines import parted
from publisher.sources.dialects.words import title_of

NOTES = frozenset(
    "note tip info important warning warn caution danger hint attention error success check "
    "question help faq abstract summary tldr todo bug example quote failure fail seealso details "
    "secondary important-note".split()
)
"""Names that are titles as well; others say how a box looks, and show nothing."""

_SIGNS = (":::", "!!!", "???", "\n::", "\n ::")
_MAY_BE = re.compile(r"^[ \t>]*(?::::|!!!|\?\?\?|::[a-z])", re.MULTILINE)

_OPENS = re.compile(
    r"([ \t>]*)(:{3,})[ \t]*(?:\{([^{}\n]*)\}|([A-Za-z][\w-]*))(?:\[(.*)\])?[ \t]*([^\n]*)$"
)
_CLOSES = re.compile(r"[ \t>]*(:{3,})[ \t]*$")
_LEAF = re.compile(r"([ \t>]*)::([a-z][\w-]*)(?:\[([^\]\n]*)\])?(?:\{([^{}\n]*)\})?[ \t]*$")
_ADMONITION = re.compile(
    r"( *)(?:!!!|\?\?\?\+?)[ \t]+([A-Za-z][\w-]*)(?: [\w -]+?)?(?:[ \t]+\"([^\"]*)\")?[ \t]*$"
)
_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
_NAMED = re.compile(r"(?:title|label)=(?:\"([^\"]*)\"|'([^']*)')")
_SAYS_SO = re.compile(r"[ \t>]*(?:#{1,6}[ \t]|\*\*|__|<strong>|<b>)[ \t]*([^\W\d_]+)")
_ID = re.compile(r"#([\w-]{1,60})|\bid=[\"']?([\w-]{1,60})")
_HIDDEN = frozenset(("hidden", "hide", "d-none", "is-hidden"))
_CONDITION = re.compile(r"\b(when|unless)-(format|profile|meta)=[\"']?([\w-]*)")  # of Quarto
_MOST_LEVELS = 30  # of quotations
_MOST_OPEN = 200  # what looks like a box beyond is none


class _Box(msgspec.Struct):
    colons: int  # 0 for one whose content is indented
    prefix: str
    line: int
    shown: bool
    indent: int = 0
    hidden: bool = False


class Boxes(msgspec.Struct):
    """A text without boxes; `unclosed` are lines, `leaves` what is left out, with how often."""

    text: str
    unclosed: list[int] = msgspec.field(default_factory=list)
    leaves: Counter[str] = msgspec.field(default_factory=Counter)


def may_hold_any(text: str) -> bool:
    """Whether a text may have boxes; asked of every article, and quick."""
    found = (sign for sign in ("::", "!!!", "???") if sign[0] in text)  # one letter is found soon
    if not any(sign in text for sign in found):
        return False
    begins = f"\n{text}"
    return any(sign in begins for sign in _SIGNS) and _MAY_BE.search(text) is not None


def opened(text: str, language: str, *, titled: bool = True) -> Boxes:
    """Return the text with quotations for boxes; `titled`: a note without a title has its name.

    >>> print(opened(":::tip[Read]\\nx\\n:::", "en").text.strip().replace("\\n\\n", "\\n"))
    <blockquote>
    **Read**
    x
    </blockquote>
    """
    return _Opening(text, language, titled).run()


class _Opening:
    def __init__(self, text: str, language: str, titled: bool) -> None:
        self.lines = list(parted(text))
        self.language, self.titled = language, titled
        self.stack: list[_Box] = []
        self.out: list[str] = []
        self.told = Boxes("")

    def run(self) -> Boxes:
        for at, (line, is_code) in enumerate(self.lines):
            self.leave_indented(line)
            line = self.dedented(line)
            if is_code or not self.box(at, line):
                self.out.append(line)
        for one in reversed(self.stack):
            if one.colons and one.shown:
                self.told.unclosed.append(one.line)
            self.close(one)
        self.told.text = "\n".join(self.out)
        self.told.unclosed.reverse()
        return self.told

    def dedented(self, line: str) -> str:
        """The line without the indentation of the boxes that it stands in."""
        for one in self.stack:
            if one.indent and line[: one.indent].isspace():
                line = line[one.indent :]
        return line

    def leave_indented(self, line: str) -> None:
        """End the boxes whose content is indented more than a line is."""
        if not line.strip():
            return
        while self.stack and not self.stack[-1].colons:
            wanted = sum(one.indent for one in self.stack) + len(self.stack[-1].prefix)
            if len(line) - len(line.lstrip(" ")) >= wanted:
                return
            self.close(self.stack.pop())

    def box(self, at: int, line: str) -> bool:
        """Take a line that begins or ends a box; False for any other."""
        if ":::" in line:
            return self.ends(line) or self.begins(at, line)
        if "!!!" in line or "???" in line:
            return self.begins_indented(at, line)
        return "::" in line and self.leaf(line)

    def ends(self, line: str) -> bool:
        found = _CLOSES.match(line)
        if not found:
            return False
        for place in range(len(self.stack) - 1, -1, -1):
            if 0 < self.stack[place].colons <= len(found[1]):
                for one in reversed(self.stack[place:]):
                    self.close(one)
                del self.stack[place:]
                return True
        return True  # what ends nothing is no text either

    def begins(self, at: int, line: str) -> bool:
        found = _OPENS.match(line)
        if not found or len(self.stack) >= _MOST_OPEN:
            return False
        prefix, colons, attributes, name, label, rest = found.groups()
        if attributes is not None:
            classes = _CLASS.findall(attributes) or [attributes.strip()]
            name = classes[0].removeprefix("callout-")
            given = _NAMED.search(attributes)
            label = label or (given and (given[1] or given[2]))
        rest, is_whole = re.subn(r"[ \t]*:{3,}$", "", rest)
        given = _NAMED.search(rest)
        title = label or (given and (given[1] or given[2])) or re.sub(r"\{[^{}]*\}", "", rest)
        is_text = is_whole and label is None
        hidden = _is_hidden(name, attributes or "")
        self.open(
            _Box(len(colons), prefix, at + 1, True, hidden=hidden),
            name,
            "" if is_text else title,
            at,
        )
        if is_whole:
            self.out.append(prefix + rest if is_text else prefix)
            self.close(self.stack.pop())
        return True

    def begins_indented(self, at: int, line: str) -> bool:
        found = _ADMONITION.match(line)
        if not found or len(self.stack) >= _MOST_LEVELS:
            return False
        indent = found[1] + "    "
        depth = "".join(" " * one.indent for one in self.stack)
        following = (one for one, _ in self.lines[at + 1 : at + 4] if one.strip())
        if not next(following, "").startswith(depth + indent):
            return False
        box = _Box(0, found[1], at + 1, found[3] != "", indent=4)
        self.open(box, found[2], found[3] or "", at)
        return True

    def open(self, box: _Box, name: str, title: str, at: int) -> None:
        """Write the beginning of a box, with its title where it has one."""
        title = title.strip()
        if box.hidden:
            self.stack.append(box)
            self.out += [(box.prefix + line).rstrip(" ") for line in ("", "<div hidden>", "")]
            return
        is_note = name.lower() in NOTES and len(self.stack) < _MOST_LEVELS
        if not title and is_note and box.shown and self.titled and not self.says_so(name, at):
            title = title_of(name, self.language)
        self.stack.append(box)
        box.shown = is_note or bool(title)
        lines = ["", "<blockquote>", ""] if box.shown else [""]
        if title:
            lines += [f"**{title}**", ""]
        self.out += [(box.prefix + line).rstrip(" ") for line in lines]

    def says_so(self, name: str, at: int) -> bool:
        """Whether the first words of a box are its title."""
        following = (one for one, _ in self.lines[at + 1 : at + 4] if one.strip())
        found = _SAYS_SO.match(next(following, ""))
        told = {name.lower(), title_of(name, self.language).lower()}
        return bool(found) and found is not None and found[1].lower() in told

    def close(self, box: _Box) -> None:
        end = "</div>" if box.hidden else "</blockquote>"
        lines = ("", end, "") if box.shown or box.hidden else ("",)
        self.out += [(box.prefix + line).rstrip(" ") for line in lines]

    def leaf(self, line: str) -> bool:
        """`::youtube{#id}`: a film; anything else of that kind is told by its name."""
        found = _LEAF.match(line)
        if not found:
            return False
        place = _ID.search(found[4] or "")
        if found[2] == "youtube" and place:
            address = f"https://www.youtube.com/embed/{place[1] or place[2]}"
            self.out += ["", f'{found[1]}<iframe src="{address}"></iframe>', ""]
            return True
        if found[3] is None and found[4] is None:
            return False
        self.told.leaves[f"::{found[2]}"] += 1
        self.out.append(found[1] + (found[3] or ""))
        return True


def _is_hidden(name: str, attributes: str) -> bool:
    """Whether a box is not for readers: by its class, or by Quarto's conditions for a page."""
    if name.lower() in _HIDDEN or not _HIDDEN.isdisjoint(_CLASS.findall(attributes)):
        return True
    if name not in ("content-hidden", "content-visible"):
        return False
    found = list(_CONDITION.finditer(attributes))
    if any(one[2] != "format" for one in found):
        return True  # what only the site's own generator knows
    is_met = all(one[3].startswith("html") == (one[1] == "when") for one in found)
    return is_met == (name == "content-hidden")
