"""`[sources.shortcodes]`: small Jinja templates of the owner's, in the sandbox.

What an article gives is text: it never becomes markup unless the template says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jinja2
import msgspec
from jinja2 import meta
from markupsafe import Markup

from publisher.sandbox import Sandbox
from publisher.sources.templating.code import Fault, markdown

_PUNCTUATION = re.compile(r"[ !-/:-@\[-`{-~]")


def _plain(value: Any) -> Any:
    """A value as Markdown that shows it as it is: references are never markup (CommonMark §2.5)."""
    if isinstance(value, Markup):
        return value
    words = " ".join(str(value).split("\n"))
    return Markup(_PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", words))


def _as_markdown(value: Any) -> Markup:
    """What an article gives as Markdown, where the template says that it is."""
    return Markup(markdown(str(value), "", typeset=False))


def _environment(finalize: Any = None) -> Sandbox:
    sandbox = Sandbox(autoescape=True, finalize=finalize)
    sandbox.globals.clear()
    sandbox.filters["markdown"] = _as_markdown
    return sandbox


_HTML, _MARKDOWN = _environment(), _environment(_plain)


@lru_cache(maxsize=1000)
def _compiled(template: str, as_markdown: bool) -> jinja2.Template:
    return (_MARKDOWN if as_markdown else _HTML).from_string(template)


@lru_cache(maxsize=1000)
def wants_inner(template: str) -> bool:
    """Whether a template shows what its shortcode encloses."""
    return "inner" in meta.find_undeclared_variables(_HTML.parse(template))


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a template knows; `inner` is markup already."""

    inner: str
    args: tuple[str, ...]
    params: Mapping[str, str]
    page: Mapping[str, Any]


def rendered(template: str, given: Given, most: int, *, as_markdown: bool = False) -> str:
    """Return what a template makes of a shortcode, or raise Fault."""
    known = {
        **{name: value for name, value in given.params.items() if name.isidentifier()},
        "inner": Markup(given.inner),
        "args": list(given.args),
        "params": dict(given.params),
        "page": given.page,
    }
    made: list[str] = []
    length = 0
    try:
        for part in _compiled(template, as_markdown).generate(known):
            made.append(part)
            length += len(part)
            if length > most:
                raise Fault(f"its template makes more than {most:,} characters")
    except Fault:
        raise
    except Exception as error:  # whatever a template of the owner's does wrong is the owner's
        raise Fault(
            f"its template fails: {type(error).__name__}: {str(error)[:200]}",
            "Mend it in publisher.toml: [sources.shortcodes].",
        ) from None
    return "".join(made)
