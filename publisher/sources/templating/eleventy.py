"""Eleventy: Liquid or Nunjucks over Markdown, with what its data files say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liquid import Undefined

from publisher.sources.templating import liquid_filters, liquid_tags, nunjucks
from publisher.sources.templating.code import Fault
from publisher.sources.templating.liquid import Engine
from publisher.sources.templating.liquid_tags import tag
from publisher.sources.templating.pieces import Pieces
from publisher.sources.templating.run import Known, OfPage, Run
from publisher.sources.templating.site import Expanded, Page, Site

CONFIGURATIONS = (
    ".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs",
)  # fmt: skip
_TAGS = {
    "include": tag("include", liquid_tags.partial),
    "render": tag("render", liquid_tags.partial),
    "highlight": tag("highlight", liquid_tags.highlight, is_paired=True),
}
_FOLDER = r"""\b{}\s*:\s*["']([\w./-]+)["']"""
_OF_PAGE = frozenset("url outputPath templateSyntax rawInput".split())


class _Unknown(Undefined):
    """What no data file says may be computed by a script: shown, it would be a hole."""

    __slots__ = ()

    def __str__(self) -> str:
        raise Fault(
            f"what {self.name} stands for is not known",
            "Write it into the article, or into its front matter.",
        )


class _Nunjucks(Engine):
    """Liquid with what Nunjucks says otherwise; its `truncate` counts otherwise: it is unknown."""

    logical_not_operator = True
    logical_parentheses = True

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.filters = {name: one for name, one in self.filters.items() if name != "truncate"}
        self.filters |= {name: self.filters[kept] for name, kept in nunjucks.NAMES.items()}
        self.filters["safe"] = str


@lru_cache(maxsize=16)
def _engine(shortcodes: tuple[tuple[str, str], ...], engine: str) -> Engine:
    kind = _Nunjucks if engine == "njk" else Engine
    return kind(_TAGS, liquid_filters.ELEVENTY, dict(shortcodes), _Unknown)


def expand(text: str, site: Site, page: Page) -> Expanded:
    """Return a text with what its Liquid stands for."""
    configuration = _configuration(site)
    engine = _engine_of(page, configuration)
    if engine in ("md", "html", "false"):
        return Expanded(text=text, is_complete=True)
    if engine == "njk":
        text = nunjucks.as_liquid(text)
    elif engine != "liquid":
        return Expanded(text=text)  # what is code in it is refused later
    run = Run(site=site, page=page, pieces=Pieces([text]), includes=_includes(configuration))
    shortcodes = tuple(sorted(site.shortcodes.items()))
    return _engine(shortcodes, engine).expanded(text, run, _known(site, page))


def _configuration(site: Site) -> str:
    found = (site.read(name) for name in CONFIGURATIONS)
    return next((text for text in found if text is not None), "")


def _engine_of(page: Page, configuration: str) -> str:
    """The engine that a text is for: the page says it, the configuration, or it is Liquid."""
    own = page.values.get("templateEngineOverride")
    if own is not None:
        return str(own).partition(",")[0].strip().lower() or "md"
    key = "htmlTemplateEngine" if page.is_html else "markdownTemplateEngine"
    found = re.search(rf"""\b{key}\s*:\s*(?:["'](\w+)["']|(false))""", configuration)
    return (found[1] or found[2]).lower() if found else "liquid"


def _named(name: str, configuration: str, usual: str) -> str:
    found = re.search(_FOLDER.format(name), configuration)
    return (found[1] if found else usual).strip("./")


def _includes(configuration: str) -> tuple[str, ...]:
    start = _named("input", configuration, "")
    name = _named("includes", configuration, "_includes")
    return tuple(dict.fromkeys(("/".join(filter(None, (start, name))), name, "_includes")))


def _known(site: Site, page: Page) -> Mapping[str, Any]:
    stem = page.path.rpartition("/")[2].rpartition(".")[0]
    date = page.values.get("date")
    own = {"inputPath": f"./{page.path}", "fileSlug": re.sub(r"^\d{4}-\d\d-\d\d-", "", stem)}
    if date is not None:
        own["date"] = date
    return {
        **site.data(),
        **page.values,
        "page": OfPage(page, own, _OF_PAGE),
        "collections": Known("collections", {}, is_all=True),
    }
