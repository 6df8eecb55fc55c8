"""A text and its site → the text with what its template code stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from itertools import islice

from publisher.errors import SourceError
from publisher.sources import markup
from publisher.sources.templating import hugo, nikola, pelican, tags, zola
from publisher.sources.templating.pieces import Pieces
from publisher.sources.templating.shortcodes import Expansion, Rules, inside
from publisher.sources.templating.site import MOST_SHORTCODES, Expanded, Page, Site
from publisher.sources.templating.tags import Tag

_HUGO = Rules(builtins=hugo.BUILTINS, paired=hugo.PAIRED)
_NIKOLA = Rules(
    builtins=nikola.BUILTINS, paired=nikola.PAIRED, verbatim=nikola.VERBATIM, is_markdown=False
)
_ZOLA = Rules(builtins=zola.BUILTINS, is_markdown=False)
_SIGNS = ("{{", "{%")


def expand(text: str, site: Site, page: Page) -> Expanded:
    """Return a text without its template code: it is what the site's generator makes of it.

    Without a generator only what means one thing alone is expanded, and code is left as it is.
    """
    way = _WAYS.get(site.generator, _left)
    return way(text, site, page)


def _left(text: str, _site: Site, _page: Page) -> Expanded:
    return Expanded(text=text)


def _hugo(text: str, site: Site, page: Page) -> Expanded:
    if not any(mark in text for mark in ("{{<", "{{%")):
        return Expanded(text=text, is_complete=True)
    return _shortcodes(text, tags.hugo(text), _HUGO, site, page)


def _nikola(text: str, site: Site, page: Page) -> Expanded:
    if "{{%" not in text:
        return Expanded(text=text, is_complete=True, finish=nikola.linked)
    found = inside(tags.hugo(text, "%", escapes=False), _NIKOLA.verbatim)
    return _shortcodes(text, found, _NIKOLA, site, page, nikola.linked)


def _zola(text: str, site: Site, page: Page) -> Expanded:
    found = tags.zola(text) if any(sign in text for sign in _SIGNS) else ()
    return _shortcodes(text, found, _ZOLA, site, page)


def _pelican(text: str, site: Site, page: Page) -> Expanded:
    finish = partial(pelican.linked, path=page.path, settings=site.values())
    return Expanded(text=text, finish=finish)


def _liquid(module: str) -> Callable[[str, Site, Page], Expanded]:
    def expanded(text: str, site: Site, page: Page) -> Expanded:
        if not any(sign in text for sign in _SIGNS) or (site.is_guess and not _is_seen(text, page)):
            return Expanded(text=text)
        # The library takes a while to load, and most publications need none of it.
        way = import_module(f"publisher.sources.templating.{module}").expand
        made: Expanded = way(text, site, page)
        return made

    return expanded


def _is_seen(text: str, page: Page) -> bool:
    """Whether readers would see template code: else a guess changes nothing."""
    try:
        return bool(markup.template_code(text if page.is_html else markup.markdown(text)))
    except SourceError:
        return False


def _shortcodes(
    text: str,
    found: Iterable[Tag],
    rules: Rules,
    site: Site,
    page: Page,
    finish: Callable[[str], str] = str,
) -> Expanded:
    pieces = Pieces([text, *site.shortcodes.values()])
    expansion = Expansion(text, rules, site, page, pieces)
    made = expansion.expanded(found)
    return Expanded(
        text=made, problems=expansion.problems, is_complete=True, pieces=pieces, finish=finish
    )


def _unnamed(text: str, site: Site, page: Page) -> Expanded:
    """What Hugo's marks say where nobody named a generator: only outside of code."""
    if not any(mark in text for mark in ("{{<", "{{%")):
        return Expanded(text=text)
    certain = (tag for tag in tags.hugo(text) if _is_certain(tag, site))
    found = list(islice(certain, MOST_SHORTCODES + 1))
    chosen = _outside_code(text, found, page)
    if not chosen:
        return Expanded(text=text)
    made = _shortcodes(text, chosen, _HUGO, site, page)
    is_complete = not made.problems and not any(sign in made.text for sign in _SIGNS)
    return Expanded(
        text=made.text, problems=made.problems, is_complete=is_complete, pieces=made.pieces
    )


def _is_certain(tag: Tag, site: Site) -> bool:
    if tag.literal is not None:
        return True
    certain = hugo.CERTAIN_MARKDOWN if tag.is_markdown else hugo.CERTAIN
    return not tag.fault and (tag.name in certain or tag.name in site.shortcodes)


def _outside_code(text: str, found: list[Tag], page: Page) -> list[Tag]:
    """The tags that a reader would see: Markdown itself tells what is code."""
    pieces = Pieces([text])
    at, parts = 0, []
    for tag in found:
        parts += [text[at : tag.start], pieces.put("")]
        at = tag.end
    marked = "".join([*parts, text[at:]])
    if not page.is_html:
        try:
            marked = markup.markdown(marked)
        except SourceError:  # which is told when it is read for good
            return []
    seen = pieces.numbers(_without_comments(markup.without_code(marked)))
    return [tag for number, tag in enumerate(found) if number in seen]


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start)) >= 0:
        kept.append(html[at:start])
        at = end + len("-->")
    return "".join([*kept, html[at:]])


_WAYS: dict[str, Callable[[str, Site, Page], Expanded]] = {
    "": _unnamed,
    "eleventy": _liquid("eleventy"),
    "hugo": _hugo,
    "jekyll": _liquid("jekyll"),
    "nikola": _nikola,
    "pelican": _pelican,
    "zola": _zola,
}
