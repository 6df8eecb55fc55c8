"""A document of docutils → plain HTML: the elements that the sanitiser keeps, and no classes."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from html import escape

from docutils import nodes
from docutils.writers import html5_polyglot

from publisher.model.footnotes import note_id, reference_id
from publisher.sources.dialects.rst.extras import INLINE
from publisher.sources.dialects.words import title_of
from publisher.sources.weblinks import address_at

MORE = "<!--more-->"
"""What stands where a text is split for those who see its beginning."""

_TEASER = frozenset("TEASER_END END_TEASER more read-more PELICAN_END_SUMMARY".split())
_LANGUAGE = re.compile(r"[A-Za-z][\w+#-]{0,30}")
_REFERENCE = "publisher-id"  # of a number that leads to a note
_PIXELS = re.compile(r"(\d{1,5})(?:px)?")


class Writer(html5_polyglot.HTMLTranslator):
    """docutils' own writer of HTML 5, without frames, numbers and links for one page alone."""

    def __init__(self, document: nodes.document, language: str, with_title: bool) -> None:
        """`language` is that of the article, for the titles of notes.

        `with_title`: the document's title is a heading, for the article has another one.
        """
        super().__init__(document)
        self.article_language, self.with_title = language, with_title

    def visit_section(self, node: nodes.Element) -> None:
        """A section is its heading and what follows."""
        self.section_level += 1

    def depart_section(self, node: nodes.Element) -> None:
        """End of a section."""
        self.section_level -= 1

    def visit_title(self, node: nodes.title) -> None:
        """A heading with the id of its section; of all else a line in bold."""
        if isinstance(node.parent, nodes.document):
            if not self.with_title:
                raise nodes.SkipNode
            self.section_level = 1
        if isinstance(node.parent, nodes.table):
            super().visit_title(node)
            return
        opened, closed = "<p><strong>", "</strong></p>\n"
        if isinstance(node.parent, nodes.section | nodes.document):
            ids = node.parent.get("ids") or [""]
            given = f' id="{escape(ids[0])}"' if ids[0] else ""
            level = min(self.section_level + 1, 6)
            opened, closed = f"<h{level}{given}>", f"</h{level}>\n"
        self.body.append(opened)
        self.context.append(closed)

    def depart_title(self, node: nodes.title) -> None:
        """End of a heading."""
        self.body.append(self.context.pop())

    def visit_subtitle(self, node: nodes.Element) -> None:
        """What docutils took for a subtitle is the first heading."""
        self.body.append("<h2>")

    def depart_subtitle(self, node: nodes.Element) -> None:
        """End of a subtitle."""
        self.body.append("</h2>\n")

    def visit_topic(self, node: nodes.Element) -> None:
        """A table of contents is for a page that one can jump about in."""
        if "contents" in node.get("classes", ()):
            raise nodes.SkipNode
        self.body.append("<blockquote>\n")

    def depart_topic(self, node: nodes.Element) -> None:
        """End of a topic."""
        self.body.append("</blockquote>\n")

    visit_sidebar, depart_sidebar = visit_topic, depart_topic

    def visit_docinfo(self, node: nodes.Element) -> None:
        """It was read."""
        raise nodes.SkipNode

    def visit_comment(self, node: nodes.Element) -> None:  # type: ignore[override]
        """Only the place where a text is split is kept."""
        if node.astext().strip() in _TEASER:
            self.body.append(MORE)
        raise nodes.SkipNode

    def visit_system_message(self, node: nodes.Element) -> None:
        """They are told to the editor."""
        raise nodes.SkipNode

    def visit_problematic(self, node: nodes.Element) -> None:
        """What could not be read stands as it was typed."""

    def depart_problematic(self, node: nodes.Element) -> None:
        """End of it."""

    def visit_admonition(self, node: nodes.Element) -> None:
        """A note: a quotation with its title in bold."""
        name = node.tagname if node.tagname != "admonition" else ""
        given: list[str] = node.get("classes", [])
        classes = [one for one in given if not one.startswith("admonition-")]
        has_title = bool(node.children) and isinstance(node.children[0], nodes.title)
        self.body.append("<blockquote>\n")
        if not has_title:
            title = title_of(name or next(iter(classes), "note"), self.article_language)
            self.body.append(f"<p><strong>{escape(title, quote=False)}</strong></p>\n")

    def depart_admonition(self, node: nodes.Element | None = None) -> None:
        """End of a note."""
        self.body.append("</blockquote>\n")

    visit_attention = visit_caution = visit_danger = visit_error = visit_admonition
    visit_hint = visit_important = visit_note = visit_tip = visit_warning = visit_admonition
    depart_attention = depart_caution = depart_danger = depart_error = depart_admonition
    depart_hint = depart_important = depart_note = depart_tip = depart_admonition
    depart_warning = depart_admonition

    def visit_inline(self, node: nodes.Element) -> None:
        """A part of a line whose class tells which element it is."""
        tag = next(
            (INLINE[name] for name in map(str, node.get("classes", [])) if name in INLINE), "span"
        )
        self.body.append(f"<{tag}>")
        self.context.append(f"</{tag}>")

    def depart_inline(self, node: nodes.Element) -> None:
        """End of it."""
        self.body.append(self.context.pop())

    def visit_classifier(self, node: nodes.Element) -> None:
        """What a term is of: a page's style alone would part the two."""
        self.body.append(" : <em>")

    def depart_classifier(self, node: nodes.Element) -> None:
        """End of it."""
        self.body.append("</em>")
        self.depart_term(node)  # type: ignore[arg-type]  # as docutils' own does

    def visit_literal(self, node: nodes.Element) -> None:
        """Code in a line."""
        self.body.append(f"<code>{escape(node.astext(), quote=False)}</code>")
        raise nodes.SkipNode

    visit_math = visit_literal

    def visit_literal_block(self, node: nodes.Element) -> None:
        """Code in lines of its own, with the name of its language."""
        given: list[str] = node.get("classes", [])
        named = [one for one in given if one not in ("code", "math")]
        name = named[0] if named and _LANGUAGE.fullmatch(named[0]) else ""
        language = f' class="language-{name}"' if name else ""
        code = escape(node.astext(), quote=False)
        self.body.append(f"<pre><code{language}>{code}\n</code></pre>\n")
        raise nodes.SkipNode

    visit_math_block = visit_doctest_block = visit_literal_block

    def visit_image(self, node: nodes.Element) -> None:
        """A picture; no file is looked at for its size."""
        given = f' src="{escape(node["uri"])}" alt="{escape(node.get("alt", ""))}"'
        for name in ("width", "height"):
            if found := _PIXELS.fullmatch(str(node.get(name, ""))):
                given += f' {name}="{found[1]}"'
        is_alone = not isinstance(node.parent, nodes.TextElement | nodes.figure | nodes.reference)
        self.body.append(f"<p><img{given}></p>\n" if is_alone else f"<img{given}>")

    def depart_image(self, node: nodes.Element) -> None:
        """A picture holds nothing."""

    def visit_figure(self, node: nodes.Element) -> None:
        """A picture with what is said of it."""
        self.body.append("<figure>\n")

    def depart_figure(self, node: nodes.Element) -> None:
        """End of a figure."""
        self.body.append("</figcaption>\n" if _has_words(node) else "")
        self.body.append("</figure>\n")

    def visit_caption(self, node: nodes.Element) -> None:
        """The words under a picture."""
        self.body.append("<figcaption>\n<p>")

    def depart_caption(self, node: nodes.Element) -> None:
        """End of them; a legend may follow."""
        self.body.append("</p>\n")

    def visit_legend(self, node: nodes.Element) -> None:
        """More of them."""
        if not any(isinstance(one, nodes.caption) for one in node.parent.children):
            self.body.append("<figcaption>\n")

    def depart_legend(self, node: nodes.Element) -> None:
        """End of it."""

    def visit_footnote(self, node: nodes.Element) -> None:
        """A note stands where it was written; its number begins its first paragraph."""

    def depart_footnote(self, node: nodes.Element) -> None:
        """End of a note."""

    visit_citation, depart_citation = visit_footnote, depart_footnote

    def visit_label(self, node: nodes.Element) -> None:
        """It was put into the note."""
        raise nodes.SkipNode

    def visit_footnote_reference(self, node: nodes.Element) -> None:
        """Numbers without links: neither a mail nor a feed is a page to jump about in."""
        given = f' id="{node[_REFERENCE]}"' if node.hasattr(_REFERENCE) else ""
        self.body.append(f"<sup{given}>[")

    def depart_footnote_reference(self, node: nodes.Element) -> None:
        """End of a number."""
        self.body.append("]</sup>")

    visit_citation_reference = visit_footnote_reference
    depart_citation_reference = depart_footnote_reference


def _has_words(figure: nodes.Element) -> bool:
    return any(isinstance(one, nodes.caption | nodes.legend) for one in figure.children)


def number_notes(document: nodes.document) -> None:
    """Put the number of each note before its words, and say by ids which numbers lead there."""
    places: dict[str, int] = {}
    count = itertools.count(1)
    for note in _all(document, nodes.footnote, nodes.citation):
        label = next((one for one in note.children if isinstance(one, nodes.label)), None)
        first = next((one for one in note.children if isinstance(one, nodes.paragraph)), None)
        if label is not None and first is not None:
            first.insert(0, nodes.Text(f"[{label.astext()}] "))
            place = next(count)
            first["ids"] = [note_id(place)]
            places |= dict.fromkeys(note["ids"], place)
    seen: Counter[int] = Counter()
    for reference in _all(document, nodes.footnote_reference, nodes.citation_reference):
        if found := places.get(reference.get("refid", "")):
            seen[found] += 1
            reference[_REFERENCE] = reference_id(found, seen[found])


def complete_addresses(document: nodes.document) -> None:
    """Let an address that was typed go on to its end: docutils' ends before what is no ASCII."""
    for reference in _all(document, nodes.reference):
        said, after = reference.astext(), _follower(reference)
        if reference.hasattr("name") or after is None or reference.get("refuri") != said:
            continue
        before = _ends_with(reference)
        more = address_at(before + said + after, len(before))[len(said) :]
        if more:
            reference["refuri"] = said + more
            reference[0] = nodes.Text(said + more)
            parent = reference.parent
            parent[parent.index(reference) + 1] = nodes.Text(after[len(more) :])


def _follower(node: nodes.Element) -> nodes.Text | None:
    following = node.next_node(descend=False, siblings=True)
    return following if isinstance(following, nodes.Text) else None


def _ends_with(node: nodes.Element) -> str:
    """The character before a node."""
    at = node.parent.index(node)
    return str(node.parent[at - 1].astext()[-1:]) if at else ""


def _all(document: nodes.document, *kinds: type[nodes.Element]) -> Iterator[nodes.Element]:
    for kind in kinds:
        yield from document.findall(kind)
