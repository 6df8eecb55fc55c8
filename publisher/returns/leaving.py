"""Mails that ask to leave: our token as the subject or in the address, or nothing but the words."""

from __future__ import annotations

import re
from unicodedata import category

from publisher.model import Returned
from publisher.returns.auto_replies import is_automatic
from publisher.returns.making import make
from publisher.returns.mime import Part
from publisher.returns.ours import SIGNED, Ours, address, answered
from publisher.returns.phrases import LEAVING
from publisher.returns.replying import first_words, written

_LONGEST = 120  # characters of a wish

_SUBJECT = re.compile(
    rf"(?:(?:re|aw|unsubscribe|subject) ?:? ?){{0,2}}<?({SIGNED})>?", re.IGNORECASE
)
_PLUS = re.compile(rf"[+=-]({SIGNED})@", re.IGNORECASE)
_ADDRESSED = ("to", "delivered-to", "x-original-to", "envelope-to", "cc")
_HALF = re.compile(r"\W*(?:stop|leave|quit|remove|cancel|baja|stopp|remover)\W*$", re.IGNORECASE)
"""Words that are a wish alone, and the beginning of anything before other words."""

_CLOSING = 60  # characters of a greeting and a name

_ANSWERS = re.compile(
    r"^\s{0,5}(?:(?:re|aw|sv|antw|odp|回复|答复|返信|答覆|回覆) ?[:：]\s{0,5}){1,5}", re.I
)


def read_token(message: Part) -> tuple[Returned, ...]:
    """Return the wish of a mail that holds our token and nothing else could mean."""
    found = _SUBJECT.fullmatch(message.get("subject").strip()[:300])
    by_program = _by_program(message)
    if found is None and (by_program or not is_automatic(message)):
        values = (value for name in _ADDRESSED for value in message.all(name)[:5])
        found = next((hit for value in values if (hit := _PLUS.search(value[:2000]))), None)
    if found is None and not by_program:
        return ()
    return _wish(message, token=found[1] if found else "")


def _by_program(message: Part) -> bool:
    """Whether a reader's own program wrote the wish: Apple Mail marks it as an automatic answer,
    and no answer of a vacation program has the wish alone for its subject."""
    is_wish = _is_wish(message.get("subject")) and not message.get("list-id")
    return is_wish and bool(message.get("auto-submitted")) and "@" in message.get("from")


def read_wish(message: Part) -> tuple[Returned, ...]:
    """Return the wish of a person who writes the words alone, as the subject or the first line."""
    if message.get("list-id") or not address(message.get("from")):
        return ()
    subject = message.get("subject")
    answer = _ANSWERS.match(subject)
    if answer is None and _is_wish(subject) and _is_short(message):
        return _wish(message)
    first = first_words(message.words)
    if not _is_wish(first) or (_HALF.match(first) and len(_after(first, message.words)) > _CLOSING):
        return ()
    return _wish(message)


def _after(first: str, text: str) -> str:
    """What is written after a line."""
    return written(text).partition(first)[2].strip()


def _wish(message: Part, token: str = "") -> tuple[Returned, ...]:
    words = f"{message.get('subject')} {first_words(message.words)}"
    ours = Ours(message_id=answered(message))
    reader = address(message.get("from"))
    return (make("unsubscribe", recipient=reader, ours=ours, token=token, words=words),)


def _is_wish(text: str) -> bool:
    plain = "".join(c if category(c)[0] not in "PSC" or c in "-'’" else " " for c in text[:300])
    plain = " ".join(plain.strip("-'’ ").split())
    return 0 < len(plain) <= _LONGEST and LEAVING.match(plain) is not None


def _is_short(message: Part) -> bool:
    """Whether a mail with a wish for a subject says nothing else at length: that needs a person."""
    return len(written(message.words).strip()) < 600
