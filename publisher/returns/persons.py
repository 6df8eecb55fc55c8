"""Mails of persons: an answer, a question, a new address."""

from __future__ import annotations

import re

from publisher.model import Returned
from publisher.returns.making import make
from publisher.returns.mime import Part
from publisher.returns.moved import new_address
from publisher.returns.ours import Ours, address, answered
from publisher.returns.replying import written
from publisher.returns.servers import is_from_daemon

_PROGRAMS = re.compile(
    r"(?:no-?_?reply|do-?not-?reply|donotreply|noreply\w*|notifications?|alerts?|dmarc\w*|tls-?rpt)"
    r"\b.{0,40}",
    re.IGNORECASE,
)
_REPORTS = re.compile(r"report domain:|^report-id:|dmarc (?:aggregate )?report|tls report", re.I)


def read_person(message: Part) -> tuple[Returned, ...]:
    """Return a mail that a person should read; nothing where no person seems to have written it."""
    author = address(message.get("from"))
    if not author or _PROGRAMS.match(author.partition("@")[0]):
        return ()
    if is_from_daemon(message) and not _answers_by_hand(message, author):
        return ()
    is_of_a_list = message.get("list-id") or message.get("list-unsubscribe")
    if is_of_a_list or message.kind == "multipart/report":
        return ()
    if _REPORTS.search(message.get("subject")) or not (message.get("subject") or message.words):
        return ()
    said = " ".join(written(message.words).split())
    return (
        make(
            "personal",
            recipient=author,
            ours=Ours(message_id=answered(message)),
            words=f"{message.get('subject')} {said}",
            replacement=new_address(message, without=(author,)),
        ),
    )


def _answers_by_hand(message: Part, author: str) -> bool:
    """Whether a postmaster answers: behind that address sits a person, too."""
    is_postmaster = author.lower().startswith(("postmaster@", "administrator@"))
    return is_postmaster and bool(answered(message))
