"""HTML so long that Gmail hides its end."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule
from publisher.model import SlotText
from publisher.model.rendition import GMAIL_CLIPS_AT as CLIPPED_AT

NEAR = 92_000
"""From here on a longer address, or a headline more, may be too much."""


def _look(mail: Mail) -> Iterator[Found]:
    size = len(mail.html.encode())
    if size < NEAR:
        return
    kilobytes = f"the HTML has {size / 1000:.0f} KB, Gmail shows the first {CLIPPED_AT // 1000}"
    if size <= CLIPPED_AT:
        if mail.newsletter.fit:  # what comes on top is made to fit as well
            return
        yield Found(f"{kilobytes}: it is near the end of them", why="A little more is clipped.")
        return
    way_out = _where_to_leave(mail)
    clipped = "the unsubscribe link is clipped with it" if way_out > CLIPPED_AT else ""
    where = ", ".join(part for part in (_last_story(mail), clipped) if part)
    yield Found(f"{kilobytes}{': ' if where else ''}{where}", todo=_todo(mail))


def _todo(mail: Mail) -> str:
    """What is left to do where nothing that can be shortened was enough; else the rule's."""
    if not mail.newsletter.fit:
        return ""
    return (
        "Show fewer stories (`max`): as headlines they are still too many. A template of your own "
        "must heed `story.show`."
    )


def _where_to_leave(mail: Mail) -> int:
    """After how many bytes the first link to leave stands."""
    size = 0
    for piece in mail.rendition.html.pieces:
        if isinstance(piece, SlotText):
            if piece.name == "unsubscribe_url":
                return size
            size += len(piece.written({}).encode())
        else:
            size += len(piece.encode())
    return size


def _last_story(mail: Mail) -> str:
    """In which story the clip falls."""
    shown = mail.html.encode()[:CLIPPED_AT].decode(errors="ignore")
    begun = [story for story in mail.stories if f'href="{story.url}"' in shown]
    return f"it ends within “{begun[-1].title}”" if begun else ""


RULE = Rule(
    name="size",
    finds=f"HTML near or over {CLIPPED_AT:,} bytes, and where it is clipped.",
    why="Gmail hides what follows behind a link, the unsubscribe link too if it stands there.",
    todo="Let it fit (`fit = true` under [newsletters.NAME]), or show fewer stories in full, or "
    "fewer stories.",
    look=_look,
    bad=(
        {"html": "<p>" + "word " * 19_000 + "</p>"},
        {"html": "<p>" + "word " * 25_000 + "</p>"},
        {"fit": True, "html": "<p>" + "word " * 25_000 + "</p>"},
    ),
    clean=(
        {},
        {"html": "<p>" + "word " * 10_000 + "</p>"},
        {"fit": True, "html": "<p>" + "word " * 19_000 + "</p>"},
    ),
)
