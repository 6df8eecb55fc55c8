"""check · status · related · feeds check · outbox verify: what looks and changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from publisher.errors import Problem, PublisherError, suggestion
from publisher.feeds import FILES
from publisher.ledger import EditionRecord, ServiceRecord
from publisher.model import FINAL, Article, LeftOut, Publication, Related, Slot, State
from publisher.pipeline import approvals
from publisher.pipeline.building import composed, plan, rendered, rested
from publisher.pipeline.publishing import page_problems
from publisher.pipeline.starting import PLACEHOLDER
from publisher.pipeline.timetable import keeper
from publisher.pipeline.witness import FORGOTTEN
from publisher.pipeline.workspace import Workspace
from publisher.rendering import findings

if TYPE_CHECKING:
    from publisher.related import Why

_SENDS = 8  # the newest, in a status


def check(space: Workspace) -> list[Problem]:
    """Return all that is wrong or decided for the editor: articles, picks, editions."""
    problems = [*space.archive.problems, *_picks(space), *_hints(space), *_hidden(space)]
    problems += [*_queries(space), *space.timetable.unread(), *page_problems(space)]
    for newsletter in space.publication.newsletters:
        if not space.timetable.knows(newsletter.name):
            continue
        planned = plan(space, newsletter.name)
        if not planned.skipped:
            try:
                edition = composed(space, planned)
                problems += findings(rendered(space, edition), edition.id)
            except PublisherError as error:  # the other findings are wanted all the same
                problems.append(error.problem)
    return [*problems, *_sender(space.publication)]


def _picks(space: Workspace) -> Iterator[Problem]:
    for article in sorted(space.archive.articles, key=lambda article: article.path):
        for name in space.names.unknown(article.hint.related):
            yield Problem(
                what=f"no article is called {name!r}",
                why="It is named as a related story, and left out: it would be a dead link.",
                todo="Write its id, slug or title as it stands in the archive.",
                path=f"{space.publication.articles}/{article.path}",
                severity="warning",
            )


def _hints(space: Workspace) -> Iterator[Problem]:
    known = {newsletter.name for newsletter in space.publication.newsletters} | {"*"}
    for article in sorted(space.archive.articles, key=lambda article: article.path):
        for name in (*article.hint.pin, *article.hint.exclude):
            if name not in known:
                yield Problem(
                    what=f"there is no newsletter {name!r}",
                    why=suggestion(name, known - {"*"}),
                    path=f"{space.publication.articles}/{article.path}",
                    severity="warning",
                )


def _queries(space: Workspace) -> Iterator[Problem]:
    """Names in sections of newsletters that no article has."""
    articles = space.archive.articles
    had = {
        "sections": {article.section for article in articles},
        "tags": {tag for article in articles for tag in article.tags},
        "authors": {author for article in articles for author in article.authors},
    }
    for newsletter in space.publication.newsletters:
        for query in newsletter.sections:
            for key, names in had.items():
                for name in sorted(set(getattr(query, key)) - names):
                    yield Problem(
                        what=f"newsletters.{newsletter.name}: no article is of {key} {name!r}",
                        why=suggestion(name, names),
                        path="publisher.toml",
                        severity="warning",
                    )


def _hidden(space: Workspace) -> Iterator[Problem]:
    for article in sorted(space.archive.articles, key=lambda article: article.path):
        if reason := article.hidden(space.now):
            yield Problem(
                what=f"hidden: {reason}",
                path=f"{space.publication.articles}/{article.path}",
                severity="note",
            )


def _sender(publication: Publication) -> Iterator[Problem]:
    """What `send` would refuse, or regret."""
    links = publication.delivery.links or publication.base_url
    found = [
        (not (publication.postal.street or publication.postal.city), "there is no postal address",
         "The law of many countries wants one in bulk mail (CAN-SPAM, UWG, CASL).",
         "Add a table [postal] with name, street, city and country."),
        (not publication.sender, "there is no sender", "Nothing can be sent without one.",
         "Set publication.sender to an address that your mail server lets you use."),
        (not links.startswith("https://"), "the links of mails do not lead to https",
         "One-click unsubscribing needs it (RFC 8058), and nothing is sent without.",
         "Set base_url, or delivery.links, to an https address."),
        (PLACEHOLDER in publication.base_url or PLACEHOLDER in publication.sender,
         f"base_url or sender is still the {PLACEHOLDER} that init wrote",
         "Nobody could answer the mails, or leave.", "Set both to your own."),
    ]  # fmt: skip
    for is_wrong, what, why, todo in found:
        if is_wrong:
            yield Problem(what=what, why=why, todo=todo, path="publisher.toml", severity="warning")


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """Where the publication stands. Counts are of articles; `waiting` is for a person."""

    title: str
    visible: int
    hidden: int
    errors: int
    warnings: int
    languages: dict[str, int]
    editions: Sequence[EditionRecord]
    sending: Mapping[str, Mapping[State, int]]
    standing: Mapping[str, str]
    sent: Collection[str]
    readers: Mapping[str, Mapping[str, int]]
    waiting: Sequence[tuple[str, str]]
    keeper: ServiceRecord | None
    unread: Sequence[Problem]
    coming: Sequence[tuple[str, Slot]]

    @property
    def next(self) -> str:
        """The command that is due."""
        if self.errors:
            return "check"
        if any(set(counts) - set(FINAL) for counts in self.sending.values()):
            return "deliver"
        for edition, reason in self.waiting[-1:]:
            verb = "cancel" if reason == FORGOTTEN else "release"  # nobody gets it twice
            return f"{'approve' if 'approval' in reason else verb} {edition}"
        if self.keeper:
            return "schedule list"
        unsent = [e.id for e in self.editions if e.state == "built" and e.id not in self.sent]
        return f"send {unsent[-1]}" if unsent and self.readers else "build"


def status(space: Workspace, coming: int = 3) -> Status:
    """Return counts, the editions so far and the next slots, `coming` a newsletter."""
    articles = space.archive.articles
    visible = [article for article in articles if not article.hidden(space.now)]
    severities = Counter(problem.severity for problem in space.archive.problems)
    slots = [
        (newsletter.name, slot)
        for newsletter in space.publication.newsletters
        if space.timetable.knows(newsletter.name)
        for slot in space.timetable.upcoming(newsletter.name, space.now, coming)
    ]
    sends = space.ledger.sends.sends()
    newest = sends[-_SENDS:]
    counts = {send.edition: space.ledger.sends.counts(send.edition) for send in newest}
    return Status(
        title=space.publication.title,
        visible=len(visible),
        hidden=len(articles) - len(visible),
        errors=severities["error"],
        warnings=severities["warning"],
        languages=dict(sorted(Counter(a.language for a in visible).items())),
        editions=space.ledger.editions(),
        sending=counts,
        standing={send.edition: send.standing(counts[send.edition]) for send in newest},
        sent=[send.edition for send in sends],
        readers=space.ledger.readers.totals(),
        waiting=_waiting(space, {send.edition for send in sends}),
        keeper=keeper(space.ledger, space.now),
        unread=space.timetable.unread(),
        coming=sorted(slots, key=lambda one: (one[1].instant, one[0])),
    )


def _waiting(space: Workspace, sent: Collection[str]) -> list[tuple[str, str]]:
    """(edition, reason) of what waits for a person: held slots, and drafts to approve."""
    held = {one.edition: one.reason for one in space.ledger.schedules.slots(state="held")}
    drafts = {
        one.id: missing
        for one in space.ledger.editions(state="built")
        if one.newsletter in {newsletter.name for newsletter in space.publication.newsletters}
        and one.instant > space.now
        and (missing := approvals.missing(space, one.id, one.seal))
    }
    return sorted((name, why) for name, why in (drafts | held).items() if name not in sent)


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedShown:
    """An article's related stories, which were left out and why, and picks that nothing answers."""

    article: Article
    found: tuple[Related, ...]
    left_out: tuple[LeftOut, ...]
    unknown: tuple[str, ...]


def related(space: Workspace, name: str, k: int, newsletter: str = "") -> RelatedShown:
    """Return an article's related stories as an edition (of a newsletter) now would show them."""
    article = space.article(name)
    without = rested(space, space.newsletter(newsletter), space.now) if newsletter else {}
    found, left_out = space.related.explained(article, k, at=[space.now], without=without)
    unknown = space.names.unknown(article.hint.related)
    return RelatedShown(article=article, found=found, left_out=left_out, unknown=unknown)


def why_related(
    space: Workspace, name: str, other: str, k: int, newsletter: str = ""
) -> tuple[Article, Article, Why]:
    """Return two articles, and why the second is among the k related to the first, or is not."""
    article, second = space.article(name), space.article(other)
    without = rested(space, space.newsletter(newsletter), space.now) if newsletter else {}
    return article, second, space.related.why(article, second, k, at=[space.now], without=without)


def check_feeds(space: Workspace) -> dict[str, list[str]]:
    """Return the faults of each feed file in the outbox, by its path below the feeds folder."""
    from publisher.feeds.check import check as check_feed  # lxml.html is slow to import

    folder = space.feeds_folder
    paths = sorted(p for p in folder.rglob("*") if p.name in FILES) if folder.is_dir() else []
    found = {}
    for done, path in enumerate(paths):
        space.progress("Checking feeds", done, len(paths))
        name = path.relative_to(folder).as_posix()
        found[name] = check_feed(path.name, path.read_bytes(), space.now)
    space.progress("Checking feeds", len(paths), len(paths))
    return found


def verify(space: Workspace, name: str | None = None) -> dict[str, list[str]]:
    """Return the faults of one bundle, or of all; the ledger's editions must lie there too."""
    ids = [space.outbox.find(name)] if name else space.outbox.ids()
    found = {edition: space.outbox.faults(edition) for edition in ids}
    records = {r.id: r for r in space.ledger.editions() if r.state == "built"}
    for edition in ids:
        if edition not in records:
            found[edition].append("the ledger does not know it")
        elif not found[edition] and space.outbox.read(edition).seal != records[edition].seal:
            found[edition].append("its manifest is not the one that was sealed")
    if name is None:
        for edition in records.keys() - found.keys():
            found[edition] = ["the ledger has it, the outbox has not"]
    return found


def slot_shown(slot: Slot) -> str:
    """A slot as an editor reads it: `Tue 2026-11-24 07:00 Asia/Tokyo`."""
    return f"{_weekday(slot.local)} {slot.local:%Y-%m-%d %H:%M} {slot.zone}"


def _weekday(local: datetime) -> str:
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[local.weekday()]
