"""A small mail without a fault, for rules to show what they find: change one thing, and look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from publisher.checks.mail import Mail
from publisher.errors import Problem
from publisher.model import (
    Article,
    Newsletter,
    Postal,
    Publication,
    Rendition,
    Section,
    SectionQuery,
    Slotted,
    SlotText,
    Story,
)

_PUBLISHED = datetime(2026, 11, 24, 12, tzinfo=UTC)
_URL = "https://letter.example/ferry/"
_LEAVE = SlotText("unsubscribe_url", "url", "https://letter.example/unsubscribe/")

PUBLICATION = Publication(
    title="The Letter",
    base_url="https://letter.example/",
    sender="letter@letter.example",
    postal=Postal(street="1 Quay", city="Town"),
)


def mail_of(
    *,
    html: str = "",
    css: str = "",
    around: str = "{}",
    subject: str = "The ferry runs again",
    preheader: str = "After three weeks in dock it crosses the bay, every half hour.",
    text: str = "",
    without: tuple[str, ...] = (),
    slot: SlotText | None = None,
    show: Any = "full",
    fit: bool = False,
    body: str = "<p>It crosses the bay every half hour.</p>",
    article: Mapping[str, Any] = {},
    publication: Mapping[str, Any] = {},
    files: Mapping[str, str] = {},
    last: tuple[str, str] | None = None,
    lacking: tuple[str, ...] = (),
    message: bytes = b"",
    problems: tuple[Problem, ...] = (),
) -> Mail:
    """Return a mail of one story with a fault: `html` and `text` follow the story.

    `css` stands in its head, `around` is put around its footer, `without` is taken out of both
    parts, `slot` stands in both.
    """
    own = replace(PUBLICATION, **publication)
    letter = Newsletter(name="letter", title="The Letter", language="en", zone="UTC", fit=fit)
    story = _article(**article)
    query = SectionQuery(name="all", show=show)
    section = Section(query=query, stories=(Story(article=story),))
    inner = body if show == "full" else story.summary
    pieces = _html(own, story, subject, preheader, inner + html, css, around, slot)
    plain: tuple[str | SlotText, ...] = (
        f"The Letter\n\n{story.title}\n\nIt crosses the bay.\n{text}\n{story.url}\n\n",
        *([slot] if slot else []),
        "Leave: ",
        _LEAVE,
        f"\n{own.postal.line}\n",
    )
    return Mail(
        name="letter@2026-11-25T0700",
        publication=own,
        newsletter=letter,
        rendition=Rendition(
            subject=Slotted((subject,)),
            preheader=Slotted((preheader,)),
            html=_without(pieces, without),
            text=_without(plain, without),
            problems=problems,
        ),
        sections=(section,),
        body=lambda _: body,
        files=files,
        last=last,
        lacking=lacking,
        message=lambda: message,
    )


def _article(**keys: Any) -> Article:
    return Article(
        **{
            "id": "ferry",
            "path": "ferry.md",
            "slug": "ferry",
            "url": _URL,
            "title": "The ferry runs again",
            "summary": "After three weeks in dock it crosses the bay.",
            "language": "en",
            "published": _PUBLISHED,
            "updated": _PUBLISHED,
            "version": "1",
            **keys,
        }
    )


def _html(
    own: Publication,
    story: Article,
    subject: str,
    preheader: str,
    body: str,
    css: str,
    around: str,
    slot: SlotText | None,
) -> tuple[str | SlotText, ...]:
    before, after = around.split("{}")
    return (
        f'<!doctype html><html lang="en"><head><title>{subject}</title><style>{css}</style></head>'
        f'<body style="background-color:#ffffff;color:#222222">'
        f'<div style="display:none">{preheader}</div><h1>The Letter</h1>'
        f'<h2><a href="{story.url}" style="color:#0b5c6b">{story.title}</a></h2>{body}',
        *([slot] if slot else []),
        f'{before}<p><a style="color:#0b5c6b" href="',
        _LEAVE,
        f'">Leave</a> {own.postal.line}</p>{after}</body></html>',
    )


def _without(pieces: tuple[str | SlotText, ...], words: tuple[str, ...]) -> Slotted:
    """The pieces without some words, and without slots of such names."""
    kept: list[str | SlotText] = []
    for piece in pieces:
        if isinstance(piece, str):
            for one in words:
                piece = piece.replace(one, "")
        elif piece.name in words:
            continue
        kept.append(piece)
    return Slotted(tuple(kept))
