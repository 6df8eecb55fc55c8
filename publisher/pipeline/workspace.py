"""One publication opened for one command."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from publisher import config
from publisher.disposable import copy_database
from publisher.errors import Locked, Problem, UnknownName
from publisher.model import Article, Newsletter, Publication, Visible
from publisher.outbox import Folder, Outbox, check_place

# Each part is imported when it is opened: together they take longer than most commands.
if TYPE_CHECKING:
    from publisher.feeds import FeedPlan
    from publisher.isolation import Child, Press, Renderer
    from publisher.ledger import Ledger, Locks
    from publisher.pipeline.gallery import Gallery
    from publisher.pipeline.timetable import Calendars, Timetable
    from publisher.related import Names, RelatedStories
    from publisher.rendering import Theme
    from publisher.sources import Archive, Identity, Progress
    from publisher.workers import Workers

PATIENCE = 10.0
"""Seconds that a command waits for another one's build."""

_SCAN = 600.0  # that one waits for another's reading of the articles, which is kept for both

_WORK = (
    "publisher.sources.opening",
    "publisher.pipeline.indexing",
    "publisher.pipeline.pages.related",
    "publisher.pipeline.pages.writing",
    "publisher.related",
)
"""Modules of what workers do: each is imported once for all of them."""

STATE = ".publisher"
"""Folder of the ledger, the lock and what can be made anew, in the publication's folder."""


_MADE_HERE = object()


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class FeedPlans:
    """The feeds of an archive as they were planned for an instant: two ask for them."""

    archive: Archive
    now: datetime
    plans: list[FeedPlan]


@dataclass(frozen=True)
class Known:
    """What a ledger remembers of articles, read whenever it is gone through: there may be many."""

    ledger: Ledger

    def __iter__(self) -> Iterator[Identity]:
        from publisher.sources import Identity

        return map(Identity._make, self.ledger.articles.all())


@dataclass(frozen=True, eq=False)
class Turn:
    """The publication's lock, held: what may be done by its holder only asks for one.

    `Workspace.alone` makes it, and nobody else can; it is worth nothing when the lock is let go.
    """

    _maker: object = field(repr=False)

    def __post_init__(self) -> None:
        if self._maker is not _MADE_HERE:
            raise TypeError("a turn is given by Workspace.alone")

    def check(self, space: Workspace) -> None:
        """Raise RuntimeError where this is not the turn of that workspace, or is over."""
        if space.turn is not self:
            raise RuntimeError("the publication's lock is not held")


class Workspace:
    """A publication's parts, each opened when it is first needed.

    `now` is aware UTC and the only clock. A workspace that is not `writing` leaves ledger, cache
    and outbox as they are: what it learns stays in memory. `tell` hears what was wrong with state
    that can be made anew. At most `jobs` processes work side by side, by default one a core.
    """

    def __init__(
        self,
        root: Path,
        now: datetime,
        *,
        writing: bool = False,
        progress: Progress = lambda *_: None,
        tell: Callable[[Problem], None] = lambda _: None,
        jobs: int | None = None,
    ) -> None:
        self.root, self.now, self.writing, self.progress = root, now, writing, progress
        self.machine: datetime | None = None  # its clock, where `now` may be another: `--at`
        self._tell = tell
        self.publication: Publication = config.load(root)
        self.state = root / STATE
        self.turn: Turn | None = None
        self._check_outbox()
        self._calendars: Calendars = {}
        self._lender: Workspace | None = None  # whose articles these are
        self._opening = RLock()  # threads of a server share a workspace
        self._ledger: Ledger | None = None
        self._outbox: Outbox | None = None
        self._archive: Archive | None = None
        self._related: RelatedStories | None = None
        self._visible: Visible | None = None
        self.feeds: FeedPlans | None = None
        self._names: Names | None = None
        self._timetable: Timetable | None = None
        self._theme: Theme | None = None
        self._child: Child | None = None
        self.jobs = jobs or _cores()
        self._workers: Workers | None = None
        self._renderer: Renderer | None = None
        self._gallery: Gallery | None = None
        self._kept_in = self.state  # where what is known of pictures is remembered
        self._aside: Path | None = None
        self._history = root  # the folder that git knows; `root` may be a copy of it
        self._commit = "HEAD"  # what `root` is a copy of
        self.made_of = ""  # the newest commit, where feeds, pages and drafts are made of one
        self.lost: dict[tuple[str, str], Problem] = {}
        """By (id, version): articles that no mail could be made of, and why."""

    def _check_outbox(self) -> None:
        own = self.publication
        folders = {
            "articles": self.root / own.articles,
            "static": self.root / own.web.static,
            "templates": self.root / "templates",
            ".git": self.root / ".git",
        }
        check_place(self.root / own.outbox_folder, self.root, folders)

    @property
    def ledger(self) -> Ledger:
        """The database of record; an empty one in memory where there is none to read yet."""
        if self._ledger is None:
            with self._opening:
                self._ledger = self._ledger or self._opened_ledger()
        return self._ledger

    @property
    def server(self) -> str:
        """The URL of the ledger, "" where it is a file."""
        return os.environ.get("PUBLISHER_LEDGER") or self.publication.ledger

    @property
    def locks(self) -> Locks:
        """Who is alone, and alive, among all that share the ledger."""
        from publisher.ledger import FileLocks

        return self.ledger.locks(self.state) if self.server else FileLocks(self.state)

    def _opened_ledger(self) -> Ledger:
        from publisher.ledger import Ledger

        path = self.state / "ledger.db"
        if url := self.server:
            workers = self.publication.engine.has_workers
            return Ledger(url, readonly=not self.writing, workers=workers)
        if self.writing:
            return Ledger(path)
        is_there = path.exists() and path.stat().st_size > 0
        return Ledger(path if is_there else None, readonly=is_there)

    @property
    def archive(self) -> Archive:
        """Every article; new ones are remembered in the ledger if this workspace writes."""
        if self._lender is not None:
            return self._lender.archive
        if self._archive is None:
            with self._opening:
                self._archive = self._archive or self._scanned()
        return self._archive

    def _scanned(self) -> Archive:
        if not self.writing:
            return self._read()
        with self.locks.held("scan.lock", _SCAN):  # what one reads, the next one finds read
            archive = self._read()
            self.ledger.articles.remember(archive.new_identities, archive.renamed)
        return archive

    def _read(self) -> Archive:
        from publisher.sources import Cache, cache_key, scan

        key = cache_key(self.publication)
        learns = self.writing or self._aside is not None
        cache = Cache((self._aside or self.state) / "cache.db", key, readonly=not learns)
        return scan(
            self.root,
            self.publication,
            Known(self.ledger),
            self.now,
            cache,
            self.progress,
            self.machine,
            history=self._history,
            commit=self._commit,
            workers=self.workers,
        )

    def articles_of(self, ids: Collection[str]) -> list[Article]:
        """Return some articles as their own files say now, at the cost of these alone.

        One that was renamed, or cannot be read, is not among them.
        """
        from publisher.sources import Cache, cache_key, scan

        known = [one for one in Known(self.ledger) if one.id in ids]
        cache = Cache(self.state / "cache.db", cache_key(self.publication), readonly=True)
        try:
            paths = {one.path for one in known}
            archive = scan(
                self.root,
                self.publication,
                known,
                self.now,
                cache,
                machine=self.machine,
                only=paths,
                history=self._history,
                commit=self._commit,
            )
        finally:
            cache.close()
        return [one for one in archive.articles if one.id in ids]

    @property
    def visible(self) -> Visible:
        """The articles that may be seen now; what is gathered of them is so once for an instant."""
        archive, now, known = self.archive, self.now, self._visible
        if known is None or known.all is not archive.articles or known.now != now:
            known = self._visible = Visible(archive.articles, now, archive.first_seen)
        return known

    @property
    def related(self) -> RelatedStories:
        """Related stories over the whole archive."""
        if self._lender is not None:
            return self._lender.related
        if self._related is None:
            with self._opening:
                self._related = self._related or self._indexed()
        return self._related

    def _indexed(self) -> RelatedStories:
        from publisher.pipeline.indexing import read_by
        from publisher.related import Index, Meaning, RelatedStories  # numpy takes 0.1 s
        from publisher.site import Translations

        model = self.publication.related.model
        index = Index(
            (self._aside or self.state) / "related.db",
            readonly=not (self.writing or self._aside),
            model=Meaning(self.root / model) if model else None,
        )
        read = read_by(self.workers, self.archive)
        index.update(self.archive.articles, self.archive.body, self.progress, read)
        own, articles = self.publication, self.archive.articles
        known = {}
        if own.related.languages == "any":
            known = Translations(articles, own.language).others()
        return RelatedStories(articles, index, own.related, own.title, translations=known)

    @property
    def timetable(self) -> Timetable:
        """Which schedules there are, and their slots."""
        if self._timetable is None:
            from publisher.pipeline.timetable import Timetable

            self._timetable = Timetable(
                self.root, self.publication, self.ledger, self.now, self._calendars
            )
        return self._timetable

    @property
    def theme(self) -> Theme:
        """The publication's own templates over the packaged ones."""
        if self._theme is None:
            from publisher.rendering import Theme  # not every command shows anything

            self._theme = Theme(self.root / "templates", self.publication.theme.name)
        return self._theme

    @property
    def child(self) -> Child:
        """The process that renders, started when something is."""
        if self._child is None:
            with self._opening:
                own = self.publication.rendering
                from publisher.isolation import Child

                self._child = self._child or Child(own.seconds, own.memory)
        return self._child

    @property
    def workers(self) -> Workers:
        """Processes that share much work, started when there is some."""
        if self._workers is None:
            with self._opening:
                from publisher.workers import Workers

                self._workers = self._workers or Workers(self.jobs, _WORK)
        return self._workers

    @contextmanager
    def press(self) -> Iterator[Press]:
        """What renders many pages, with as many processes as may work side by side."""
        from publisher.isolation import Child, Press, Renderer

        own, folder = self.publication, self.root / "templates"
        limits = own.rendering.seconds, own.rendering.memory
        others = [Child(*limits) for _ in range(1, self.jobs)]
        try:
            yield Press([self.renderer, *(Renderer(own, folder, one) for one in others)])
        finally:
            for one in others:
                one.close()

    @property
    def renderer(self) -> Renderer:
        """What renders, with the theme as it is now."""
        if self._renderer is None:
            folder = self.root / "templates"
            from publisher.isolation import Renderer

            self._renderer = Renderer(self.publication, folder, self.child)
        return self._renderer

    @property
    def gallery(self) -> Gallery:
        """What makes pictures, by what it remembers of them."""
        if self._gallery is None:
            from publisher.pipeline.gallery import Gallery

            with self._opening:
                self._gallery = self._gallery or Gallery(
                    self.root,
                    self.publication,
                    self._aside or self._kept_in,
                    self.pages_folder,
                    lambda: self.child,
                    writing=self.writing or self._aside is not None,
                )
        return self._gallery

    @property
    def is_sure(self) -> bool:
        """Whether the same would come of it again: no process died of an article or a picture."""
        pictures = self._gallery is None or self._gallery.is_sure
        return pictures and self.archive.is_sure and not self.lost

    @property
    def outbox(self) -> Outbox:
        """What goes out."""
        if self._outbox is None:
            with self._opening:
                self._outbox = self._outbox or self._opened_outbox()
        return self._outbox

    def _opened_outbox(self) -> Outbox:
        folder = self.root / self.publication.outbox_folder
        if not (store := self.publication.outbox_store):
            return Folder(folder)
        from publisher.outbox.objects import Objects
        from publisher.outbox.stored import Stored

        return Stored(Objects(store), folder, self.state / "shown.json")

    def memory(self, name: str) -> Path:
        """Return where is remembered what feeds or pages were made from, by the file's name.

        It lies with these where hosts make them in one folder: what one did, the others know.
        """
        is_shared = self.server and not self.outbox.store
        return self.outbox.folder / f".{name}" if is_shared else self.state / name

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

    @property
    def names(self) -> Names:
        """What articles are called."""
        if self._names is None:
            from publisher.related import Names

            self._names = Names(self.archive.articles)
        return self._names

    def learn_in(self, folder: Path) -> None:
        """Keep what can be made anew in a folder of its own, so that looking again costs little.

        It begins with what the publication knows, which stays as it is.
        """
        for name in ("cache.db", "related.db", "pictures.db"):
            if not (folder / name).exists():
                copy_database(self.state / name, folder / name)
        self._aside = folder

    def refresh(self) -> None:
        """Look at files and readers anew: articles, templates, calendars, zones."""
        if self._related is not None:
            self.tell_damage("related.db", self._related.damage)
            self._related.close()
        if self._archive is not None:
            self.tell_damage("cache.db", self._archive.cache.damage)
            self._archive.cache.close()
        if self._gallery is not None:
            self.tell_damage("pictures.db", self._gallery.damage)
            self._gallery.close()
        self._related = self._archive = self._names = self._theme = self._renderer = None
        self.feeds = self._visible = None
        self._gallery = None
        self.forget_timetable()

    def tell_damage(self, name: str, damage: str) -> None:
        """Say, where it is so, that a file of `.publisher` could not be used, and what is done."""
        if damage:
            made = "it is made anew" if self.writing else "the next build makes it anew"
            what = f"it could not be used, {made}: {damage}"
            self._tell(Problem(what=what, path=f"{STATE}/{name}", severity="note"))

    def forget_timetable(self) -> None:
        """Look at schedules, their calendars and readers' zones anew."""
        self._timetable = None

    def elsewhere(self, root: Path, now: datetime) -> Workspace:
        """Return this publication as its files stand in another folder; it writes nothing.

        Ledger and outbox are this one's: close what is returned by `refresh`, before this one.
        """
        other = Workspace(root, now, progress=self.progress)
        other._ledger, other._outbox, other._child = self.ledger, self.outbox, self.child
        other.machine = self.machine or self.now
        other._kept_in, other._history = self.state, self._history
        return other

    def copied(self, root: Path, commit: str) -> Workspace:
        """Return this publication as a copy of a commit of it has it; it writes as this one does.

        Ledger, outbox, locks and state are this one's: close what is returned by `refresh`, before
        this one.
        """
        other = Workspace(
            root, self.now, writing=self.writing, progress=self.progress, tell=self._tell
        )
        other.state, other._history, other._commit = self.state, self._history, commit
        other._ledger, other._outbox, other._child = self.ledger, self.outbox, self.child
        other._workers, other.machine, other.lost = self.workers, self.machine, self.lost
        return other

    def apart(self) -> Workspace:
        """Return another workspace of the same publication as it was read, for another thread."""
        other = copy(self)
        other._opening, other._calendars, other.lost = RLock(), {}, {}
        other.turn = other._lender = other._ledger = other._outbox = other._child = None
        other._archive = other._related = other._names = other._renderer = other._gallery = None
        other._theme = other._timetable = other._workers = other.feeds = other._visible = None
        return other

    def sharing(self) -> Workspace:
        """Return one that has this one's articles and ledger, and renders by itself.

        Close what is returned before this one.
        """
        other = self.apart()
        other._lender, other._ledger, other._outbox = self, self.ledger, self.outbox
        return other

    def close(self) -> None:
        """Let go of every database that was opened."""
        self.refresh()
        if self._child is not None:
            self._child.close()
        if self._workers is not None:
            self._workers.close()
        if self._ledger is not None and self._lender is None:
            self._ledger.close()

    @property
    def is_copy(self) -> bool:
        """Whether its files are those of a commit, and nobody changes them."""
        return self._commit != "HEAD"

    def check_commit(self) -> None:
        """Raise Locked where another commit than what is made here is the newest by now.

        To be asked with the lock held under which that is shown: who waited for it may be late.
        """
        known = self.ledger.commits.newest() if self.made_of else None
        if self.made_of and (known is None or known.commit != self.made_of):
            raise Locked(
                f"commit {self.made_of[:12]} is not the newest any more",
                why="Another host has named a later one. Nothing older is shown.",
                todo="Run the command again.",
            )

    @contextmanager
    def alone_on_the_web(self) -> Iterator[None]:
        """Hold the lock of feeds and pages: who decides about an edition does not wait for them."""
        with self.locks.held("web.lock", PATIENCE):
            self.check_commit()
            self.outbox.claim()
            self.outbox.recover_feeds()
            yield

    @contextmanager
    def alone(self) -> Iterator[Turn]:
        """Hold the publication's lock, after cleaning up what a run that died left.

        What is yielded says so to whatever may be done by its holder only. Whoever holds it is
        waited for, some seconds: a service builds while editors type.
        """
        with self.locks.held("lock", PATIENCE):
            self.outbox.claim()
            self.outbox.recover()
            self._reconcile()
            self.turn = turn = Turn(_MADE_HERE)
            try:
                yield turn
            finally:
                self.turn = None

    def recover(self) -> None:
        """Clean up what a run that died left, for whoever looks before it holds the lock."""
        with self.alone():
            pass

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
