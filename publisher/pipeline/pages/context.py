"""What templates are told around a page: where others are, feeds, newsletters on offer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from publisher.feeds import OFFERED, FeedPlan, feed_url
from publisher.isolation import PageAsked
from publisher.model import Newsletter, Publication, in_range
from publisher.pipeline.pages.feeds import feeds_named
from publisher.pipeline.pages.logo import logo_size
from publisher.pipeline.urls import links_of, links_origin
from publisher.pipeline.workspace import Workspace
from publisher.rendering import page_policy
from publisher.site import Languages, Page, Site

_FOLLOWED = 60  # feeds on a page for people; the OPML has all


def site_context(space: Workspace, site: Site) -> SiteContext:
    """Return what the pages of a site are told of it."""
    return SiteContext(
        own=space.publication,
        languages=site.languages,
        searches={one.language: one.url for one in site.others if one.template == "search"},
        feeds=feeds_named(space),
        logo=logo_size(space),
    )


class SiteContext(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What all pages know of the whole: pages to search by language, feeds by name."""

    own: Publication
    languages: Languages
    searches: Mapping[str, str]
    feeds: Mapping[str, FeedPlan]
    logo: Mapping[str, int] | None

    def asked(self, page: Page, template: str = "", **values: Any) -> PageAsked:
        """Return a page as a template, by default its own, is asked for it."""
        language = page.language
        context = {
            "page": page, "article": None, "mail": False, "section": None,
            "feeds": self._feeds_of(page), "indexed": self.is_indexed(page),
            "policy": self._searching if page.template == "search" else self._policy,
            "offer": self._offer(language), "search": self.search(language),
            "newer": "", "older": "", "root": self.root, "logo": self.logo,
            "front": self.front(language), "archive": self.front(language, "archive/"),
            "subscribe": self.front(language, "subscribe/"),
            "action": f"{links_of(self.own)}/subscribe",
            "wrong": "", "given": "", "chosen": self._chosen(language),
            **page.values, **values, "of_site": True,
        }  # fmt: skip
        return PageAsked(template or page.template, language, context)

    def front(self, language: str, place: str = "") -> str:
        """The address of the first page, or the archive, for readers of a page in a language."""
        return self.own.base_url + quote(self.languages.place(language, place))

    def search(self, language: str) -> str:
        """The address of the page to search for readers of a page in a language, "" without one."""
        first = next(iter(self.searches.values()), "")
        return self.searches.get(self.languages.of(language), first)

    def is_indexed(self, page: Page) -> bool:
        """Whether search engines are to find a page."""
        return page.indexed and not self.own.web.noindex

    def follow(self) -> list[Mapping[str, Any]]:
        """Return the feeds that people may choose from."""
        apart = ("tag/", "author/")
        plans = [plan for name, plan in self.feeds.items() if not name.startswith(apart)]
        return [
            {
                "title": plan.title,
                "files": [
                    {"name": form.label, "url": feed_url(self.own, plan.name, form.file)}
                    for form in OFFERED
                ],
            }
            for plan in plans[:_FOLLOWED]
        ]

    @cached_property
    def root(self) -> str:
        """The path at which the site begins on its host, without a slash at the end."""
        return urlsplit(self.own.base_url).path.rstrip("/")

    @cached_property
    def _policy(self) -> str:
        return page_policy(links_origin(self.own))

    @cached_property
    def _searching(self) -> str:
        return page_policy(links_origin(self.own), searches=True)

    def _feeds_of(self, page: Page) -> list[Mapping[str, str]]:
        return [
            {
                "title": f"{plan.title} ({form.label})",
                "type": form.type,
                "url": feed_url(self.own, plan.name, form.file),
            }
            for plan in filter(None, map(self.feeds.get, dict.fromkeys((page.feed, ""))))
            for form in OFFERED
        ]

    def _offer(self, language: str) -> Newsletter | None:
        """The newsletter that pages in a language offer: the first in it, or of all."""
        public = [one for one in self.own.newsletters if one.public and not one.instead_of]
        fit = [one for one in public if in_range(one.language, language)]
        return next(iter(fit or public), None) if self.own.sender else None

    def _chosen(self, language: str) -> list[str]:
        """The newsletter that is ticked on the page to subscribe in a language."""
        offered = self._offer(language) if language != self.languages.main else None
        return [one.name for one in ([offered] if offered else self.own.newsletters[:1])]
