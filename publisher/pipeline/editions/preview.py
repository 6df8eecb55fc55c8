"""preview: an edition as a reader will see it, with what the checks found beside it."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path
from types import SimpleNamespace

import msgspec
from msgspec.structs import asdict, replace

from publisher import files
from publisher.checks import PARTS, Part, findings_by_part
from publisher.errors import Problem, UsageError
from publisher.model import Article, EditionId, Fit, Newsletter, Plan, Rendition, Slot
from publisher.outbox import put
from publisher.pipeline.editions.compose import looked_for, without_lost
from publisher.pipeline.editions.difference import Shown
from publisher.pipeline.editions.fit import Fitted
from publisher.pipeline.editions.looked_at import looked_at
from publisher.pipeline.editions.plan import going_out, plan
from publisher.pipeline.pages.pictures import pictures_of
from publisher.pipeline.readers.subscribers import subscriber
from publisher.pipeline.workspace import Workspace
from publisher.rendering import SCHEMES, WIDTHS, mail_view, needles, with_places

_MOST = 50_000_000  # bytes of a picture
_OF_ONE = ("breaking",)  # templates that show one story


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """An edition as one reader sees it, or nobody in particular (`reader` is "").

    `fitted` says what was shortened of it, "" where nothing was. `findings` are by the part they
    mean (`PARTS`); `stories` are its articles with what is wrong with their sources.
    `pictures` says which file stands for an address, below the publication's.
    `shown` is the HTML, and `lines` the text as HTML, with a mark at each place that a finding of
    its part means; `places` are the marks' ids, "" for none.
    """

    edition: str
    sealed: bool
    reader: str
    sender: str
    subject: str
    preheader: str
    html: str
    text: str
    fitted: str
    findings: Mapping[Part, Sequence[Problem]]
    stories: Sequence[tuple[Article, Sequence[Problem]]]
    pictures: Mapping[str, Path]
    shown: str
    lines: str
    places: Mapping[Part, Sequence[str]]

    @property
    def problems(self) -> list[Problem]:
        """Everything that the checks found in the edition."""
        return [problem for part in PARTS for problem in self.findings.get(part, ())]

    def plain(self) -> SimpleNamespace:
        """Return it as templates see it, in words that the process which renders them knows."""
        return SimpleNamespace(**asdict(self), problems=self.problems)


def look(
    space: Workspace,
    name: str = "",
    reader: str = "",
    fit: bool | None = None,
    template: str = "",
) -> Look:
    """Return an edition as it is seen; nothing is recorded and the outbox is not touched.

    `name` is a newsletter, whose next edition is shown as it would be now (the first newsletter
    by default), or an edition in the outbox, shown as it was sealed; `reader` an address. The
    reader's links lead nowhere: to look at a mail must not be a way to leave. `fit` is as for
    `build`. With a `template` it is the newsletter's next edition as that one would show it.
    Raises UsageError where the next edition would be skipped, and UnknownName.
    """
    name = name or _first(space)
    if template:
        name = name.partition("@")[0]
    if "@" in name:
        edition, rendition, articles, done = _sealed(space, name, reader)
        mail = looked_at(space, edition, _newsletter(space, edition), rendition)
    else:
        made = without_lost(space, partial(_coming, space, name, fit, template))
        coming, rendition, done = made.edition, made.rendition, made.fit
        edition, articles = coming.id, [story.article for story in coming.stories]
        mail = looked_at(space, edition, coming.newsletter, rendition, coming.sections)
    values = _values(space, reader)
    own = space.publication
    findings = findings_by_part(mail)
    html, text = rendition.html.filled(values), rendition.text.filled(values)
    titles = {mail.path_of(article): article.title for article in articles}
    shown, places = with_places(html, _needles(findings.get("html", ()), titles), "finding")
    lines, in_text = with_places(escape(text), _needles(findings.get("text", ()), titles), "line")
    return Look(
        edition=edition,
        sealed="@" in name,
        reader=reader,
        sender=own.delivery.sender_name or own.title,
        subject=rendition.subject.filled(values),
        preheader=rendition.preheader.filled(values),
        html=html,
        text=text,
        fitted=done.words if done else "",
        findings=findings,
        stories=[(article, _about(space, article)) for article in articles],
        pictures=pictures_of(space, articles, rendition),
        shown=shown,
        lines=lines,
        places={"html": places, "text": in_text},
    )


def _needles(found: Sequence[Problem], titles: Mapping[str, str]) -> list[list[str]]:
    """What to look for of each finding: its words, or the headline of the story that it is in."""
    return [needles(one.what, titles.get(one.path or "", "")) for one in found]


def preview(
    space: Workspace, name: str, reader: str, suffix: str = "", fit: bool | None = None
) -> tuple[Path, list[Problem]]:
    """Write a page that shows an edition; return where it lies and what the checks found.

    `suffix` is added to the name of its file; `fit` is as for `build`.
    """
    found = look(space, name, reader, fit)
    path = space.state / "preview" / f"{found.edition}{suffix}.html"
    pictures = {url: _inline(url, file) for url, file in found.pictures.items()}
    frames = [
        {"width": width, "scheme": scheme, "html": mail_view(found.html, scheme, pictures)}
        for scheme in SCHEMES
        for width in WIDTHS
    ]
    put(path, space.renderer.preview_page(found=found.plain(), frames=frames).encode())
    path.chmod(0o600)  # it may show a reader
    return path, found.problems


def _inline(url: str, path: Path) -> str:
    """A picture as an address that holds it: a frame without an origin opens no files."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    try:
        data = files.read(path, _MOST)
    except OSError:  # too large to look at, or no file any more
        return url
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def shown(space: Workspace) -> list[str]:
    """Return what there is to look at: newsletters, then editions in the outbox, newest first."""
    editions = sorted(space.outbox.ids(), key=lambda one: EditionId(one).minute, reverse=True)
    return [*(newsletter.name for newsletter in space.publication.newsletters), *editions]


def notice_look(space: Workspace, name: str, notice: str) -> str:
    """Return the HTML of a mail to one person about a newsletter; "" where it is text alone.

    `name` is a newsletter or an edition of it. What it leads to leads nowhere.
    """
    newsletter = _newsletter(space, name or _first(space))
    language = newsletter.language or space.publication.language
    made = space.renderer.notice(notice, language, titles=[newsletter.title], link="#")
    return made.html.filled({})


def _newsletter(space: Workspace, edition: str) -> Newsletter:
    """The newsletter of a sealed edition, which may be declared no more."""
    name = EditionId(edition).newsletter
    declared = [one for one in space.publication.newsletters if one.name == name]
    return declared[0] if declared else Newsletter(name=name, title=name, language="en")


def _sealed(
    space: Workspace, name: str, reader: str
) -> tuple[str, Rendition, list[Article], Fit | None]:
    edition = space.outbox.find(name)
    bundle = space.outbox.read(edition)
    variant = 0
    if reader and space.ledger.sends.get(edition):  # who had breaking news of it gets another
        variant = space.ledger.sends.variants(edition).get(subscriber(space, reader).id, 0)
    by_id = {article.id: article for article in space.archive.articles}
    articles = [by_id[one] for one, _ in bundle.stories if one in by_id]
    return edition, bundle.rendition(variant), articles, Fit.of(bundle.manifest)


def _coming(space: Workspace, name: str, fit: bool | None, template: str) -> Fitted:
    planned = plan(space, name)
    if planned.skipped:
        raise UsageError(
            f"{planned.id} would be skipped: {planned.skipped}",
            todo=f"See why: publisher plan {name}",
        )
    if template:
        planned = _in_template(planned, template)
    return looked_for(space, planned, fit)


def _in_template(planned: Plan, template: str) -> Plan:
    """A plan as another template would show it; those of one story get the first."""
    blocks = planned.blocks
    if template in _OF_ONE:
        first = next(one for one in blocks if one.articles)
        blocks = (replace(first, articles=first.articles[:1]),)
    newsletter = replace(planned.newsletter, template=template)
    return replace(planned, newsletter=newsletter, blocks=blocks)


def said(space: Workspace) -> Hashable:
    """Return what changes when a command says something that shows in a preview.

    Pins and exclusions, schedules and their next slots, what was built and what goes out.
    """
    ledger, names = space.ledger, [one.name for one in space.publication.newsletters]
    pins = [str(ledger.pins.of(name)) for name in names]
    sends = [(send.edition, send.start) for send in ledger.sends.all()]
    return (*pins, ledger.schedules.stamp(), *_coming_slots(space), *space.outbox.ids(), *sends)


def until(space: Workspace) -> datetime | None:
    """Return when the next slot of any newsletter passes, and another edition is the next one."""
    return min((slot.instant for slot in _coming_slots(space)), default=None)


def _coming_slots(space: Workspace) -> list[Slot]:
    coming = (next(going_out(space, one.name), None) for one in space.publication.newsletters)
    return [slot for slot in coming if slot]


def last_sent(space: Workspace, edition: str) -> tuple[str, bool]:
    """Return the newsletter's edition before that went out, or else was built, and whether it did.

    "" where there is none; what is damaged, or not in the outbox any more, does not count.
    """
    own = EditionId(edition)
    begun = {
        send.edition
        for send in space.ledger.sends.all()
        if send.state == "sending" and send.start <= space.now
    }
    before = [
        one
        for one in space.outbox.ids()
        if EditionId(one).newsletter == own.newsletter and EditionId(one).minute < own.minute
    ]
    for one in sorted(before, key=lambda one: (one in begun, EditionId(one).minute), reverse=True):
        if not space.outbox.faults(one):
            return one, one in begun
    return "", False


def compared_as(space: Workspace, found: Look) -> Shown:
    """Return an edition as it is compared."""
    stories: Sequence[tuple[str, str, str]]
    if found.edition in space.outbox.ids() and found.sealed:
        manifest = space.outbox.read(found.edition).manifest
        stories = [(one["id"], one["version"], one["title"]) for one in manifest["stories"]]
    else:
        stories = [(one.id, one.version, one.title) for one, _ in found.stories]
    return Shown(
        edition=found.edition,
        subject=found.subject,
        preheader=found.preheader,
        bytes=len(found.html.encode()),
        stories=stories,
    )


def _values(space: Workspace, reader: str) -> dict[str, str]:
    if not reader:
        return {}
    one = subscriber(space, reader)
    return {**one.attributes, "name": one.name, "address": one.address, "language": one.language}


def _about(space: Workspace, article: Article) -> list[Problem]:
    path = str(space.publication.articles / article.path)
    return [problem for problem in space.archive.problems if problem.path == path]


def _first(space: Workspace) -> str:
    if not space.publication.newsletters:
        raise UsageError(
            "the publication has no newsletter",
            todo="Declare one in publisher.toml: [newsletters.NAME]",
        )
    return space.publication.newsletters[0].name
