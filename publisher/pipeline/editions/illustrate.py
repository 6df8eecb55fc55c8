"""An edition's mail with its pictures: those that it shows are made, and no others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from html import escape

from msgspec.structs import replace

from publisher.model import Article, Edition, Related, Rendition, Section, Story
from publisher.outbox import Bundle
from publisher.pipeline.pages.logo import logo_picture
from publisher.pipeline.pages.portraits import Portraits
from publisher.pipeline.served import headers_of
from publisher.pipeline.workspace import Workspace

_MAIL = ("mail/", "blocks/")  # templates of mails


def illustrated(space: Workspace, edition: Edition, page_url: str) -> Rendition:
    """Return an edition's rendition; its pictures are made, and named as they will be put there.

    What a template shows is known when it is rendered: where that is a picture of ours, it is
    rendered a second time, with what was made of it.
    """
    gallery, portraits = space.gallery, Portraits(space)
    logo, logo_dark = logo_picture(space), logo_picture(space, space.publication.logo_dark)

    def rendered(one: Edition) -> Rendition:
        return space.renderer.mail(
            one, space.archive.body, page_url=page_url, logo=logo, logo_dark=logo_dark
        )

    if gallery.is_open and _may_have_one(edition) and space.theme.mentions("thumbnail(", *_MAIL):
        edition = _changed(edition, lambda one: gallery.with_thumbnail(one, mailed=True), True)
    if portraits:
        edition = _changed(edition, lambda one: portraits.of(one, mailed=True))
    rendition = rendered(edition)
    html = rendition.html.filled()

    def is_shown(url: str) -> bool:
        return escape(url) in html

    lacking = (
        one
        for story in edition.stories
        for url in filter(is_shown, story.article.pictures)
        for one in gallery.lacking(story.article, url, "mail")
    )
    deque(gallery.made_together(lacking), 0)
    with_made = _changed(edition, lambda one: gallery.for_mail(one, is_shown))
    return rendition if with_made == edition else rendered(with_made)


def put_pictures(space: Workspace, bundle: Bundle) -> None:
    """Put the pictures of a bundle's mails where their readers will look for them."""
    mails = [data.decode() for name, data in bundle.files.items() if name.endswith(".html")]
    places = {f"web/{place}" for html in mails for place in space.gallery.put_mailed(html)}
    space.outbox.publish_files(sorted(places), headers_of)


def _may_have_one(edition: Edition) -> bool:
    """Whether a thumbnail can be asked for: only then are all templates looked through."""
    stories = [story for section in edition.sections for story in section.stories]
    return any(
        article.image
        for story in stories
        for article in (story.article, *(one.article for one in story.related))
    )


def _changed(
    edition: Edition, change: Callable[[Article], Article], is_for_related: bool = False
) -> Edition:
    """The edition with every story's article changed, and those of related stories as well."""

    def related(one: Related) -> Related:
        return replace(one, article=change(one.article)) if is_for_related else one

    def story(one: Story) -> Story:
        return replace(one, article=change(one.article), related=tuple(map(related, one.related)))

    def section(one: Section) -> Section:
        return replace(one, stories=tuple(map(story, one.stories)))

    return replace(edition, sections=tuple(map(section, edition.sections)))
