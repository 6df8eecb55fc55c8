"""What articles have in common: section, tag, author and month, each with where it is listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from urllib.parse import quote
from zoneinfo import ZoneInfo

from publisher.model import Publication, Visible, names
from publisher.site.languages import Languages
from publisher.site.lists import Listing
from publisher.site.places import place_of, places_of


class Groups:
    """The lists of a site: of articles that may be seen, newest first."""

    def __init__(self, publication: Publication, visible: Visible, static: Collection[str]) -> None:
        """`static` are the places of the publisher's own files."""
        self.own, self.visible, self.static = publication, visible, static
        self.seen = visible.articles
        self.has_articles = publication.web.pages == "all"
        self.languages = Languages(
            self.seen if self.has_articles else (), publication.language, self.is_free
        )

    @cached_property
    def places(self) -> list[str | None]:
        """Where each article's page lies; None where no file can have its address."""
        return places_of([article.url for article in self.seen], self.own)

    @cached_property
    def taken(self) -> set[str | None]:
        """Where articles' own pages stand."""
        return set(self.places)

    def is_free(self, place: str) -> bool:
        """Whether neither an article nor a file of the publisher's has a place: both came first."""
        path = f"{place}index.html"
        return path not in self.taken and path not in self.static

    def url(self, place: str) -> str:
        """The address of a place."""
        return self.own.base_url + quote(place)

    # The lists

    @cached_property
    def by_section(self) -> dict[str, Listing]:
        """By what writings of a name have in common: its pages, in order of title."""
        return self._placed("section", self.visible.borne("section"))

    @cached_property
    def tags(self) -> dict[str, Listing]:
        """The same for tags, of those that say more than one story does."""
        found = self.visible.borne("tag")
        # One of several that once shared an address has a page even so: somebody may know it.
        return self._placed("tag", {key: tag for key, tag in found.items() if tag.merged > 1})

    @cached_property
    def authors(self) -> dict[str, Listing]:
        """The same for authors."""
        return self._placed("author", self.visible.borne("author"))

    @cached_property
    def by_month(self) -> dict[str, Listing]:
        """`2026-11` → its pages, the newest first; a month is the publication's."""
        found: dict[str, list[int]] = {}
        calendar = _Months(self.own.zone)
        for at, article in enumerate(self.seen):
            if article.news:  # the others have no month
                found.setdefault(calendar.of(article.published), []).append(at)
        return {
            month: self._listing(f"archive/{month}/", month, places)
            for month, places in found.items()
        }

    def of_feeds(self, kinds: Collection[str]) -> dict[str, str]:
        """Return the address of the page that lists what a feed of these kinds holds, by its name.

        None of a feed that no page lists; in several languages it is the page that stands first.
        """
        lists = [
            *(self.by_section.values() if "section" in kinds else ()),
            *(self.tags.values() if "tag" in kinds else ()),
            *(self.authors.values() if "author" in kinds else ()),
        ]
        pages = {one.feed: self.url(next(iter(one.places.values()))) for one in lists}
        for tag in sorted(set(self._tags)) if "language" in kinds and self.has_articles else ():
            pages[f"language/{tag.lower()}"] = self.url(self.languages.place(tag))
        return pages

    @cached_property
    def named_by(self) -> list[str]:
        """The articles from which sections have their names."""
        return [self.seen[one.at[0]].id for one in self.by_section.values()]

    # What pages that list articles ask of each of them, several times: by its place

    @cached_property
    def versions(self) -> list[str]:
        """The version of each."""
        return [one.version for one in self.seen]

    @cached_property
    def updated(self) -> list[datetime]:
        """When each last changed."""
        return [one.updated for one in self.seen]

    @cached_property
    def _tags(self) -> list[str]:
        """The language of each."""
        return [one.language for one in self.seen]

    def _placed(self, kind: str, found: Mapping[str, names.Borne]) -> dict[str, Listing]:
        """The pages of those whose address a file can have, in order of title.

        None where another site has the articles: it has their lists as well.
        """
        if not self.has_articles:
            return {}
        places = {
            key: place_of(self.url(f"{kind}s/{one.slug}/"), self.own) for key, one in found.items()
        }
        taken = set() if kind == "section" else self.taken
        fit = (key for key, place in places.items() if place and place not in taken)
        order = sorted(fit, key=lambda key: found[key].title.casefold())
        return {key: self._listing_of(kind, found[key]) for key in order}

    def _listing_of(self, kind: str, one: names.Borne) -> Listing:
        return self._listing(f"{kind}s/{one.slug}/", one.title, one.at, f"{kind}/{one.slug}")

    def _listing(self, place: str, title: str, at: Sequence[int], feed: str = "") -> Listing:
        parted = self._parted(place, at)
        places = [place, *(f"{tag}/{place}" for tag in list(parted)[1:])]
        return Listing(
            title=title,
            feed=feed,
            at=at,
            parted=parted,
            places=dict(zip(parted, places, strict=True)),
        )

    def _parted(self, place: str, at: Sequence[int]) -> dict[str, Sequence[int]]:
        """Articles by language; those whose page cannot be had stand with the first."""
        found = self.languages.parted(at, self._tags.__getitem__)
        first, *others = found
        return found if all(self.is_free(f"{tag}/{place}") for tag in others) else {first: at}


class _Months:
    """Months of a zone. Who asks for instants in order has few of them reckoned."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._begins = self._ends = datetime.min.replace(tzinfo=UTC)
        self._month = ""
        self._names: dict[tuple[int, int], str] = {}

    def of(self, instant: datetime) -> str:
        """Return the month of an instant, as `2026-11`."""
        if self._begins <= instant < self._ends:
            return self._month
        local = instant.astimezone(self._zone)
        asked = local.year, local.month
        if asked not in self._names:
            self._names[asked] = local.strftime("%Y-%m")
        if 2 <= local.day < 28:  # it is that month, whatever its clocks do
            second = local.replace(day=2, hour=0, minute=0, second=0, microsecond=0)
            # In UTC, for a zone takes longer to compare an instant with.
            self._begins, self._ends = (
                day.astimezone(UTC) for day in (second, second.replace(day=28))
            )
            self._month = self._names[asked]
        return self._names[asked]
