"""Feeds for other sites, or for readers of their own: `[[feeds.partner]]`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from publisher.feeds.entry import Entry
from publisher.feeds.site import FeedPlan
from publisher.model import Article, PartnerSettings, Publication, filled, in_range, suits

FOLDER = "partner"
"""Where they lie below the feeds folder."""


def partner_plans(
    publication: Publication,
    articles: Sequence[Article],
    now: datetime,
    notes: Mapping[str, str],
) -> list[FeedPlan]:
    """Return each partner's feed at `now`; `articles` are newest first.

    `notes` say by language where an article first appeared, with a place `{title}`.
    """
    return [
        FeedPlan(
            name=f"{FOLDER}/{one.name}",
            title=one.title or publication.title,
            articles=tuple(_chosen(one, publication, articles, now)),
            publication=publication,
            partner=one,
            note=notes if one.note else {},
        )
        for one in publication.feeds.partner
    ]


def quiet_folders(publication: Publication) -> tuple[str, ...]:
    """Return how the paths of feeds begin that neither a list nor a hub is told of."""
    return tuple(f"{FOLDER}/{one.name}/" for one in publication.feeds.partner if not one.public)


def _chosen(
    partner: PartnerSettings, publication: Publication, articles: Sequence[Article], now: datetime
) -> list[Article]:
    most = partner.entries or publication.feeds.entries
    ready = now - partner.delay  # what is withdrawn goes at once, what is new comes later
    found = (
        article
        for article in articles
        if not article.hidden(ready, now) and _is_wanted(partner, publication, article)
    )
    return [article for article, _ in zip(found, range(most), strict=False)]


def _is_wanted(partner: PartnerSettings, publication: Publication, article: Article) -> bool:
    if not suits(partner, article):
        return False
    if partner.languages and not in_range(article.language, *partner.languages):
        return False
    newsletter = next(
        (one for one in publication.newsletters if one.name == partner.newsletter), None
    )
    if newsletter is None:
        return True
    is_foreign = not in_range(article.language, newsletter.language)
    if (is_foreign and not newsletter.any_language) or (
        {"*", newsletter.name} & set(article.hint.exclude)
    ):
        return False
    return any(suits(query, article) for query in newsletter.sections)


def adapted(
    entry: Entry,
    article: Article,
    partner: PartnerSettings,
    publication: Publication,
    notes: Mapping[str, str],
) -> Entry:
    """Return an entry as a partner gets it; its id is that of the article everywhere."""
    url = _link(article, partner, publication) if partner.link else entry.url
    entry = replace(entry, url=with_parameters(url, partner.parameters))
    note = notes.get(article.language)
    if not note:
        return entry
    if not entry.html:
        told = filled(note, {"title": publication.title})
        return replace(entry, summary=f"{entry.summary} {told}".strip())
    words = escape(note, quote=False)
    link = f'<a href="{escape(article.url)}">{escape(publication.title, quote=False)}</a>'
    return replace(entry, html=f"{entry.html}\n<p><em>{filled(words, {'title': link})}</em></p>")


def _link(article: Article, partner: PartnerSettings, publication: Publication) -> str:
    local = article.published.astimezone(ZoneInfo(publication.zone))
    values = {
        "slug": article.slug,
        "section": article.section or "articles",
        "language": article.language,
        "year": f"{local:%Y}",
        "month": f"{local:%m}",
        "day": f"{local:%d}",
    }
    return filled(partner.link, {name: quote(value, safe="") for name, value in values.items()})


def with_parameters(url: str, parameters: str) -> str:
    """Return an address with more in its query.

    >>> with_parameters("https://a.example/b?c=1#d", "utm_source=e")
    'https://a.example/b?c=1&utm_source=e#d'
    """
    if not parameters:
        return url
    bare, mark, fragment = url.partition("#")
    join = "&" if "?" in bare else "?"
    return f"{bare}{join}{parameters}{mark}{fragment}"
