"""An edition's mail as the rules of `checks` look at it: with its files, and the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from publisher import files
from publisher.checks import Mail, findings
from publisher.delivery import Messages
from publisher.errors import Problem, PublisherError
from publisher.model import EditionId, Newsletter, Rendition, Section
from publisher.pipeline.sends.messages import headers_of, test_recipient
from publisher.pipeline.workspace import Workspace

_MOST = 5_000_000  # bytes of a file


def looked_at(
    space: Workspace,
    edition: str,
    newsletter: Newsletter,
    rendition: Rendition,
    sections: Sequence[Section] = (),
    with_files: bool = True,
) -> Mail:
    """Return an edition's mail with all that the rules want to know of it."""
    return Mail(
        name=edition,
        publication=space.publication,
        newsletter=newsletter,
        rendition=rendition,
        sections=sections,
        files=files_of(space, newsletter.template, sections) if with_files else {},
        body=space.archive.body,
        last=last_lines(space, edition) if with_files else None,
        lacking=space.theme.lacking(newsletter.language) if with_files else (),
        message=lambda: _message(space, edition, newsletter, rendition),
    )


def told_at_build(
    space: Workspace, edition: str, newsletter: Newsletter, rendition: Rendition
) -> list[Problem]:
    """Return what `build` tells of an edition; files are opened only to say where it is."""
    mail = looked_at(space, edition, newsletter, rendition, with_files=False)
    if not findings(mail, at_build=True):
        return []
    return findings(looked_at(space, edition, newsletter, rendition), at_build=True)


def files_of(space: Workspace, template: str, sections: Sequence[Section]) -> Mapping[str, str]:
    """Return the texts that a mail is made of, by path: articles, templates, publisher.toml."""
    own = space.publication
    paths = [
        f"{own.articles}/{story.article.path}" for section in sections for story in section.stories
    ]
    found = {path: _text(space, path) for path in dict.fromkeys(paths)}
    found |= {f"templates/{name}": space.theme.source(name) for name in _templates(space, template)}
    return {**found, "publisher.toml": _text(space, "publisher.toml")}


def opened(space: Workspace, paths: Collection[str]) -> Mapping[str, str]:
    """Return the texts of some of the publication's own files; of what is no file of it, none."""
    own = (str(space.publication.articles), "publisher.toml")
    return {path: _text(space, path) for path in sorted(paths) if path.startswith(own)}


def _message(space: Workspace, edition: str, newsletter: Newsletter, rendition: Rendition) -> bytes:
    """The message of a reader; b"" where none can be made, for reasons that are told elsewhere."""
    own = space.publication
    try:
        heading = headers_of(own, newsletter, edition, space.now, automatic=False, test=False)
        reader = test_recipient(space, edition, own.sender, utf8=False, like=None)
        return Messages(rendition, heading).message(reader)
    except (PublisherError, ValueError):
        return b""


def _templates(space: Workspace, template: str) -> Iterator[str]:
    for file in space.theme.files():
        is_its = file.name in (f"mail/{template}.mjml", f"mail/{template}.txt", "mail/body.css")
        if is_its or file.name.startswith("blocks/"):
            yield file.name


def _text(space: Workspace, path: str) -> str:
    try:
        return files.read(space.root / path, _MOST).decode(errors="replace")
    except OSError:  # it went away, or is no file any more
        return ""


def last_lines(space: Workspace, edition: str) -> tuple[str, str] | None:
    """The subject and preheader of the newsletter's edition before, if it is in the outbox."""
    own = EditionId(edition)
    before = [
        one
        for one in space.outbox.ids()
        if EditionId(one).newsletter == own.newsletter and EditionId(one).minute < own.minute
    ]
    if not before:
        return None
    try:
        rendition = space.outbox.read(max(before)).rendition(0)
    except PublisherError:  # damaged: `outbox verify` tells
        return None
    return rendition.subject.filled().strip(), rendition.preheader.filled().strip()
