"""A body in Markdown or reStructuredText → HTML, not sanitised, by way of its dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from publisher.errors import SourceError
from publisher.model import Publication, fold
from publisher.sources import markup, summaries
from publisher.sources.dialects import markdown as dialect
from publisher.sources.dialects import rst
from publisher.sources.fields import Fields
from publisher.sources.frontmatter import Head
from publisher.sources.template_code import Expansion

if TYPE_CHECKING:
    from publisher.sources.dialects.rst.reading import Document

_TEASER = "<!--more-->"


def rest(head: Head, code: Expansion, kind: str, *, is_nikola: bool) -> Document | None:
    """Return a text in reStructuredText taken apart, None for any other; raise SourceError."""
    if kind != "rest" and not (kind == "text" and rst.is_certain(code.text, is_nikola)):
        return None
    from publisher.sources.dialects.rst import reading  # docutils takes its time to import

    return reading.parse(code.text, head.body_line)


def of_rest(rest: Document, code: Expansion, said: Fields, language: str) -> tuple[str, str]:
    """Return its title and its HTML; what there is to tell, and a summary, go into `said`."""
    own = summaries.title_words(said.title)
    is_twice = own != "" and rest.title != "" and fold(own) != fold(rest.title)
    raw, teaser = rest.html(language, with_title=is_twice)
    said.summary = said.summary or summaries.teaser(teaser, language)
    said.problems += (replace(one, path=said.path) for one in rest.problems)
    return own or rest.title, code.filled(raw)


def of_markdown(
    head: Head, code: Expansion, kind: str, said: Fields, publication: Publication
) -> str:
    """Return the HTML of Markdown; what there is to tell, and a summary, go into `said`.

    Raises SourceError, with the line.
    """
    language = said.language or publication.language
    generator = publication.sources.generator
    made = dialect.prepared(
        code.text,
        language,
        generator,
        is_mdx=kind == "mdx",
        first_line=head.body_line,
        front=head.texts,
    )
    try:
        raw = markup.markdown(
            made.text, language, typeset=publication.typography, more=made.extensions
        )
    except SourceError as error:
        told = error.problem
        line = told.line and code.line_of(told.line, head.body)
        line = line and line + head.body_line - 1
        raise SourceError(told.what, why=told.why, todo=told.todo, line=line) from None
    raw = code.filled(made.finished(raw))
    if (generator or kind == "mdx") and not said.summary:
        before, more, _ = dialect.MORE.sub(_TEASER, raw).partition(_TEASER)
        said.summary = summaries.teaser(before, language) if more else ""
    said.problems += (replace(one, path=said.path) for one in made.problems)
    return raw
