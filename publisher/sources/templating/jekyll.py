"""Jekyll: Liquid over the whole text, before Markdown, and in code as well (version 4)."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from publisher.sources.templating import hexo, liquid_filters, liquid_tags
from publisher.sources.templating.liquid import Engine
from publisher.sources.templating.liquid_tags import tag
from publisher.sources.templating.pieces import Pieces
from publisher.sources.templating.run import Known, OfPage, Run
from publisher.sources.templating.site import Expanded, Page, Site

_TAGS = {
    "include": tag("include", liquid_tags.include),
    "include_cached": tag("include_cached", liquid_tags.include),
    "include_relative": tag("include_relative", liquid_tags.include_relative),
    "post_url": tag("post_url", liquid_tags.post_url),
    "link": tag("link", liquid_tags.link),
    "gist": tag("gist", liquid_tags.gist_tag),
    "highlight": tag("highlight", liquid_tags.highlight, is_paired=True),
}
_OF_SITE = frozenset(
    "posts pages documents static_files html_pages html_files categories tags related_posts "
    "github pagination_info".split()
)
_OF_PAGE = frozenset("content excerpt previous next url id output".split())


@lru_cache(maxsize=16)
def _engine(shortcodes: tuple[tuple[str, str], ...], *, is_hexo: bool) -> Engine:
    return Engine(hexo.TAGS if is_hexo else _TAGS, liquid_filters.JEKYLL, dict(shortcodes))


def expand(text: str, site: Site, page: Page) -> Expanded:
    """Return a text with what its Liquid stands for."""
    if page.values.get("render_with_liquid") is False:
        return Expanded(text=text, is_complete=True)
    pieces = Pieces([text])
    if is_hexo := hexo.is_one(site.values()):
        text = hexo.masked(text, pieces)
    engine = _engine(tuple(sorted(site.shortcodes.items())), is_hexo=is_hexo)
    run = Run(site=site, page=page, pieces=pieces)
    return engine.expanded(text, run, _known(site, page))


def _known(site: Site, page: Page) -> dict[str, Any]:
    values = dict(site.values())
    values.setdefault("baseurl", "")
    values.setdefault("url", site.base_url.rstrip("/"))
    return {
        "site": _OfSite(site, page, values),
        "page": OfPage(page, _of_page(site, page, values), _OF_PAGE),
        "jekyll": {"environment": "production", "version": "4"},
        "paginator": Known("paginator", {}, is_all=True),
        "layout": Known("layout", {}, is_all=True),
    }


class _OfSite(Known):
    """`site`: its configuration, its data, its collections; what it publishes is not known yet."""

    def __init__(self, site: Site, page: Page, values: Mapping[str, Any]) -> None:
        super().__init__("site", {**values, "data": _Data(site)}, _OF_SITE - values.keys())
        self._site, self._page = site, page
        found = values.get("collections")
        self._collections = {str(one) for one in found} if isinstance(found, list | dict) else set()

    def __getitem__(self, key: str) -> Any:
        if key == "time":
            return Run(site=self._site, page=self._page, pieces=Pieces([])).now()
        if key in self._collections and key != "posts":
            return _documents(key, self._site, self._values)
        return super().__getitem__(key)


def _documents(name: str, site: Site, values: Mapping[str, Any]) -> list[Any]:
    """The members of a collection, with the address that Jekyll gives them."""
    own = values.get("collections")
    settings = own.get(name) if isinstance(own, Mapping) else None
    usual = settings.get("permalink") if isinstance(settings, Mapping) else None
    folder = f"{str(values.get('collections_dir') or '').strip('/')}/_{name}".lstrip("/")
    found = []
    for path, head in site.documents(folder):
        given = {"path": path, **_defaults(path, values.get("defaults")), **head}
        below = path[len(folder) + 1 :].rpartition(".")[0]
        pattern = str(given.get("permalink") or usual or "/:collection/:path:output_ext")
        title = below.rpartition("/")[2]
        known = {
            "collection": name, "path": below, "title": str(given.get("slug") or title),
            "name": title, "slug": str(given.get("slug") or title), "output_ext": ".html",
        }  # fmt: skip
        address = re.sub(r":(\w+)", partial(_named, known), pattern)
        if ":" not in address:
            given["url"] = address
        found.append(Known(name, given, _OF_PAGE))
    return found


def _named(known: Mapping[str, str], found: re.Match[str]) -> str:
    return known.get(found[1], found[0])


class _Data(Mapping[str, Any]):
    """`site.data`, read where it is asked for."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def __getitem__(self, key: str) -> Any:
        return Known("site.data", self._site.data(), is_all=True)[key]

    def __iter__(self) -> Any:
        return iter(self._site.data())

    def __len__(self) -> int:
        return len(self._site.data())


def _of_page(site: Site, page: Page, values: Mapping[str, Any]) -> dict[str, Any]:
    """The front matter of a page, over the defaults that `_config.yml` has for it."""
    path = "/".join(filter(None, (site.articles, page.path)))
    given = {**_defaults(path, values.get("defaults")), **page.values}
    name = path.rpartition("/")[2]
    known = {"path": path, "relative_path": path, "name": name, **given}
    if isinstance(known.get("permalink"), str) and ":" not in known["permalink"]:
        known["url"] = known["permalink"]
    for plural, single in (("tags", "tag"), ("categories", "category")):
        found = known.get(plural, known.get(single)) or []
        known[plural] = found.split() if isinstance(found, str) else found
    return known


def _defaults(path: str, given: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in given if isinstance(given, list) else ():
        scope = one.get("scope") if isinstance(one, Mapping) else None
        own = one.get("values") if isinstance(one, Mapping) else None
        if isinstance(own, Mapping) and isinstance(scope, Mapping) and _is_in(path, scope):
            found |= own
    return found


def _is_in(path: str, scope: Mapping[str, Any]) -> bool:
    place = str(scope.get("path") or "").strip("/")
    kind = scope.get("type")
    is_post = "_posts/" in f"/{path}" or "_drafts/" in f"/{path}"
    is_kind = kind in (None, "", "posts" if is_post else "pages") or f"_{kind}/" in f"/{path}"
    inside = not place or path == place or path.startswith(f"{place}/")
    return is_kind and (inside or ("*" in place and fnmatch.fnmatchcase(path, place)))
