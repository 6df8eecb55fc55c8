"""What readers of the site will miss: articles without a page, links that lead nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from publisher.errors import Problem, TemplateError
from publisher.model import Article
from publisher.pipeline.pages.assets import articles_folder, static_files
from publisher.pipeline.pages.context import site_context
from publisher.pipeline.pages.plan import planned, site_problems
from publisher.pipeline.pages.rendered import RenderedPages
from publisher.pipeline.workspace import Workspace
from publisher.site import Site, edition_place, file_of, place_of, redirects_of
from publisher.sources import addresses, file_beside
from publisher.sources.site_places import bytes_of


def page_problems(space: Workspace) -> list[Problem]:
    """Return what readers of the site will miss: articles without a page, links that lead nowhere.

    Nothing is written.
    """
    own = space.publication
    if own.web.pages != "all":
        return []
    static = static_files(space)
    site = planned(space, [], static)
    problems = list(site_problems(own, site))
    problems += _page_faults(space, site)
    problems += _lost_addresses(space, site, static)
    known = {edition_place(send.edition) + "/index.html" for send in space.ledger.sends.all()}
    known |= static.keys()
    for one in site.pages:
        if one.article:
            problems += _dead_links(space, one.article, site, known)
    return problems


def _page_faults(space: Workspace, site: Site) -> Iterator[Problem]:
    """Faults of the theme's templates, found by making one page of each kind."""
    rendered = RenderedPages(space, site_context(space, site), lambda _: None)  # without editions
    for one in {one.template: one for one in site.pages}.values():
        try:
            rendered.html(one, ())
        except TemplateError as error:
            yield error.problem


def _lost_addresses(space: Workspace, site: Site, static: Collection[str]) -> Sequence[Problem]:
    """Old addresses of articles that cannot lead on; the others are pages from here on."""
    for place in static:
        site.claims.take(place)
    articles = [one.article for one in site.pages if one.article]
    return redirects_of(articles, space.publication, site.claims).problems


def _dead_links(
    space: Workspace, article: Article, site: Site, known: Collection[str]
) -> Iterator[Problem]:
    own, folder = space.publication, articles_folder(space)
    for url in addresses(article, space.archive.body(article), own):
        places = set(filter(None, (place_of(url, own), file_of(url, own))))
        if not places.isdisjoint(known) or any(map(site.claims.holds, places)):
            continue
        if file_beside(url, article, folder, own) is not None:
            continue
        what, todo = (
            ("its file is of a kind that is not published from there",
             f"Save a picture as JPEG or PNG; or put the file into {own.web.static}/.")
            if _lies_beside(url, article, folder) else
            ("there is no such page or file",
             f"Mend the address; or put the file beside the article, or into {own.web.static}/.")
        )  # fmt: skip
        yield Problem(
            what=f"it leads to {url}, and {what}",
            todo=todo,
            path=f"{own.articles}/{article.path}",
            severity="warning",
        )


def _lies_beside(url: str, article: Article, folder: Path) -> bool:
    """Whether a file of any kind lies beside an article where an address leads."""
    start = article.url.rpartition("/")[0] + "/"
    name = unquote(url.removeprefix(start)) if url.startswith(start) else ""
    is_below = bool(name) and ".." not in name
    return is_below and bytes_of((folder / article.path).parent / name) >= 0
