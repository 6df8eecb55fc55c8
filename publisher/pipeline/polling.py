"""Asking for the feeds that are sources, and writing their stories as articles.

What is remembered lies in `.publisher/polled/`, a file a feed. If it is lost, the stories' own
files tell nearly all of it: only those that an editor has removed come back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from publisher import __version__, files
from publisher.errors import Problem, UnknownName
from publisher.fetching import Answer, Fetcher, Unanswered
from publisher.ledger import locked
from publisher.model import Publication, SourceFeed
from publisher.outbox.files import put
from publisher.pipeline.workspace import STATE
from publisher.sources.feeds import (
    Feed,
    Known,
    NotAFeed,
    Pace,
    Taking,
    after_answer,
    after_failure,
    found_in,
    read_feed,
    take,
    text_of_entry,
)
from publisher.sources.feeds.repair import MOST_BYTES
from publisher.sources.feeds.taking import same_link

_AT_ONCE = 4  # servers
_PATIENCE = 10.0  # seconds that another poll is waited for
_ACCEPT = {
    "Accept": "application/rss+xml, application/atom+xml, application/feed+json, "
    "application/rdf+xml;q=0.9, application/xml;q=0.8, application/json;q=0.8, */*;q=0.5",
    "Accept-Encoding": "gzip",
}

Ask = Callable[[SourceFeed, Pace], Answer]
"""Asks for a feed, by its pace's conditions; raises Unanswered."""


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a feed: whose it is, when it is asked again, what was taken."""

    url: str
    name: str = ""
    begun: bool = False
    pace: Pace = Pace()
    known: tuple[Known, ...] = ()


class Polled(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a feed. `state` is new, unchanged, failed, gone or waiting (not due)."""

    feed: str
    folder: str
    state: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    due: datetime | None = None
    problems: tuple[Problem, ...] = msgspec.field(default=())


def poll(
    root: Path,
    own: Publication,
    now: datetime,
    *,
    names: Sequence[str] = (),
    ask: Ask | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> list[Polled]:
    """Ask for the feeds that are due, or those of `names`, and write what is new.

    One question at a time to each server, a few servers at once; `is_over` ends it between two.
    Raises Locked where another poll is at work, UnknownName for a feed nobody knows.
    """
    feeds = _chosen(own.sources.feeds, names)
    asking = ask or asker(own)
    with locked(root / STATE / "poll.lock", _PATIENCE):
        memories = {feed.url: remembered(root, own, feed) for feed in own.sources.feeds}
        by_host: dict[str, list[SourceFeed]] = {}
        for feed in feeds:
            if memories[feed.url].pace.is_due(now) or names:
                by_host.setdefault(urlsplit(feed.url).netloc, []).append(feed)
        answers: dict[str, Answer | Unanswered] = {}

        def host(group: Iterable[SourceFeed]) -> None:
            for feed in group:
                if not is_over():
                    answers[feed.url] = _asked(feed, memories[feed.url].pace, asking)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(host, by_host.values()))
        return [
            _Feed(root, own, feed, memories, now).settle(answers.get(feed.url)) for feed in feeds
        ]


def asker(own: Publication) -> Ask:
    """Return what asks for feeds in the name of a publication."""
    agent = f"publisher/{__version__} (+{own.base_url})"

    def ask(feed: SourceFeed, pace: Pace) -> Answer:
        fetcher = Fetcher(agent, most=MOST_BYTES + 1, private=feed.private)
        url = pace.moved or feed.url
        return fetcher.ask(url, "GET", {**_ACCEPT, **pace.conditions})

    return ask


def _chosen(feeds: Sequence[SourceFeed], names: Sequence[str]) -> list[SourceFeed]:
    found = []
    for name in names:
        meant = [one for one in feeds if name in (one.url, one.name, one.into)]
        if not meant:
            raise UnknownName("feed", name, [one.name or one.url for one in feeds])
        found += meant
    return found if names else list(feeds)


def _asked(feed: SourceFeed, pace: Pace, ask: Ask) -> Answer | Unanswered:
    try:
        return ask(feed, pace)
    except Unanswered as error:
        return error


def _place(root: Path, feed: SourceFeed) -> Path:
    name = hashlib.sha256(feed.url.encode()).hexdigest()[:16]
    return root / STATE / "polled" / f"{name}.json"


def remembered(root: Path, own: Publication, feed: SourceFeed) -> Memory:
    """Return what is known of a feed, also from the files of its stories."""
    try:
        memory = msgspec.json.decode(files.read(_place(root, feed), 200_000_000), type=Memory)
    except (OSError, msgspec.DecodeError, ValueError, RecursionError):
        memory = Memory(url=feed.url)
    folder = root / own.articles / feed.into
    here = {one.name for one in folder.glob("*.html")} if folder.is_dir() else set()
    strange = here - {one.path for one in memory.known}
    found = {one.id: one for one in known_in(folder, strange)}
    known = (
        # Renamed by an editor, or removed.
        replace(one, path=found.pop(one.id).path if one.id in found else "")
        if one.path not in here
        else one
        for one in memory.known
    )
    return Memory(
        url=feed.url,
        name=memory.name,
        begun=memory.begun or bool(found),
        pace=memory.pace,
        known=(*known, *found.values()),
    )


def known_in(folder: Path, names: Iterable[str]) -> list[Known]:
    """Return what files of a feed's folder say; what cannot be read is no story of a feed."""
    found = []
    for name in sorted(names):
        try:
            one = found_in(name, files.read(folder / name, MOST_BYTES))
        except OSError:
            continue
        if one:
            found.append(one.known)
    return found


class _Feed:
    """One feed, with the answer that came: what is written, and what is remembered."""

    def __init__(
        self, root: Path, own: Publication, feed: SourceFeed, memories: dict[str, Memory],
        now: datetime,
    ) -> None:  # fmt: skip
        self.root, self.own, self.feed, self.memories, self.now = root, own, feed, memories, now
        self.memory = memories[feed.url]
        self.problems: list[Problem] = []

    def settle(self, answer: Answer | Unanswered | None) -> Polled:
        """Do what an answer says; None where the feed was not asked."""
        pace = self.memory.pace
        if answer is None:
            return self.told("gone" if pace.is_gone else "waiting")
        if isinstance(answer, Unanswered):
            return self.failed(str(answer))
        if answer.status == 304:
            self.keep(answer, self.memory.known)
            return self.told("unchanged")
        if answer.status != 200:
            return self.failed(f"its server answers {answer.status}", answer)
        try:
            kind = answer.headers.get("content-type", "")
            feed = read_feed(answer.body, answer.url, kind)
        except NotAFeed as error:
            return self.failed(str(error), answer)
        except Exception as error:  # a fault of a reader's must not keep the other feeds from us
            return self.failed(f"it cannot be read: {type(error).__name__}: {error}"[:200], answer)
        return self.taken(feed, answer)

    def has_moved(self, answer: Answer) -> None:
        if answer.moved and answer.moved != self.memory.pace.moved:
            self.tell(
                f"it has moved for good, to {answer.moved}",
                "It is asked there from now on.",
                f'Write so in publisher.toml: url = "{answer.moved}", and keep its folder: '
                f'into = "{self.feed.into}"',
            )

    def taken(self, feed: Feed, answer: Answer) -> Polled:
        for fault in feed.faults:
            self.tell(fault, "It was read as far as that goes.")
        name = self.feed.name or feed.title or urlsplit(self.feed.url).netloc
        taking = take(
            feed.entries, self.memory.known, feed=self.feed.url, now=self.now,
            most=self.feed.entries, is_first=not self.memory.begun,
            links_elsewhere=self.links_elsewhere().__contains__,
        )  # fmt: skip
        if taking.over:
            self.tell(
                f"{taking.over} older entries are not taken",
                f"It has more than {self.feed.entries}: entries = … takes others.",
                severity="note",
            )
        folder = self.root / self.own.articles / self.feed.into
        known, added, changed = self.written(taking, folder, name)
        self.memory = msgspec.structs.replace(self.memory, name=name)
        self.keep(answer, known)
        return self.told("new" if added or changed else "unchanged", added, changed)

    def links_elsewhere(self) -> set[str]:
        return {
            same_link(one.link)
            for url, memory in self.memories.items()
            if url != self.feed.url
            for one in memory.known
            if one.path
        }

    def written(
        self, taking: Taking, folder: Path, name: str
    ) -> tuple[tuple[Known, ...], list[str], list[str]]:
        known = {one.id: one for one in taking.known}
        added: list[str] = []
        changed: list[str] = []
        for taken in taking.write:
            text, now_known = text_of_entry(taken.entry, taken.known, self.feed, name)
            if not taken.is_new and self.is_edited(folder / taken.known.path):
                self.kept_as_edited(taken.known.path)
                continue
            known[now_known.id] = now_known
            put(folder / now_known.path, text.encode())
            (added if taken.is_new else changed).append(f"{self.feed.into}/{now_known.path}")
            for what, count in taken.entry.lost.items():
                self.tell(f"{now_known.path}: left out: {what} ({count})", severity="note")
        return tuple(known.values()), added, changed

    def is_edited(self, path: Path) -> bool:
        try:
            found = found_in(path.name, files.read(path, MOST_BYTES))
        except OSError:
            return True
        return found is None or found.is_edited

    def kept_as_edited(self, path: str) -> None:
        self.tell(
            f"{path} was changed in the feed, and by hand here: it stays as it is here",
            todo="To take the feed's, remove the file's line `written:` and what you changed.",
            severity="note",
        )

    def failed(self, why: str, answer: Answer | None = None) -> Polled:
        status = answer.status if answer else 0
        headers = answer.headers if answer else {}
        pace = after_failure(
            self.memory.pace, self.feed.url, self.feed.every, self.now, why, status, headers
        )
        self.memory = msgspec.structs.replace(self.memory, pace=pace)
        self.remember()
        if pace.is_gone:
            self.tell(
                "its server says that it is gone for good", "It is asked for no more.",
                "Take it out of publisher.toml; the stories that came of it stay.",
                severity="error",
            )  # fmt: skip
            return self.told("gone")
        self.tell(why, "Its stories stay as they are.", severity="error")
        return self.told("failed")

    def keep(self, answer: Answer, known: tuple[Known, ...]) -> None:
        self.has_moved(answer)
        pace = after_answer(
            self.memory.pace,
            self.feed.url,
            self.feed.every,
            self.now,
            answer.headers,
            answer.moved,
        )
        self.memory = msgspec.structs.replace(self.memory, pace=pace, known=known, begun=True)
        self.remember()

    def remember(self) -> None:
        self.memories[self.feed.url] = self.memory
        put(_place(self.root, self.feed), msgspec.json.encode(self.memory))

    def tell(self, what: str, why: str = "", todo: str = "", severity: str = "warning") -> None:
        self.problems.append(
            Problem(what=what, why=why, todo=todo, path=self.feed.url, severity=severity)  # type: ignore[arg-type]
        )

    def told(self, state: str, added: Iterable[str] = (), changed: Iterable[str] = ()) -> Polled:
        return Polled(
            feed=self.feed.url, folder=self.feed.into, state=state, added=tuple(added),
            changed=tuple(changed), due=self.memory.pace.due, problems=tuple(self.problems),
        )  # fmt: skip
