"""One publication opened for one command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from publisher import config
from publisher.errors import UnknownName
from publisher.ledger import Ledger, locked
from publisher.model import Article, Newsletter, Publication
from publisher.outbox import Outbox
from publisher.pipeline.timetable import Calendars, Timetable
from publisher.rendering import Theme
from publisher.sources import Archive, Cache, Identity, Progress, cache_key, scan

if TYPE_CHECKING:
    from publisher.related import Names, RelatedStories

PATIENCE = 10.0
"""Seconds that a command waits for another one's build."""

STATE = ".publisher"
"""Folder of the ledger, the lock and what can be made anew, in the publication's folder."""


class Workspace:
    """A publication's parts, each opened when it is first needed.

    `now` is aware UTC and the only clock. A workspace that is not `writing` leaves ledger, cache
    and outbox as they are: what it learns stays in memory.
    """

    def __init__(
        self,
        root: Path,
        now: datetime,
        *,
        writing: bool = False,
        progress: Progress = lambda *_: None,
    ) -> None:
        self.root, self.now, self.writing, self.progress = root, now, writing, progress
        self.publication: Publication = config.load(root)
        self.state = root / STATE
        self._calendars: Calendars = {}

    @cached_property
    def ledger(self) -> Ledger:
        """The database of record; an empty one in memory where there is none to read yet."""
        path = self.state / "ledger.db"
        if url := os.environ.get("PUBLISHER_LEDGER") or self.publication.ledger:
            return Ledger(url, readonly=not self.writing)
        if self.writing:
            return Ledger(path)
        is_there = path.exists() and path.stat().st_size > 0
        return Ledger(path if is_there else None, readonly=is_there)

    @cached_property
    def archive(self) -> Archive:
        """Every article; new ones are remembered in the ledger if this workspace writes."""
        cache = Cache(
            self.state / "cache.db", cache_key(self.publication), readonly=not self.writing
        )
        known = [
            Identity(id=name, path=path, first_seen=seen, digest=digest, body=body, title=title)
            for name, path, seen, digest, body, title in self.ledger.articles.all()
        ]
        archive = scan(self.root, self.publication, known, self.now, cache, self.progress)
        if self.writing:
            self.ledger.articles.remember(archive.new_identities, archive.renamed)
        return archive

    @cached_property
    def related(self) -> RelatedStories:
        """Related stories over the whole archive."""
        from publisher.related import Index, Meaning, RelatedStories  # numpy takes 0.1 s

        model = self.publication.related.model
        index = Index(
            self.state / "related.db",
            readonly=not self.writing,
            model=Meaning(self.root / model) if model else None,
        )
        index.update(self.archive.articles, self.archive.body, self.progress)
        return RelatedStories(self.archive.articles, index, self.publication.related)

    @cached_property
    def timetable(self) -> Timetable:
        """Which schedules there are, and their slots."""
        return Timetable(self.root, self.publication, self.ledger, self.now, self._calendars)

    @cached_property
    def theme(self) -> Theme:
        """The publication's own templates over the packaged ones."""
        return Theme(self.root / "templates")

    @cached_property
    def outbox(self) -> Outbox:
        """What goes out."""
        return Outbox(self.root / self.publication.outbox)

    @property
    def feeds_folder(self) -> Path:
        """Where feed files lie."""
        return self.outbox.folder / "feeds"

    @property
    def pages_folder(self) -> Path:
        """Where the pages of the site lie."""
        return self.outbox.folder / "web"

    def newsletter(self, name: str) -> Newsletter:
        """Return a newsletter by name; raise UnknownName."""
        for newsletter in self.publication.newsletters:
            if newsletter.name == name:
                return newsletter
        known = [newsletter.name for newsletter in self.publication.newsletters]
        raise UnknownName(
            "newsletter", name, known, todo="Declare it in publisher.toml: [newsletters.NAME]"
        )

    def article(self, name: str) -> Article:
        """Return an article by id, slug, title or path; raise UnknownName."""
        prefix = f"{self.publication.articles}/"
        found = self.names.find(name) or self.names.find(
            name.removeprefix("./").removeprefix(prefix)
        )
        if found is None:
            slugs = [article.slug for article in self.archive.articles]
            raise UnknownName("article", name, slugs, todo="List them: publisher check --list")
        return found

    @cached_property
    def names(self) -> Names:
        """What articles are called."""
        from publisher.related import Names

        return Names(self.archive.articles)

    def refresh(self) -> None:
        """Look at files and readers anew: articles, templates, calendars, zones."""
        opened = self.__dict__
        if "related" in opened:
            self.related.close()
        if "archive" in opened:
            self.archive.cache.close()
        for name in ("related", "archive", "names", "theme", "timetable"):
            opened.pop(name, None)

    def elsewhere(self, root: Path, now: datetime) -> Workspace:
        """Return this publication as its files stand in another folder; it writes nothing.

        Ledger and outbox are this one's: close what is returned by `refresh`, before this one.
        """
        other = Workspace(root, now, progress=self.progress)
        other.__dict__.update(ledger=self.ledger, outbox=self.outbox)
        return other

    def close(self) -> None:
        """Let go of every database that was opened."""
        self.refresh()
        if "ledger" in self.__dict__:
            self.ledger.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the publication's lock, after cleaning up what a run that died left.

        Whoever holds it is waited for, some seconds: a service builds while editors type.
        """
        with locked(self.state / "lock", PATIENCE):
            self.outbox.recover()
            self._reconcile()
            yield

    def _reconcile(self) -> None:
        """Find out what became of bundles that were sealed, or taken away, when a run died."""
        for record in self.ledger.editions.all(state="sealing"):
            there = record.id in self.outbox.ids() and not self.outbox.faults(record.id)
            if there:  # the new one, or still the one before it: its stories are taken
                bundle = self.outbox.read(record.id)
                self.ledger.editions.record(
                    replace(record, state="built", seal=bundle.seal), bundle.stories
                )
            else:
                self.ledger.editions.forget(record.id)
