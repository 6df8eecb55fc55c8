"""The first page: a lead, what stands beside it, and the newest of each section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice

import msgspec

from publisher.model import Article, in_range

_FOR_LEAD = 10  # of the newest stories, the first with a picture is on top
_IN_GROUP = 4  # stories of a group
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Some stories of a section, or in another `language`."""

    articles: Sequence[Article]
    title: str = ""
    url: str = ""
    language: str = ""


class Front(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the first page, each story once."""

    lead: Article | None
    top: Sequence[Article]
    groups: Sequence[Group]

    @property
    def articles(self) -> list[Article]:
        """Every story in order."""
        above = [self.lead, *self.top] if self.lead else []
        return [*above, *(one for group in self.groups for one in group.articles)]

    @property
    def order(self) -> list[tuple[str, str, list[str]]]:
        """Where each story stands, in a few words."""
        groups = [(one.title, one.url, [a.id for a in one.articles]) for one in self.groups]
        above = [self.lead, *self.top] if self.lead else []
        return [("", "", [one.id for one in above]), *groups]


Section = tuple[str, str, Iterable[Article]]
"""A section's title and address, and its articles, newest first: few of them are asked for."""


def front_of(
    latest: Sequence[Article],
    articles: Sequence[Article],
    sections: Sequence[Section],
    language: str,
) -> Front:
    """Return the first page of a publication in a language; all articles are newest first.

    The sections with the newest stories come first, and what is in other languages last.
    """
    ours = [one for one in latest if in_range(one.language, language)] or list(latest)
    if not ours:
        return Front(lead=None, top=(), groups=())
    lead = next((one for one in ours[:_FOR_LEAD] if one.image and one.news), ours[0])
    top = [one for one in ours if one is not lead][:_IN_GROUP]
    told = {lead.id, *(one.id for one in top)}
    groups = [_section(section, told, language) for section in sections]
    groups.sort(key=_newest, reverse=True)
    return Front(
        lead=lead,
        top=top,
        groups=[one for one in (*groups, *_foreign(articles, told, language)) if one.articles],
    )


def _section(section: Section, told: set[str], language: str) -> Group:
    title, url, members = section
    left = (one for one in members if one.id not in told and in_range(one.language, language))
    return Group(title=title, url=url, articles=list(islice(left, _IN_GROUP)))


def _foreign(articles: Sequence[Article], told: set[str], language: str) -> list[Group]:
    held = dict.fromkeys([one.language for one in articles])
    others = {tag for tag in held if not in_range(tag, language)}
    if not others:
        return []
    left = [one for one in articles if one.language in others and one.id not in told]
    tags = list(dict.fromkeys([one.language for one in left]))[:_IN_GROUP]
    return [
        Group(language=tag, articles=[one for one in left if one.language == tag][:_IN_GROUP])
        for tag in tags
    ]


def _newest(group: Group) -> datetime:
    return max((one.published for one in group.articles if one.news), default=_LONG_AGO)
