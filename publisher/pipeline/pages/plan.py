"""The site as it should be, and what it cannot show as its articles ask for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from publisher import garbage
from publisher.errors import Problem
from publisher.model import Article, Publication
from publisher.pipeline.workspace import Workspace
from publisher.site import Groups, Sent, Site, site_with


def planned(space: Workspace, editions: Sequence[Sent], static: Collection[str]) -> Site:
    """The site as it should be; `static` are the places of the publisher's own files."""
    with garbage.kept_waiting():
        return site_with(groups_of(space, static), editions)


def groups_of(space: Workspace, static: Collection[str]) -> Groups:
    """Return the lists of the site, gathered once for an instant: feeds ask for them as well."""
    known, visible = space.groups, space.visible
    if known is None or known.visible is not visible or set(known.static) != set(static):
        known = space.groups = Groups(space.publication, visible, static)
    return known


def site_problems(own: Publication, site: Site) -> Iterator[Problem]:
    """What a site cannot show as its articles ask for it."""
    others = tuple(f"{feed.into}/" for feed in own.sources.feeds)  # whose stories are elsewhere
    yield from (
        _without_page(own, one)
        for one in site.without
        if not others or not one.path.startswith(others)
    )
    for article, name in site.lost:
        yield Problem(
            what=f"it says that it translates {name!r}, and there is no such article",
            why="Its readers are not led to the other language, nor those of the other to it.",
            todo="Name the other article by its id, slug, file or title: translation_of.",
            path=f"{own.articles}/{article.path}",
            severity="warning",
        )


def _without_page(own: Publication, article: Article) -> Problem:
    return Problem(
        what=f"no page is made for it: {article.url}",
        why="Its address is another page's or another site's, or none that a file can have.",
        todo="Give it another slug, or set [web] pages if another site has the articles.",
        path=f"{own.articles}/{article.path}",
        severity="warning",
    )
