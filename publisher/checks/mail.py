"""A finished mail as the rules look at it, with the files that it was made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from html import unescape
from typing import Any, TypeAlias

import msgspec

from publisher.model import Article, Newsletter, Publication, Rendition, Section

Element: TypeAlias = Any  # lxml.html gives no types of its own

_UNSEEN = ("style", "script", "title", "head", "template")
_CODE = ("pre", "code", "kbd", "samp", "tt", "var")
_HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*all|max-height:\s*0\b|visibility:\s*hidden")
_FEWEST = 2  # letters by which a place can be found
_ALIKE = 4  # from so many on, whatever their case


class Link(msgspec.Struct, frozen=True):
    """A link of the mail: where it leads, and the words that stand for it."""

    url: str
    words: str
    element: Element


class Mail(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An edition's mail. `name` is its id.

    `sections` hold its stories and how they are shown; none where it was sealed before. `files` are
    the texts that it was made of, by path as an editor types it: articles first, then templates,
    then publisher.toml. `body` gives an article's body, sanitised. `last` are the subject and the
    preheader of the edition before. `lacking` are words that the theme has not in its language.
    `message` gives that of a reader, complete; b"" where none can be made.
    """

    name: str
    publication: Publication
    newsletter: Newsletter
    rendition: Rendition
    sections: Sequence[Section] = ()
    files: Mapping[str, str] = msgspec.field(default_factory=dict)
    body: Callable[[Article], str] = lambda _: ""
    last: tuple[str, str] | None = None
    lacking: Sequence[str] = ()
    message: Callable[[], bytes] = lambda: b""

    @cached_property
    def html(self) -> str:
        """The HTML as a reader sees it who has told nothing."""
        return self.rendition.html.filled()

    @cached_property
    def text(self) -> str:
        """The text part, as such a reader sees it."""
        return self.rendition.text.filled()

    @cached_property
    def subject(self) -> str:
        """The subject line."""
        return self.rendition.subject.filled().strip()

    @cached_property
    def preheader(self) -> str:
        """The line that in-boxes show after the subject."""
        return self.rendition.preheader.filled().strip()

    @cached_property
    def root(self) -> Element:
        """The HTML as a tree."""
        from lxml import html as lxml_html  # slow to import, and few builds need it

        return lxml_html.document_fromstring(self.html or "<html></html>")

    @cached_property
    def stories(self) -> list[Article]:
        """The articles that it shows, in reading order."""
        return [story.article for section in self.sections for story in section.stories]

    @cached_property
    def links(self) -> list[Link]:
        """Every link, those on pictures with the words that stand for them."""
        return [
            Link(str(one.get("href")).strip(), _named(one), one)
            for one in self.root.iter("a", "area")
            if one.get("href") is not None
        ]

    @cached_property
    def pictures(self) -> list[Element]:
        """Every picture that is shown as such."""
        return list(self.root.iter("img"))

    @cached_property
    def words(self) -> list[tuple[str, Element]]:
        """The pieces of text that readers see, each with the element that it stands in."""
        body = self.root.find("body")
        return [] if body is None else list(_seen(body))

    @cached_property
    def prose(self) -> list[tuple[str, Element]]:
        """The same without code, which quotes what would be a fault elsewhere."""
        return [one for one in self.words if not _is_code(one[1])]

    def place(self, *needles: str) -> tuple[str | None, int | None]:
        """Return the file and line that hold one of these words; the first that is anywhere.

        As they are written, if they stand so; else in other letters: few of them are in many words.
        Templates of the text part are not looked into: what is looked for was seen in the HTML.
        """
        for needle in needles:
            wanted = {one for one in (needle, unescape(needle)) if len(one.strip()) >= _FEWEST}
            folded = {one.casefold() for one in wanted} if len(needle) >= _ALIKE else ()
            for words, texts in ((wanted, self._searched), (folded, self._folded)):
                for path, text in texts.items():
                    for one in words:
                        if (at := text.find(one)) >= 0:
                            return path, text.count("\n", 0, at) + 1
        return None, None

    def path_of(self, article: Article) -> str:
        """Return the file of an article, as an editor types it."""
        return f"{self.publication.articles}/{article.path}"

    @cached_property
    def _searched(self) -> dict[str, str]:
        of_text = re.compile(r"templates/.*\.txt")
        return {path: text for path, text in self.files.items() if not of_text.fullmatch(path)}

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {path: text.casefold() for path, text in self._searched.items()}


def _named(link: Element) -> str:
    """What a link is called: its words, or those that stand for its picture."""
    told = link.get("aria-label") or " ".join(
        [link.text_content(), *(str(one.get("alt") or "") for one in link.iter("img"))]
    )
    return " ".join(told.split()) or str(link.get("title") or "").strip()


def _seen(element: Element) -> Iterator[tuple[str, Element]]:
    """The texts in an element, but what is hidden; iterative, for bodies nest deeply."""
    waiting: list[tuple[Element, bool]] = [(element, False)]
    while waiting:
        one, is_tail = waiting.pop()
        if is_tail:
            if one.tail and one.tail.strip():
                parent = one.getparent()
                yield one.tail, parent if parent is not None else one
            continue
        if isinstance(one.tag, str) and one.tag not in _UNSEEN and not is_hidden(one):
            if one.text and one.text.strip():
                yield one.text, one
            for child in reversed(one):
                waiting += [(child, True), (child, False)]


def is_hidden(element: Element) -> bool:
    """Whether an element itself is kept from sight."""
    return bool(_HIDDEN.search(element.get("style") or "")) or element.get("hidden") is not None


def _is_code(element: Element) -> bool:
    return element.tag in _CODE or next(element.iterancestors(*_CODE), None) is not None
