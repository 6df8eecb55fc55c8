"""Markdown of other generators → CommonMark with a little HTML, and its signs after rendering.

What a text has none of costs a look for it. What is left out is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from publisher.errors import Problem
from publisher.sources.dialects import boxes, marks, mdx
from publisher.sources.dialects.lines import FENCE, parted, without_comments

_JSX = frozenset(("docusaurus",))  # whose `.md` is MDX as well
_UNTITLED = frozenset(("eleventy",))  # whose containers have no title by themselves
_SPACED = frozenset(("jekyll", "nikola", "pelican"))  # whose addresses may hold spaces
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]")
_SPACED_ADDRESS = re.compile(
    r"(`+[^`\n]*`+)|(\]\()([^\s<>()`\"'][^<>()`\"'\n]{0,300})"
    r"((?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}')?[ \t]*\))"
)
_ABBREVIATION = re.compile(r" {0,3}\*\[([^\]\n]{1,100})\]:[ \t]*(.*)$")
_MOST_ABBREVIATIONS = 200
_MOST_TOLD = 10  # of a kind
# Options of kramdown, and attributes of a block; `{:toc}` belongs to the list before it.
_OPTION = re.compile(r"[ \t>]*\{:(?![ \t]*toc\b)[^{}\n]*\}[ \t]*$")
_OF_ITEM = re.compile(r"([ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+)\{:[^{}\n]*\}[ \t]*")
_ATTRIBUTE = r"(?:[.#][A-Za-z][\w:-]*+|[a-z][\w-]*+=(?:\"[^\"{}\n]*+\"|'[^'{}\n]*+'|[\w-]++))"
# Of Goldmark and Pandoc; in a line after a table they would be a row of it.
_BLOCK_ATTRIBUTES = re.compile(
    rf"[ \t>]*+\{{\s*+{_ATTRIBUTE}(?:(?:\s++|(?=[.#])){_ATTRIBUTE})*+\s*+\}}[ \t]*$"
)
_COMMENTED = re.compile(r"[ \t]*\{::comment\}[ \t]*$")
_COMMENT_ENDS = re.compile(r"[ \t]*\{:/(?:comment)?\}[ \t]*$")
_INFO = re.compile(r"\s*(?:\{\s*\.?)?([^\s{}=,:\[\]]*)(.*)$")
_TITLE = re.compile(r"\b(?:title|filename|file)=(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})')")
_HIGHLIGHT = re.compile(
    r"[ \t]*(?://|#|<!--|/\*|\{/\*)[ \t]*(?:highlight-(?:next-line|start|end)|prettier-ignore)"
    r"[ \t]*(?:-->|\*/\}?)?[ \t]*$"
)
_IN_HTML = re.compile(
    r"([ \t]*)(<(div|section|article|aside|figure|details|blockquote|header|footer|main|nav|center)"
    r"\b[^<>]*?)\s+markdown(?:=(?:\"(?:1|block|span)\"|'(?:1|block|span)'|1|block|span))?([^<>]*>)(.*)$",
    re.IGNORECASE,
)
_HILITED = re.compile(
    r"(\A\n?|\n[ \t]*\n)(?: {4}|\t)(?::::|#!)([A-Za-z][\w+#.-]*)[ \t]*"
    r"((?:\n(?:(?: {4}|\t)[^\n]*|[ \t]*(?=\n)))++)"
)
_INFO_SAYS_MORE = re.compile(r"(?:```|~~~)[^\n`]*[{=\[:,]")
_HINTS = {  # by a letter of each, which is found far sooner
    "[": ("*[", "[toc"),
    "{": ("{:", "\n{", "{toc"),
    "=": ("markdown=",),
    "_": ("_toc",),
    "-": ("highlight-",),
    "f": ("tableofcontents",),
}
_COLON = re.compile(r"\n {0,3}:[ \t]")
_DEFINITION = re.compile(r"^ {0,3}\S[^\n]*\n(?:[ \t]*\n)? {0,3}:[ \t]{1,3}\S", re.MULTILINE)
_INLINE_NOTE = re.compile(r"\^\[[^\[\]\n]*[^\W\d_]{2}[^\[\]\n]*\s[^\n]*\]")
_CONTENTS = re.compile(
    r"[ \t>]*(?:\[TOC\]|\[\[_?toc_?\]\]|@\[toc\]|\$\{toc\}|\[\[tableofcontents\]\]|\{\{?toc\}?\})"
    r"[ \t]*$",
    re.IGNORECASE,
)
_CONTENTS_OF_KRAMDOWN = re.compile(r"[ \t]*\{:\s*toc\b[^{}]*\}[ \t]*$")
MORE = re.compile(
    r"<!--\s*(?:more|truncate|TEASER_END|END_TEASER|PELICAN_END_SUMMARY|read-?more|excerpt)\s*-->"
)
"""Where rendered Markdown is split for those who see its beginning."""


class Prepared(msgspec.Struct):
    """A text that is CommonMark now, what is to be done to it when rendered, and what to tell.

    `extensions` are those of comrak that it needs.
    """

    text: str
    extensions: tuple[str, ...] = ()
    abbreviations: dict[str, str] = msgspec.field(default_factory=dict)
    problems: list[Problem] = msgspec.field(default_factory=list)
    marks: bool = True

    def finished(self, rendered: str) -> str:
        """Return rendered Markdown with their meaning for the signs that are left."""
        return marks.applied(rendered, self.abbreviations, marks=self.marks)


def prepared(
    text: str,
    language: str,
    generator: str = "",
    *,
    is_mdx: bool = False,
    first_line: int = 1,
    front: Mapping[str, object] | None = None,
) -> Prepared:
    """Return a text as CommonMark; `generator` wrote it, `first_line` is where it begins.

    `front` is its front matter, which MDX may quote.
    """
    bare, comments = without_comments(text)
    found = Prepared(bare)
    if is_mdx or generator in _JSX or mdx.is_mdx(bare):
        _open_mdx(found, language, whole=True, front=front)
    elif "{" in bare and "={" in bare and mdx.MAY_HAVE_TAGS.search(bare):
        _open_mdx(found, language, whole=False)
    if generator in _SPACED and "](" in found.text:
        found.text = "\n".join(_spaced(found.text))
    if "#!" in found.text or (":" in found.text and ":::" in found.text):
        found.text = _HILITED.sub(_hilited, found.text)
    if boxes.may_hold_any(found.text):
        _open_boxes(found, language, generator, first_line)
    if _wants_lines(found.text):
        found.text = "\n".join(_lines(found, titled=is_mdx or generator in _JSX))
    if _COLON.search(found.text) and _DEFINITION.search(found.text):
        found.extensions += ("description_lists",)
    if "^" in found.text and "^[" in found.text and _INLINE_NOTE.search(found.text):
        found.extensions += ("inline_footnotes",)
    lines = (at + first_line - 1 for at in comments)
    what = "a comment (%% … %%) is left out"
    found.problems += (Problem(what=what, line=line, severity="note") for line in lines)
    return found


def _spaced(text: str) -> Iterator[str]:
    """The lines; addresses with spaces in them stand in `<>`, as CommonMark wants it."""
    is_item = False  # in which indented lines are no code
    for line, is_code in parted(text):
        if line[:1].strip():
            is_item = bool(_ITEM.match(line))
        is_code = is_code or (not is_item and line.startswith(("    ", "\t")))
        yield line if is_code or "](" not in line else _SPACED_ADDRESS.sub(_in_brackets, line)


def _in_brackets(found: re.Match[str]) -> str:
    code, before, address, after = found.groups()
    bare = (address or "").rstrip()
    if code or " " not in bare:
        return found[0]
    return f"{before}<{bare}>{address[len(bare) :]}{after}"


def _wants_lines(text: str) -> bool:
    """Whether any line may have to be changed; asked of every article, and quick."""
    lowered = text.lower()
    if lowered.startswith("{"):
        return True
    signs = (sign for letter, some in _HINTS.items() if letter in lowered for sign in some)
    if any(sign in lowered for sign in signs):
        return True
    return ("```" in text or "~~~" in text) and bool(_INFO_SAYS_MORE.search(text))


def _hilited(found: re.Match[str]) -> str:
    """Indented code that names its language, as Python-Markdown's CodeHilite has it."""
    lines = found[3][1:].rstrip().split("\n")
    if any(line.strip() == ":::" for line in lines):
        return found[0]  # a box in an item of a list
    code = "\n".join(re.sub(r"^(?: {4}|\t)", "", line) for line in lines)
    fence = "`" * (3 + max(map(len, re.findall("`{3,}", code)), default=0))
    return f"{found[1]}{fence}{found[2]}\n{code}\n{fence}\n\n"


def _open_mdx(
    found: Prepared, language: str, whole: bool, front: Mapping[str, object] | None = None
) -> None:
    made = mdx.opened(found.text, language, whole=whole, front=front)
    found.text = made.text
    for name, count in made.lost.items():
        found.problems.append(
            Problem(
                what=f"left out: the component <{name}/>{_times(count)}",
                why="Only the site's own program knows what it shows.",
                todo="Write what it tells, or lead to a page that shows it.",
                severity="warning",
            )
        )
    for name, count in made.unwrapped.items():
        what = f"the component <{name}> is not known: what it holds stays{_times(count)}"
        found.problems.append(Problem(what=what, severity="note"))
    _leave_out(
        found,
        made.words,
        why="Only the site's own program knows where it shows these words.",
        todo="Write them into the text.",
    )
    _leave_out(
        found,
        made.expressions,
        "the expression ",
        why="It is JavaScript, and is not run.",
        todo="Write what it stands for; or a backslash before a brace that is one.",
    )


def _leave_out(
    found: Prepared, counted: Mapping[str, int], what: str = "", *, why: str, todo: str
) -> None:
    """Tell what is left out, some of it where it is much."""
    for one, count in islice(counted.items(), _MOST_TOLD):
        told = f"left out: {what}{one}{_times(count)}"
        found.problems.append(Problem(what=told, why=why, todo=todo, severity="warning"))


def _open_boxes(found: Prepared, language: str, generator: str, first_line: int) -> None:
    made = boxes.opened(found.text, language, titled=generator not in _UNTITLED)
    is_moved = found.text.count("\n") != 0 and bool(found.problems)
    found.text = made.text
    for line in made.unclosed[:_MOST_TOLD]:
        found.problems.append(
            Problem(
                what="a box that ::: begins is never ended",
                why="It goes on to the end of the article.",
                todo="Write ::: on a line of its own where it ends.",
                line=None if is_moved else line + first_line - 1,
                severity="warning",
            )
        )
    for name, count in made.leaves.items():
        found.problems.append(
            Problem(what=f"left out: the directive {name}{_times(count)}", severity="warning")
        )


def _lines(found: Prepared, titled: bool) -> Iterator[str]:
    """The lines, with plain languages of code, without abbreviations and kramdown's options."""
    was_code = is_comment = has_contents = False
    opened: list[str] = []  # elements whose content is Markdown
    for line, is_code in parted(found.text):
        if is_code:
            yield from _code(line, not was_code, titled)
        elif is_comment:
            is_comment = not _COMMENT_ENDS.match(line)
        elif _COMMENTED.match(line):
            is_comment = True
        elif note := _abbreviation(line):
            if len(found.abbreviations) < _MOST_ABBREVIATIONS:
                found.abbreviations.setdefault(*note)
        elif _CONTENTS.match(line):
            has_contents = True
        elif not (_OPTION.match(line) or _BLOCK_ATTRIBUTES.match(line)):
            has_contents |= bool(_CONTENTS_OF_KRAMDOWN.match(line))
            yield from _html(_OF_ITEM.sub(r"\1", line) if "{:" in line else line, opened)
        was_code = is_code
    if has_contents:
        found.problems.append(_no_contents())


def _abbreviation(line: str) -> tuple[str, str] | None:
    found = _ABBREVIATION.match(line) if "*[" in line else None
    return (found[1], found[2].strip()) if found else None


def _code(line: str, is_first: bool, titled: bool) -> Iterator[str]:
    """A line of code; the first one names its language, and no lines to be marked."""
    fence = FENCE.match(line) if is_first else None
    if fence is None:
        if not (titled and "highlight-" in line and _HIGHLIGHT.match(line)):
            yield line
        return
    before, ticks, info = fence.groups()
    if not any(sign in info for sign in "{=[:,"):
        yield line
        return
    title = _TITLE.search(info) if titled else None
    if title and before.strip() == "":
        yield f"{before}**{title[1] or title[2]}**"
        yield before
    language = _INFO.match(info)
    yield f"{before}{ticks}{language[1] if language else ''}"


def _html(line: str, opened: list[str]) -> Iterator[str]:
    """A line; Markdown in an element (`markdown="1"`) is parted from its tags."""
    found = _IN_HTML.match(line) if "markdown" in line else None
    if found:
        indent, before, name, after, rest = found.groups()
        end = re.search(rf"</{name}\s*>[ \t]*$", rest, re.IGNORECASE)
        if end is None:
            opened.append(name.lower())
        inner, closing = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
        yield from (indent + before + after, "", indent + inner, "")
        yield from (indent + closing, "") if closing else ()
    elif opened and (ends := re.match(rf"[ \t]*</{opened[-1]}\s*>", line, re.IGNORECASE)):
        opened.pop()
        yield from ("", line.strip() if ends else line)
    else:
        yield line


def _no_contents() -> Problem:
    return Problem(
        what="its table of contents is left out",
        why="Neither a mail nor a feed is a page that one can jump about in.",
        severity="note",
    )


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""
