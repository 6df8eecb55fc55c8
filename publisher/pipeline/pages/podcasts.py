"""What keeps directories from taking a podcast, before anybody asks them."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.errors import Problem
from publisher.feeds import feed_plans
from publisher.feeds.rules import RULES
from publisher.model import PodcastSettings
from publisher.pipeline.pages.logo import file_at
from publisher.pipeline.workspace import Workspace
from publisher.site import file_of
from publisher.sources import measured

_LEAST, _LARGEST = 1400, 3000  # pixels of a cover, as Apple wants it


def podcast_problems(space: Workspace) -> Iterator[Problem]:
    """Return what is missing of each podcast of `[feeds.podcast]`."""
    own = space.publication
    if not own.feeds.podcast:
        return
    plans = feed_plans(own, space.visible)
    held = {plan.name: plan for plan in plans}
    for one in own.feeds.podcast:
        plan = held.get(one.feed)
        if plan is None:
            yield _problem(
                f"the podcast {one.feed} is no feed that there is",
                "Name one as `publisher feeds build` prints them: [feeds.podcast] feed.",
            )
        elif not any(article.enclosure for article in plan.articles):
            yield _problem(
                f"no article of the podcast {one.feed or own.title} has a sound",
                "Add a line to its front matter: audio: https://…/1.mp3",
                "Players show an empty show.",
            )
        yield from _missing(one)
        yield from _cover(space, one)


def _missing(one: PodcastSettings) -> Iterator[Problem]:
    if not one.categories:
        yield _problem(
            "a podcast has no category",
            'Add a line to [feeds.podcast]: categories = ["News > Daily News"]',
            RULES["podcast-category"].hurts,
        )
    if not one.email:
        yield _problem(
            "a podcast names no address of its owner",
            "Add a line to [feeds.podcast]: email = …",
            RULES["podcast-owner"].hurts,
        )


def _cover(space: Workspace, one: PodcastSettings) -> Iterator[Problem]:
    url = one.image or space.publication.logo
    hurts = RULES["podcast-image"].hurts
    if not url:
        yield _problem(
            "a podcast has no cover", "Add a line to [feeds.podcast]: image = cover.jpg", hurts
        )
        return
    found = file_at(space, url)
    if found is None:
        if file_of(url, space.publication) is not None:
            yield _problem(
                f"there is no file for the cover of a podcast: {url}",
                "Put the file beside publisher.toml, or name an address on the web.",
                hurts,
            )
        return
    wide, high = measured(found[1])
    if wide and not (wide == high and _LEAST <= wide <= _LARGEST):
        yield _problem(
            f"the cover of a podcast has {wide} by {high} pixels: {found[1].name}",
            f"Make it a square of {_LEAST} to {_LARGEST} pixels, JPEG or PNG.",
            hurts,
        )


def _problem(what: str, todo: str, why: str = "") -> Problem:
    return Problem(what=what, why=why, todo=todo, path="publisher.toml", severity="warning")
