"""The feeds in the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from publisher.errors import ConfigError, Held
from publisher.feeds import (
    ARCHIVE,
    FILES,
    KINDS,
    PARTNER,
    STYLE,
    FeedFile,
    FeedPlan,
    feed_plans,
    files_of,
    held_surely,
    opml_of,
    partner_plans,
    style_of,
    subscribe_url,
    with_archives,
)
from publisher.feeds.following import most_resurrected
from publisher.model import Article, Visible, filled
from publisher.outbox import Memory, with_packed
from publisher.pipeline.built import Built
from publisher.pipeline.lengths import lengths_of, with_lengths
from publisher.pipeline.pages.assets import static_files
from publisher.pipeline.pages.plan import groups_of
from publisher.pipeline.pages.publishing import publishing
from publisher.pipeline.pages.sharing import Many, Sharing
from publisher.pipeline.pages.shelf import Shelf
from publisher.pipeline.pages.writing import written
from publisher.pipeline.workspace import FeedPlans, Workspace

_FORMAT = 1


def put_feeds(
    space: Workspace, built: Built, *, distrust: bool = False, sharing: Sharing | None = None
) -> Memory:
    """Make every feed, and take away those of sections, tags and authors no longer in use.

    Returns what is known of the files.
    One that cannot be written stops none of the others; the first such error is raised at the end.
    With `distrust` the bytes of each file are looked at, whatever its size and times are.
    Raises Many where by `sharing` others are to make them.
    """
    with publishing(space, "feeds"):
        return _put(space, built, distrust, sharing or Sharing())


def _put(space: Workspace, built: Built, distrust: bool, sharing: Sharing) -> Memory:
    plans = planned(space)
    built.feeds = sum(one.of == one.name for one in plans)  # archived documents are parts of one
    memory = memory_of(space)
    space.tell_damage("feeds.json", memory.damage)
    if distrust:
        memory.distrust()
    _remove_stale(space, {space.feeds_folder / path for one in plans for path in one.paths}, built)
    packing = space.publication.web.packed
    shelf = Shelf(space.feeds_folder, memory, built, space.now, packing=packing)
    stale = [one for one in plans if not all(memory.holds(path, one.key) for path in one.paths)]
    built.unchanged += sum(len(one.paths) for one in plans) - sum(len(one.paths) for one in stale)
    stale = list(sharing.of_feeds(stale, space.feeds_folder, space.visible.by_id))
    for done, (one, files) in enumerate(written(space, stale, sharing.made)):
        space.progress("Building feeds", done, len(stale))
        try:
            _put_feed(space, one, files or files_of(one, space.archive.body), shelf, built)
        except (OSError, Held) as error:
            shelf.failed.append(error)
    if sharing.feeds:
        memory.keep_known(path for one in plans for path in one.paths)
    for file in () if sharing.feeds else _besides(space, plans):
        shelf.put("opml" if file.path != STYLE else "style", [file])
    shelf.flush()
    memory.save()
    space.progress("Building feeds", len(plans), len(plans))
    if shelf.failed:
        raise shelf.failed[0]
    if sharing.feeds:
        raise Many
    return memory


def planned(space: Workspace) -> list[FeedPlan]:
    """Return every feed there is, archived documents and partners' feeds included."""
    own, archive, visible = space.publication, space.archive, _with_lengths(space)
    first, *others = feed_plans(own, visible, _pages(space))
    space.feeds = FeedPlans(archive, space.now, [first, *others])
    kept, articles = [first], visible.news.articles
    if own.feeds.archives:
        kept = with_archives(first, articles, space.now, held_surely(first, archive.body))
    notes = _notes(space, articles) if any(one.note for one in own.feeds.partner) else {}
    return [*kept, *others, *partner_plans(own, articles, space.now, notes)]


def _pages(space: Workspace) -> Mapping[str, str]:
    """The pages that list what feeds hold, by the names of these."""
    if space.publication.web.pages != "all":
        return {}
    return groups_of(space, static_files(space)).of_feeds(space.publication.feeds.by)


def _with_lengths(space: Workspace) -> Visible:
    """What may be seen, with the lengths of files that were asked for."""
    lengths, archive = lengths_of(space.root), space.archive
    if not lengths:
        return space.visible
    articles = [with_lengths(article, lengths) for article in archive.articles]
    return Visible(articles, space.now, archive.first_seen)


def feeds_named(space: Workspace) -> dict[str, FeedPlan]:
    """Return the publication's own feeds by name, as pages name them.

    As they were planned for this instant, if they were: lengths of files are no matter here.
    """
    archive, known = space.archive, space.feeds
    if known and known.archive is archive and known.now == space.now:
        plans = known.plans
    else:
        plans = feed_plans(space.publication, space.visible)
    return {plan.name: plan for plan in plans}


def _notes(space: Workspace, articles: Sequence[Article]) -> dict[str, str]:
    """Where an article first appeared, by language; raises ConfigError for spoilt words."""
    found = {}
    for language in sorted({space.publication.language, *(one.language for one in articles)}):
        words = space.theme.words(language)["feed_first_appeared"]
        try:
            filled(words, {"title": ""})
        except LookupError as error:
            raise ConfigError(
                f"the words feed_first_appeared in {language}: {error.args[0]}",
                todo="Mend them in words/*.toml of your templates: {title} stands for the link.",
            ) from None
        found[language] = words
    return found


def _besides(space: Workspace, plans: Sequence[FeedPlan]) -> Iterator[FeedFile]:
    """The list of all feeds, without documents that no reader subscribes to; the style sheet."""
    own = space.publication
    listed = [one for one in plans if one.of == one.name and not one.is_quiet]
    opml = opml_of(own, listed)
    yield opml
    if own.feeds.stylesheet:
        words = space.theme.words(own.language)
        page = subscribe_url(own)
        told = f"{words['feed_browser']} {page}" if page else words["feed_browser"]
        yield FeedFile(path=STYLE, data=style_of(told), entries=0, updated=opml.updated)


def memory_of(space: Workspace) -> Memory:
    """What the feeds in the outbox were made from."""
    return Memory(space.feeds_folder, space.memory("feeds.json"), _FORMAT)


def _put_feed(
    space: Workspace, one: FeedPlan, files: Sequence[FeedFile], shelf: Shelf, built: Built
) -> None:
    """Put a feed; without old stories that would flood its readers, and then raise Held.

    What is new comes all the same, and what is hidden leaves.
    """
    flood, why = _flood(space, files)
    if flood:
        kept = tuple(a for a in one.articles if not flood & {a.id, a.url})
        files = files_of(replace(one, articles=kept), space.archive.body)
    shelf.put(None if flood else one.key, files)
    built.cut |= {file.path: file.cut for file in files if file.cut}
    if flood:
        raise Held(
            f"the feed {files[0].path} is published without old stories: {why}",
            why="Its readers would see them again (feeds.max_resurrected).",
            todo="See which and why: publisher feeds diff. If it is meant, raise "
            "[feeds] max_resurrected for one build.",
        )


def _flood(space: Workspace, files: Sequence[FeedFile]) -> tuple[set[str], str]:
    """The ids and addresses of old stories that readers would take for new ones, if too many."""
    most = space.publication.feeds.max_resurrected
    for file in files if most is not None else ():
        path = space.feeds_folder / file.path
        if not path.is_file():
            continue
        from publisher.pipeline.seen import seen  # with all that reads others' feeds

        count, reader, again = most_resurrected(seen(path.read_bytes()), seen(file.data))
        if most is not None and count > most:
            told = f"{count} old stories as new in {reader}"
            return {name for one in again for name in (one.id, one.url) if name}, told
    return set(), ""


def _remove_stale(space: Workspace, wanted: set[Path], built: Built) -> None:
    """Take away feeds of sections, tags and authors no longer in use: they may hold hidden ones."""
    folder = space.feeds_folder
    if folder.is_dir():
        kinds = (*KINDS, ARCHIVE, PARTNER)
        ours = (path for kind in kinds for path in folder.glob(f"{kind}/*/*"))
        for path in sorted(ours):
            if path.name in FILES and path not in wanted:
                for one in with_packed(path):
                    one.unlink(missing_ok=True)
                built.removed.append(path)
                if not any(path.parent.iterdir()):
                    path.parent.rmdir()  # its name is that of a tag or a person
        if not space.publication.feeds.stylesheet and (style := folder / STYLE).is_file():
            for one in with_packed(style):
                one.unlink(missing_ok=True)
            built.removed.append(style)
