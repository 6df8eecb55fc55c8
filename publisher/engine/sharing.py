"""Feeds and pages that are many are shared by workers: who stops, who makes what, and what is last.

The build that finds so many stops once what is hidden has left, and gives each part a job. A change
that comes meanwhile does no more; what comes last is that same build, with all parts at hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from publisher.errors import Held
from publisher.ledger.parts import Parts, Shared
from publisher.pipeline.built import Built
from publisher.pipeline.editions.build import build_web
from publisher.pipeline.pages.made import Made, Packs, read
from publisher.pipeline.pages.parts import make_part
from publisher.pipeline.pages.sharing import Many, Plan, Sharing
from publisher.pipeline.reports.working import working
from publisher.pipeline.workspace import Workspace
from publisher.service.events import Events

_TURNS = 3  # builds in a row that are shared: articles or settings may change meanwhile
_TRIES = 3  # at a part: whoever puts all of them there makes what nobody could
_PER_WORKER = 2  # parts, where they are large enough: who is late has less to do
_PLAN = "plan"


def build_or_share(space: Workspace, events: Events) -> Built | None:
    """Bring feeds and pages up; return None where workers share them, or do so already."""
    parts = space.ledger.parts
    if parts is None:
        return build_web(space)
    stands = _current(space, parts)
    is_going = stands is not None and not stands.is_made
    turn = stands.turn + 1 if stands and not stands.is_taken else 1
    workers = _workers(space)
    may_share = is_going or (turn <= _TURNS and workers > 1)
    least = 2 * space.publication.engine.part_pages if may_share else math.inf
    for made in _at_hand(space, stands):
        sharing = Sharing(made, least)
        built, failed = _attempted(space, sharing)
        if not sharing.asks or (stands and not _is_made_so(space, stands, sharing)):
            break
    if sharing.asks and not is_going:
        before = stands.build if stands else ""
        _share(space, parts, sharing.plan(space.now), workers, turn, before, events)
    elif stands and not (is_going or stands.is_taken) and isinstance(failed, Held | None):
        parts.taken(stands.build)  # what is held is held by every build, until somebody lets it go
    if failed:
        raise failed
    return built


def make(space: Workspace, about: str, events: Events) -> None:
    """Make a part, `BUILD/NUMBER`, and say that it is done; nothing where nobody wants it now."""
    parts, (build, _, number) = space.ledger.parts, about.partition("/")
    tries = parts.begun(build, int(number)) if parts else 0
    stands = parts.stands() if parts else None
    if parts is None or stands is None or not tries:
        return
    plan = read(space.outbox, f"{build}/{_PLAN}", Plan) if tries <= _TRIES else None
    if plan is not None:
        packs = Packs(space.outbox, about)
        found = make_part(space, plan, packs, int(number), stands.parts)
        events.left_out(found.problems)
        said = f"part {int(number) + 1} of {stands.parts}: {found.made:,} of {found.wanted:,} made"
        events.say("pages", said)
    parts.done(build, int(number))


def _current(space: Workspace, parts: Parts) -> Shared | None:
    """How the build stands that was shared last, if it is not long over: then nothing is kept."""
    stands = parts.stands()
    if stands and stands.is_taken and stands.is_old:
        space.outbox.drop_made(space.outbox.all_made())
        parts.forget()
        return None
    return stands


def _at_hand(space: Workspace, stands: Shared | None) -> Iterator[Made]:
    """What parts have made: first nothing, where another host has put it there already.

    This one may have been away from that: then it finds many that are not as they should be.
    """
    if stands is None or not stands.is_made or stands.is_taken:
        yield Made()
    if stands and stands.is_made:
        yield Made(space.outbox, stands.build)


def _is_made_so(space: Workspace, stands: Shared, sharing: Sharing) -> bool:
    """Whether what parts have made may be what is asked for: pages of the same settings."""
    plan = read(space.outbox, f"{stands.build}/{_PLAN}", Plan)
    return plan is not None and plan.settings == sharing.settings


def _attempted(space: Workspace, sharing: Sharing) -> tuple[Built | None, Exception | None]:
    """Build; return what was built, and what failed."""
    try:
        return build_web(space, sharing=sharing), None
    except Many:
        return None, None
    except Exception as error:  # the caller's, once others are asked for what is theirs
        return None, error


def _share(
    space: Workspace,
    parts: Parts,
    plan: Plan,
    workers: int,
    turn: int,
    before: str,
    events: Events,
) -> None:
    """Give each part a job; nothing where somebody else has done so since `before` was seen."""
    build, data = plan.packed()
    outbox, least = space.outbox, space.publication.engine.part_pages
    count = _count(plan.weight, workers, least)
    outbox.keep_made(f"{build}/{_PLAN}", data)
    if parts.begin(build, count, turn, instead_of=before):
        outbox.drop_made(one for one in outbox.all_made() if not one.startswith(f"{build}/"))
        many = f"{len(plan.pages):,} pages and {len(plan.feeds):,} feeds"
        events.say("pages", f"{many} to be made, in {count} parts by {workers} workers")


def _count(weight: int, workers: int, least: int) -> int:
    """Return how many parts there are: as many for each worker, where they are large enough."""
    many = _PER_WORKER * workers
    return many if weight >= many * least else max(2, min(workers, weight // least))


def _workers(space: Workspace) -> int:
    """How many workers do the lane of pages."""
    works = working(space)
    return sum("pages" in one.lanes.split(", ") for one in works.workers) if works else 0
