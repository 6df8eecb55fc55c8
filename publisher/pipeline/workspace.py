"""One publication opened for one command."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from copy import copy
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import msgspec

from publisher import config
from publisher.disposable import copy_database
from publisher.errors import Problem, UnknownName
from publisher.model import Article, Newsletter, Publication, Visible
from publisher.pipeline.contents import Contents
from publisher.pipeline.store import Store

# Each part is imported when it is opened: together they take longer than most commands.
if TYPE_CHECKING:
    from publisher.feeds import FeedPlan
    from publisher.isolation import Child, Darkroom, Press, Renderer
    from publisher.ledger import Ledger, Locks
    from publisher.outbox import Outbox
    from publisher.pipeline.gallery import Gallery
    from publisher.pipeline.timetable import Calendars, Timetable
    from publisher.related import Names, RelatedStories
    from publisher.rendering import Theme
    from publisher.site import Groups
    from publisher.sources import Archive, Progress
    from publisher.workers import Workers
    from publisher.workers.side_by_side import SideBySide

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


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class FeedPlans(msgspec.Struct, frozen=True):
    """The feeds of an archive as they were planned for an instant: two ask for them."""

    archive: Archive
    now: datetime
    plans: list[FeedPlan]


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
        self.jobs = jobs or _cores()
        self.turn: object = None  # the lock of `turns`, where it is held
        self._opening = RLock()  # threads of a server share a workspace
        self._store = Store(root, self.publication, self.state, writing=writing)
        self._contents = Contents(self)
        self._borrows = False  # store and contents: who lends them lets go of them
        self._visible: Visible | None = None
        self.feeds: FeedPlans | None = None
        self.groups: Groups | None = None
        self._calendars: Calendars = {}
        self._timetable: Timetable | None = None
        self._theme: Theme | None = None
        self._renderer: Renderer | None = None
        self._child: Child | None = None
        self._workers: Workers | None = None
        self._gallery: Gallery | None = None
        self._kept_in = self.state  # where what is known of pictures is remembered
        self._aside: Path | None = None
        self.history = root  # the folder that git knows; `root` may be a copy of it
        self.commit = "HEAD"  # what `root` is a copy of
        self.made_of = ""  # the newest commit, where feeds, pages and drafts are made of one
        self.lost: dict[tuple[str, str], Problem] = {}
        """By (id, version): articles that no mail could be made of, and why."""

    # What is kept: its ledger, what goes out, and where that lies

    def begin_ledger(self) -> None:
        """Make a ledger where the one before is lost; raise UsageError where none is."""
        self._store.begin_ledger()

    @property
    def ledger(self) -> Ledger:
        """The database of record; an empty one in memory where there is none to read yet."""
        return self._store.ledger

    @property
    def server(self) -> str:
        """The URL of the ledger, "" where it is a file."""
        return self._store.server

    @property
    def locks(self) -> Locks:
        """Who is alone, and alive, among all that share the ledger."""
        return self._store.locks

    @property
    def outbox(self) -> Outbox:
        """What goes out."""
        return self._store.outbox

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

    # What its articles are

    @property
    def learns(self) -> bool:
        """Whether what can be made anew is kept, in `learned`."""
        return self.writing or self._aside is not None

    @property
    def learned(self) -> Path:
        """The folder of what can be made anew."""
        return self._aside or self.state

    @property
    def archive(self) -> Archive:
        """Every article; new ones are remembered in the ledger if this workspace writes."""
        return self._contents.archive

    @property
    def related(self) -> RelatedStories:
        """Related stories over the whole archive."""
        return self._contents.related

    @property
    def names(self) -> Names:
        """What articles are called."""
        return self._contents.names

    @property
    def visible(self) -> Visible:
        """The articles that may be seen now; what is gathered of them is so once for an instant."""
        archive, now, known = self.archive, self.now, self._visible
        if known is None or known.all is not archive.articles or known.now != now:
            known = self._visible = Visible(archive.articles, now, archive.first_seen)
        return known

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
        from publisher.isolation import Press, Renderer

        own, folder = self.publication, self.root / "templates"
        with self._children() as (_, *others):
            yield Press([self.renderer, *(Renderer(own, folder, one) for one in others)])

    @contextmanager
    def darkrooms(self) -> Iterator[SideBySide[Darkroom]]:
        """What makes many pictures, likewise."""
        from publisher.isolation import Darkroom
        from publisher.workers.side_by_side import SideBySide

        with (
            self._children() as children,
            closing(SideBySide([*map(Darkroom, children)])) as together,
        ):
            yield together

    @contextmanager
    def _children(self) -> Iterator[Sequence[Child]]:
        """As many processes that render as may work side by side, `child` first."""
        from publisher.isolation import Child

        own = self.publication.rendering
        others = [Child(own.seconds, own.memory) for _ in range(1, self.jobs)]
        try:
            yield [self.child, *others]
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
                    self.darkrooms if self.jobs > 1 else None,
                    writing=self.learns,
                )
        return self._gallery

    @property
    def is_sure(self) -> bool:
        """Whether the same would come of it again: no process died of an article or a picture."""
        pictures = self._gallery is None or self._gallery.is_sure
        return pictures and self.archive.is_sure and not self.lost

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
        if not self._borrows:
            self._contents.close()
            self._contents = Contents(self)
        if self._gallery is not None:
            self.tell_damage("pictures.db", self._gallery.damage)
            self._gallery.close()
        self._theme = self._renderer = self._gallery = None
        self.feeds = self.groups = self._visible = None
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
        other._store, other._child = self._store, self.child
        other.machine = self.machine or self.now
        other._kept_in, other.history = self.state, self.history
        return other

    def copied(self, root: Path, commit: str) -> Workspace:
        """Return this publication as a copy of a commit of it has it; it writes as this one does.

        Ledger, outbox, locks and state are this one's: close what is returned by `refresh`, before
        this one.
        """
        other = Workspace(
            root, self.now, writing=self.writing, progress=self.progress, tell=self._tell
        )
        other.state, other.history, other.commit = self.state, self.history, commit
        other._store, other._child = self._store, self.child
        other._workers, other.machine, other.lost = self.workers, self.machine, self.lost
        return other

    def apart(self) -> Workspace:
        """Return another workspace of the same publication as it was read, for another thread."""
        other = copy(self)
        other._opening, other._calendars, other.lost = RLock(), {}, {}
        other._store = Store(self.root, self.publication, self.state, writing=self.writing)
        other._contents, other._borrows, other.turn = Contents(other), False, None
        other._child = other._workers = other._theme = other._renderer = other._gallery = None
        other._timetable = other.feeds = other.groups = other._visible = None
        return other

    def sharing(self) -> Workspace:
        """Return one that has this one's articles and ledger, and renders by itself.

        Close what is returned before this one.
        """
        other = self.apart()
        other._store, other._contents, other._borrows = self._store, self._contents, True
        return other

    def close(self) -> None:
        """Let go of every database that was opened."""
        self.refresh()
        if self._child is not None:
            self._child.close()
        if self._workers is not None:
            self._workers.close()
        if not self._borrows:
            self._store.close()

    @property
    def is_copy(self) -> bool:
        """Whether its files are those of a commit, and nobody changes them."""
        return self.commit != "HEAD"
