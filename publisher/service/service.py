"""run: the service. Each second a tick decides what is due; a thread delivers, another watches.

Nothing that matters is in its memory: whatever it knows, it has from the ledger, publisher.toml
and the articles, and reads anew when one of them changes.
"""

from __future__ import annotations

import contextlib
import heapq
import os
import secrets
import socket
import threading
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from publisher.config import FILE
from publisher.delivery import Clock, Stop, tell_hub
from publisher.errors import Held, Locked, Problem, PublisherError
from publisher.ledger import SlotRecord
from publisher.model import Article, Schedule
from publisher.pipeline import sent_marks
from publisher.pipeline.editions.build import build_web
from publisher.pipeline.pages.site import next_edition
from publisher.pipeline.readers.signups import mail_signups
from publisher.pipeline.sends.deliver import RETRY, deliver
from publisher.pipeline.sends.transports import transport_of
from publisher.pipeline.sends.worker import Delivered
from publisher.pipeline.slots.adopt import adopt
from publisher.pipeline.slots.drafts import draft
from publisher.pipeline.slots.occasions import Occasion, occasions
from publisher.pipeline.slots.settle import is_quiet, settle_quiet
from publisher.pipeline.slots.settle import settle as fire
from publisher.pipeline.urls import ascii_url
from publisher.pipeline.workspace import Workspace

_HEARTBEAT = timedelta(seconds=5)
_WELL = timedelta(seconds=30)
_AFRESH = timedelta(minutes=1)  # readers' zones, and calendars that could not be read
_AHEAD = timedelta(days=2)  # so far a schedule may have come: the day begins early elsewhere
_RECENT = timedelta(days=30)
_AGAIN = 5.0  # seconds until what failed is tried again
_TURN = 1.0  # seconds between two looks at the queue


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that a service did or saw. `edition` is "" for what is of no edition."""

    at: datetime
    what: str
    text: str
    edition: str = ""


class Service:
    """Keeps the schedules of one publication, delivers, and keeps its feeds up to date.

    `now` is the clock, aware UTC; `say` is told what happens. Every method may raise what the
    configuration raises when it is made; `tick` and `deliver` raise nothing.
    """

    def __init__(
        self, root: Path, now: Callable[[], datetime], say: Callable[[Event], None], stop: Stop
    ) -> None:
        self.root, self._now, self._tell, self._stop = root, now, say, stop
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._started = now()
        self._space = Workspace(root, self._started, writing=True)
        self._config = _stamp(root / FILE)
        self.generation = 0
        self._round = stop.part()  # of delivery: ends when publisher.toml changes
        self._reload, self._dirty = threading.Event(), threading.Event()
        self._dirty.set()  # feeds and drafts are looked at once, whatever has changed
        self._said: dict[str, str] = {}
        self._left_out: dict[str, str] = {}  # by path: what is wrong with an article
        self._steady = Clock()  # for waiting: the wall clock may jump
        self._minute = self._steady.seconds(), self._started  # when what came too late was sought
        self._retry: dict[str, float] = {}  # by schedule: when one that failed is tried again
        self._unread: set[str] = set()  # schedules whose calendar could not be read
        self.is_clean = True
        self._last = self._started
        self._known: Hashable = None  # of which state of schedules the agenda is
        self._schedules: dict[str, Schedule] = {}
        self._agenda: list[tuple[datetime, str]] = []
        self._afresh = self._looked = datetime.min.replace(tzinfo=self._started.tzinfo)
        self._telling: threading.Thread | None = None
        self._sent: Hashable = None  # of which editions the pages are
        self._visible: datetime | None = None  # when an article appears, or disappears, next
        self._opening: datetime | None = None  # when a draft is to be built next

    @property
    def stand_by(self) -> bool:
        """Whether a second service waits for the first."""
        return self._space.publication.service.stand_by

    @property
    def grace(self) -> timedelta:
        """How long the messages on the wire may take when the service ends."""
        return self._space.publication.service.grace

    @property
    def is_well(self) -> bool:
        """Whether all that was due is settled, as far as half a minute ago."""
        return self._now() - self._looked < _WELL

    def reload(self) -> None:
        """Read publisher.toml and everything else anew, at the next tick."""
        self._reload.set()

    def tick(self) -> None:
        """Do all that is due; what goes wrong is said, and tried again at the next tick."""
        self.is_clean = True
        try:
            self._tick()
            self.well("service")
        except Exception as error:  # of a disk, a database, or ours: the service goes on
            self.is_clean = False
            self.complain("service", error)

    def _tick(self) -> None:
        space = self._look()
        now = space.now
        if now < self._last:  # set back: what was visible then may not be now
            self._dirty.set()
        self._last = now
        changed = self._dirty.is_set()
        self._dirty.clear()  # what is written from here on is seen at the next tick
        try:
            self._take_up()
            fired = self._fire()
            if changed or fired or _has_come(self._opening, now):
                self._draft(changed)
            if self._has_sent() or changed or _has_come(self._visible, now):
                self._feeds()
        except Exception:
            if changed:
                self._dirty.set()
            raise
        is_time = fired or now - self._looked >= _HEARTBEAT or now < self._looked
        if is_time and self.is_clean:
            space.ledger.services.look(self.name, self._started, now)
            self._looked = now

    def _has_sent(self) -> bool:
        """Whether an edition has been sent, held or cancelled since the last look: by anybody."""
        stamp = self._space.ledger.sends.stamp()
        before, self._sent = self._sent, stamp
        return before != stamp

    def _look(self) -> Workspace:
        """Take in what has changed in publisher.toml; one with a mistake is named, not used."""
        stamp = _stamp(self.root / FILE)
        if stamp != self._config or self._reload.is_set():
            self._reload.clear()
            self._config = stamp
            try:
                fresh = Workspace(self.root, self._now(), writing=True)
            except PublisherError as error:
                self.complain("configuration, the old one stays", error)
            else:
                self._space.close()
                self._space, self._known = fresh, None
                self.generation += 1
                self._round.ask()
                self._dirty.set()
                self._said.pop("configuration, the old one stays", None)
                self._say("configuration", f"{FILE} was read")
        self._space.now = self._now()
        return self._space

    def _take_up(self) -> None:
        """Make the agenda anew where a schedule, a calendar or a reader's zone has changed."""
        space = self._space
        is_stale = not timedelta() <= space.now - self._afresh < _AFRESH
        state = (space.ledger.schedules.stamp(), *map(_stamp, space.timetable.files()))
        if state == self._known and not is_stale:
            return
        if unread := sorted(self._unread & self._schedules.keys()):
            space.forget_timetable()
            for name in unread:
                self._enter(self._schedules[name])
        if state != self._known or any(one.rule.per_reader for one in space.timetable.all()):
            space.forget_timetable()
            with space.alone() as turn:
                adopt(turn, space)
                if self._known is None:
                    sent_marks.complete(space, space.now - _RECENT)
                    for record in sent_marks.remember(turn, space):
                        self._say("slot", _told(space, record), record.edition)
            self._schedules = {one.name: one for one in space.timetable.all()}
            self._look_ahead()
            self._agenda = []
            for one in self._schedules.values():
                self._enter(one)
            state = (space.ledger.schedules.stamp(), *map(_stamp, space.timetable.files()))
            self._opening = space.now
        self._known, self._afresh = state, space.now

    def _look_ahead(self) -> None:
        """Say so where schedules are settled far ahead: a clock was wrong, and all is silent."""
        furthest = max((one.through for one in self._schedules.values()), default=self._space.now)
        if furthest <= self._space.now + _AHEAD:
            self._said.pop("clock", None)
            return
        self.complain(
            "clock",
            Held(
                f"slots are settled until {furthest:%Y-%m-%d}, and nothing goes out until then",
                why="The clock was ahead, or is behind.",
                todo="If it is right now: publisher schedule rewind",
            ),
        )

    def _enter(self, one: Schedule) -> None:
        """Put a schedule's next slot into the agenda."""
        try:
            slot = next(self._space.timetable.slots(one, one.through), None)
        except Exception as error:  # a calendar that cannot be read holds up this one alone
            self._unread.add(one.name)
            self.complain(f"calendar of {one.name}", error)
            return
        self._unread.discard(one.name)
        self.well(f"calendar of {one.name}")
        if slot:
            heapq.heappush(self._agenda, (slot.instant, one.name))

    def _fire(self) -> bool:
        """Settle the slots that have come; return whether there were any."""
        space = self._space
        due: dict[str, Schedule] = {}
        while self._agenda and self._agenda[0][0] <= space.now:
            _, name = heapq.heappop(self._agenda)
            due[name] = self._schedules[name]
        waiting = {name for name in due if self._retry.get(name, 0) > self._steady.seconds()}
        ready = [one for name, one in due.items() if name not in waiting]
        try:
            if ready:
                space.refresh()  # what was written a moment ago counts
                self._settle_all(ready)
        finally:
            for name in due:
                self._enter(self._schedules[name])
        return bool(ready)

    def _settle_all(self, schedules: list[Schedule]) -> None:
        """Settle the slots that have come of some schedules, those of a newsletter in order."""
        found: list[Occasion] = []
        for name in sorted({one.newsletter for one in schedules}):
            theirs = [one for one in schedules if one.newsletter == name]
            try:
                mine = occasions(self._space, theirs)
                for record in settle_quiet(self._space, mine):
                    self._say("slot", _told(self._space, record), record.edition)
                found += mine
                self.well(name)
            except Exception as error:
                self._put_off(name, theirs, error)
        failed: set[str] = set()
        for occasion in sorted(found, key=lambda one: (one.due.slot.instant, one.edition)):
            name = occasion.newsletter.name
            if name in failed or self._stop.event.is_set():
                self.is_clean = False  # its earlier slot comes first
                continue
            if is_quiet(self._space, occasion):
                self._passed(occasion)
            elif not self._settle(occasion):
                failed.add(name)

    def _put_off(self, about: str, schedules: Iterable[Schedule], error: Exception) -> None:
        """Try schedules again in some seconds."""
        self.is_clean = False
        for one in schedules:
            self._retry[one.name] = self._steady.seconds() + _AGAIN
        self.complain(about, error)

    def _passed(self, occasion: Occasion) -> None:
        """Know that schedules are past a slot."""
        for name, through in occasion.advanced.items():
            one = self._schedules[name]
            self._schedules[name] = replace(one, through=max(one.through, through))

    def _settle(self, occasion: Occasion) -> bool:
        """Settle one slot; return whether it is."""
        self._space.now = self._now()  # its undo window begins now, not when the tick began
        try:
            record = fire(self._space, occasion)
        except Exception as error:
            schedules = [self._schedules[name] for name in occasion.schedules]
            self._put_off(occasion.edition, schedules, error)
            return False
        self._said.pop(occasion.edition, None)
        self._passed(occasion)
        if record:
            self._say("slot", _told(self._space, record), record.edition)
        return True

    def _draft(self, changed: bool) -> None:
        """Build the drafts whose time has come, and those whose articles have changed."""
        space = self._space
        if changed:
            space.refresh()
        openings: list[datetime] = []
        for newsletter in space.publication.newsletters:
            if newsletter.mode != "draft":
                continue
            try:
                edited = draft(space, newsletter)
            except Exception as error:
                self.complain(f"draft of {newsletter.name}", error)
                openings.append(space.now + _AFRESH)
                continue
            self.well(f"draft of {newsletter.name}")
            if edited and edited.what in ("made", "replaced"):
                void = space.ledger.approvals.get(edited.id) is not None
                text = f"draft {edited.what}, {edited.stories} stories: {edited.subject}"
                text += "; its approval is void" if void else "; waits for approval"
                self._say("draft", text, edited.id)
            for slot in space.timetable.upcoming(newsletter.name, space.now, 3):
                opening = slot.instant - newsletter.draft_before
                openings += [opening] if opening > space.now else []
        self._opening = min(openings, default=None)

    def _feeds(self) -> None:
        """Bring feeds and pages up to what is visible now."""
        space = self._space
        try:
            if _has_come(self._visible, space.now):
                space.refresh()
            built = build_web(space)
            changes = (_next_change(space.archive.articles, space.now), next_edition(space))
            self._visible = min(filter(None, changes), default=None)
        except Locked:
            self._dirty.set()
            return
        except Exception:
            self._visible = space.now + timedelta(seconds=_AGAIN)
            raise
        pages = built.pages
        self._broken([*_errors(built.problems), *(pages.problems if pages else ())])
        if built.written or built.removed:
            text = f"{len(built.written)} feed files written, {built.unchanged} unchanged"
            self._say("feeds", text)
            self._tell_hub(built.written)
        if pages and (pages.written or pages.removed):
            self._say("pages", f"{pages.written} files written, {pages.unchanged} unchanged")

    def _tell_hub(self, written: Sequence[Path]) -> None:
        """Tell the hub which feeds are other than before; slots do not wait for its answer."""
        own, folder = self._space.publication, self._space.feeds_folder
        base = f"{ascii_url(own.base_url)}feeds/"
        names = (path.relative_to(folder).as_posix() for path in written)
        feeds = [base + quote(name) for name in names if not name.endswith(".opml")]
        if own.feeds.hub and feeds:
            self._telling = threading.Thread(target=self._reach, args=(own.feeds.hub, feeds))
            self._telling.start()

    def _reach(self, hub: str, feeds: Sequence[str]) -> None:
        try:
            tell_hub(hub, feeds)
            self.well("hub")
        except Exception as error:
            self.complain("hub", error)

    def _broken(self, problems: Sequence[Problem]) -> None:
        """Name the articles that are left out: each once, until it is mended."""
        broken: dict[str, str] = {}
        for problem in problems:
            path = problem.path or ""
            broken[path] = f"{broken[path]}\n{problem}" if path in broken else str(problem)
        for path, text in broken.items():
            if self._left_out.get(path) != text:
                self._say("error", text)
        for path in self._left_out.keys() - broken.keys():
            self._say("mended", path)
        self._left_out = broken

    def deliver(self) -> None:
        """Send what is due until the service stops: the body of a thread."""
        generation, space, begins = -1, None, 0.0
        while not self._stop.event.is_set():
            self._round = self._stop.part()
            try:
                if generation != self.generation:
                    newest = self.generation
                    fresh = Workspace(self.root, self._now(), writing=True)
                    if space is not None:
                        space.close()
                    generation, space, begins = newest, fresh, 0.0
                assert space is not None
                space.now = self._now()
                if begins <= self._steady.seconds():
                    pause = self._deliver(space)
                    begins = self._steady.seconds() + pause
                    if not pause:
                        self.well("delivery")
            except Exception as error:
                self.complain("delivery", error)
                begins = self._steady.seconds() + _AGAIN
            self._stop.event.wait(_TURN)
        if space is not None:
            space.close()

    def deliver_once(self) -> int:
        """Send what is due now; return 4 if some of it still waits, 0 if not, 75 if none could go.

        Raises what `deliver` does where the publication cannot send.
        """
        space = self._space
        self._mail_signups(space)
        due = space.ledger.queue.next_due(space.now)
        if due is None or due > space.now:
            return self.standing()
        delivered = deliver(space, transport_of(space), self._now, self._stop)
        self._report(space, delivered)
        if delivered.down is not None:
            raise delivered.down
        left = delivered.next_due is not None and delivered.next_due <= self._now()
        return 4 if left or delivered.problems else self.standing()

    def standing(self) -> int:
        """Return 75 if the last tick has to be done again, 1 if something is wrong, 0 if not."""
        return 75 if not self.is_clean else 1 if self._said else 0

    def _deliver(self, space: Workspace) -> float:
        """Send what is due now; return for how many seconds there is nothing to look for."""
        self._expire(space)
        self._mail_signups(space)
        due = space.ledger.queue.next_due(space.now)
        if due is None or due > space.now:
            return 0.0
        delivered = deliver(space, transport_of(space), self._now, self._round)
        self._report(space, delivered)
        if delivered.down is not None:
            self.complain("delivery", delivered.down)
            return RETRY
        return _AGAIN if delivered.limited else 0.0

    def _mail_signups(self, space: Workspace) -> None:
        """Ask who signed up whether it was they; what goes wrong there stops no newsletter."""
        try:
            mail_signups(space, transport_of(space), space.now, self._stop)
            self.well("sign-ups")
        except Exception as error:
            self.complain("sign-ups", error)

    def _expire(self, space: Workspace) -> None:
        """Each minute, fail what could not be sent in time; not by a clock that has just jumped."""
        (steady, wall), seconds = self._minute, self._steady.seconds()
        if seconds - steady < _AFRESH.total_seconds():
            return
        self._minute = seconds, space.now
        if abs((space.now - wall).total_seconds() - (seconds - steady)) < _AGAIN and (
            count := space.ledger.sends.expire(space.now)
        ):
            self._say("error", f"{count:,} messages could not be sent in time, and have failed")

    def _report(self, space: Workspace, delivered: Delivered) -> None:
        for edition in delivered.editions:
            counts = space.ledger.sends.counts(edition)
            send = space.ledger.sends.get(edition)
            shown = ", ".join(f"{count:,} {state}" for state, count in sorted(counts.items()))
            closed = send is not None and send.standing(counts) == "sent"
            self._say("delivered", f"{'all out: ' if closed else ''}{shown}", edition)
        for problem in delivered.problems:
            self._say("error", str(problem))

    def watch(self) -> None:
        """Notice changes in articles and templates until the service stops: a thread's body."""
        from watchfiles import watch

        while not self._stop.event.is_set():
            folders = self._folders()
            self._dirty.set()  # what was written before we looked
            try:
                for changes in watch(
                    *folders,
                    stop_event=self._stop.event,
                    debounce=300,
                    step=50,
                    rust_timeout=1000,
                    yield_on_timeout=True,
                    raise_interrupt=False,
                    watch_filter=None,
                ):
                    if changes:
                        self._dirty.set()
                    if self._folders() != folders:  # another one has that name now
                        break
            except (OSError, RuntimeError) as error:  # no inotify left: look every few seconds
                self.complain("watching", error)
                self._dirty.set()
                self._stop.event.wait(5)

    def _folders(self) -> dict[Path, tuple[int, int]]:
        """The folders to watch that are there, with what tells one from its successor."""
        found = {}
        own = self._space.publication
        for name in (own.articles, "templates", own.web.static):
            folder = self.root / name
            with contextlib.suppress(OSError):
                stat = folder.stat()
                found[folder] = (stat.st_dev, stat.st_ino)
        return found

    def close(self) -> None:
        """Say goodbye to the ledger, once the hub has answered."""
        if self._telling:
            self._telling.join()
        if self._looked >= self._started:
            look = self._space.ledger.services.look
            look(self.name, self._started, self._looked, ended=True)
        self._space.close()

    def _say(self, what: str, text: str, edition: str = "") -> None:
        with contextlib.suppress(OSError, ValueError):  # a log that is full stops no mail
            self._tell(Event(at=self._now(), what=what, text=text, edition=edition))

    def complain(self, about: str, error: BaseException) -> None:
        """Say what went wrong: once, until it goes right again or something else goes wrong."""
        if isinstance(error, Locked):
            return  # another command builds; the next tick comes in a second
        text = str(error) if isinstance(error, PublisherError) else _named(error)
        is_said = text in self._said.values()
        self._said[about] = text
        if not is_said:
            self._say("error", f"{about}: {text}")

    def answered(self, answer: Mapping[str, Any]) -> None:
        """Say what was answered on the web."""
        self._say("web", " ".join(str(value) for value in answer.values()))

    def well(self, about: str) -> None:
        """Say that what went wrong goes right again."""
        if about in self._said:
            text = self._said.pop(about)
            if text not in self._said.values():
                first = text.split("\n")[0]
                self._say("mended", f"{about} goes on; no more: {first}")


def _errors(problems: Sequence[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def _has_come(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file does."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _next_change(articles: tuple[Article, ...], now: datetime) -> datetime | None:
    """When an article becomes visible, or ceases to be."""
    instants = (
        instant
        for article in articles
        if not article.draft
        for instant in (article.published, article.embargo, article.expires)
        if instant is not None and instant > now
    )
    return min(instants, default=None)


def _told(space: Workspace, record: SlotRecord) -> str:
    """A settled slot in words."""
    reason = f": {record.why}" if record.why else ""
    send = space.ledger.sends.get(record.edition)
    if record.state not in ("sent", "caught up") or send is None:
        return f"{record.state}{reason}"
    late = (record.recorded - record.instant).total_seconds()
    begins = f", from {send.start:%H:%M:%S} UTC" if send.start > record.recorded else ""
    readers = "1 reader" if send.readers == 1 else f"{send.readers:,} readers"
    return f"{record.state}{reason}, {readers}, {late:.1f} s late{begins}"
