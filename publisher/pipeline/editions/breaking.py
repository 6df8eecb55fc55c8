"""breaking: one article now, past every schedule."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from publisher import schedule
from publisher.editions import NO_DATE
from publisher.errors import UsageError
from publisher.ledger import SendRecord
from publisher.model import Article, Block, Cause, Newsletter, Plan
from publisher.pipeline import sealed, sent_marks
from publisher.pipeline.editions.seal import put_edition, withdraw
from publisher.pipeline.sends import freeze
from publisher.pipeline.turns import alone
from publisher.pipeline.workspace import Workspace


def target_of(space: Workspace, name: str = "") -> Newsletter:
    """Return the newsletter of that name, the one whose template is `breaking`, or the only one.

    Raises UnknownName, UsageError where it is not clear.
    """
    if name:
        return space.newsletter(name)
    found = [one for one in space.publication.newsletters if one.template == "breaking"]
    if len(found) == 1 or len(space.publication.newsletters) == 1:
        return (found or space.publication.newsletters)[0]
    names = ", ".join(one.name for one in found or space.publication.newsletters)
    raise UsageError(
        "which newsletter's readers get it?",
        why='Several have the template "breaking".' if found else 'None has template = "breaking".',
        todo=f"Name one with --newsletter: {names}",
    )


def breaking(
    space: Workspace, name: str, newsletter: str = "", undo: timedelta = timedelta()
) -> SendRecord:
    """Send one article to a newsletter's readers now, before all else in the queue.

    The next editions leave it out for those who got it. Raises UsageError for an article that is
    hidden, or that the newsletter had; Held for what bulk mail must have and this has not.
    """
    target = target_of(space, newsletter)
    with alone(space) as turn:
        sent_marks.remember(turn, space)
        news = announced(space, name, target)
        put_edition(turn, space, news)
        bundle = sealed.sealed(space, news.id)
        slot = replace(freeze.slot_by_hand(space, news.id), cause=Cause.BREAKING)
        try:
            found = freeze.frozen(
                turn, space, bundle, slot, start=space.now + undo, over=(), breaking=True
            )
        except BaseException:
            if space.ledger.sends.get(news.id) is None:
                withdraw(turn, space, news.id)
            raise
        assert found  # nobody else knows this minute
        return found


def announced(space: Workspace, name: str, target: Newsletter) -> Plan:
    """Return the edition that breaks an article; raises what `breaking` raises."""
    article = space.article(name)
    if hidden := article.hidden(space.now):
        raise UsageError(f"{article.title} is {hidden}", todo="Publish it first.")
    if not article.news:
        raise UsageError(f"{article.title}: {NO_DATE}", todo="Write its date on top of its file.")
    if edition := space.ledger.editions.sent(target.name, but="").get(article.id):
        is_out = space.ledger.sends.get(edition) or space.outbox.is_marked(edition)
        todo = f"Send that: publisher send {edition}; or: publisher outbox remove {edition}"
        raise UsageError(f"{article.title} is in {edition} already", todo="" if is_out else todo)
    found = planned(space, target, article)
    if space.ledger.editions.get(found.id) or space.timetable.slot_of(found.id):
        raise UsageError(f"there is {found.id} already", todo="Wait for the next minute.")
    return found


def planned(space: Workspace, target: Newsletter, article: Article) -> Plan:
    """Return the edition of this minute that holds one article in full."""
    query = replace(target.sections[0], max=1, show="full")
    shown = replace(target, template="breaking", fit=False, sections=(query,))
    return Plan(
        newsletter=shown,
        slot=schedule.exact(target.zone, space.now),
        blocks=(Block(query=query, articles=(article,)),),
        left_out=(),
    )
