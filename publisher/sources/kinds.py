"""Which files are articles, and what else decides of all of them how they are read."""

from __future__ import annotations

from publisher.model import Publication

KINDS = {
    ".md": "markdown", ".markdown": "markdown", ".mkd": "markdown", ".mdx": "mdx",
    ".html": "html", ".htm": "html",
    ".rst": "rest", ".rest": "rest",
    ".txt": "text",
}  # fmt: skip
"""Which files are articles, by suffix."""

FORMAT = 22
"""Raise it whenever the same file would give another article: cached ones are made anew."""


def languages(publication: Publication) -> set[str]:
    """The languages that a publication uses, without regions."""
    tags = [publication.language, *(one.language for one in publication.newsletters)]
    return {tag.lower().partition("-")[0] for tag in tags if tag}
