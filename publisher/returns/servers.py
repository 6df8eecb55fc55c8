"""Reports of servers that write no RFC 3464, or their own: read by the manner that all share.

A report opens with a sentence that only servers write; then an address stands beside a reason, for
each recipient; then comes what was returned. The tables in `phrases` know the sentences.
"""

from __future__ import annotations

import re

import msgspec

from publisher.model import Returned
from publisher.returns.classes import classify, stated
from publisher.returns.making import DELAYED, line, make
from publisher.returns.mime import Part
from publisher.returns.ours import Ours, address, addresses, returned_in
from publisher.returns.phrases import (
    DAEMON_NAMES,
    DAEMONS,
    FAILURE_SUBJECTS,
    OPENINGS,
    OUT_OF_OFFICE,
    QUOTED,
    WARNINGS,
)

_LONGEST = 64_000  # characters of a report
_LINES, _LINE = 400, 600
_MOST = 50  # recipients of one report
_NEAR = 200  # characters between the line that announces a message and its headers

_HEADERS = re.compile(
    r"^(?:(?:Received|Return-Path|Message-ID|From|To|Date|Subject|MIME-Version|DKIM-Signature"
    r"|Content-Type|Reply-To|List-Unsubscribe|List-Id|X-[\w-]{1,40}):[^\n]*\n"
    r"(?:[ \t]+\S[^\n]*\n)*){3}",
    re.IGNORECASE | re.MULTILINE,
)
_FINAL = re.compile(
    r"permanent|giv(?:en|ing) up|gave up|endgültig|expired|exceeded|will not be retried", re.I
)
_LEADS = re.compile(
    r"[\s<>*•\"'(\[-]{0,20}(?:\w[\w -]{0,30}:\s{0,5}|[45]\d\d[ -]\S{0,12})?[<\"'(]?$"
)
_ASIDE = re.compile(
    r"\b(?:contact|from|sender|message-id|administrator|assistance|write to|help|support)\b", re.I
)


def read_failure(message: Part) -> tuple[Returned, ...]:
    """Return what a server's report says of each recipient; nothing where it is none."""
    report, quoted = split_report(message.words)
    if not is_failure(message, report):
        return ()
    ours = returned_in(message, quoted)
    delayed = _is_delayed(message, report)
    server = address(message.get("from")).rpartition("@")[2]
    subject = message.get("subject")
    blocks = _blocks(message, report, ours) or [_Block(address=_usual(ours))]
    return tuple(
        _returned(block, report, ours=ours, delayed=delayed, server=server, subject=subject)
        for block in blocks[:_MOST]
    )


def split_report(text: str) -> tuple[str, str]:
    """Return what a server wrote, and what it quotes of the message that it could not deliver."""
    text = text[:_LONGEST]
    headers = _HEADERS.search(text)
    ends = [*list(QUOTED.finditer(text))[:20], *([headers] if headers else [])]
    for found in sorted(ends, key=lambda found: found.start()):
        is_message = headers is not None and headers.start() - found.end() < _NEAR
        # Some have the facts of the message before the reason.
        if is_message or "@" in text[: found.start()] or _CODED.search(text[: found.start()]):
            return text[: found.start()], text[found.start() :]
    return text, ""


def is_from_daemon(message: Part) -> bool:
    """Return whether a mail server's own address, or name, is the author."""
    author = message.get("from")
    name = author.partition("<")[0].strip(' "') or author
    if DAEMON_NAMES.search(name):
        return True
    written = (author, message.get("return-path")) if not author else (author,)
    locals_ = ((address(one) or one.strip("<> ")).partition("@")[0] for one in written)
    return any(DAEMONS.fullmatch(local) for local in locals_)


_NO_REPLY = re.compile(r"(?:no|do-?not)[-_.]?reply\b", re.IGNORECASE)


def is_failure(message: Part, report: str) -> bool:
    """Return whether a mail is a server's report. A mere empty return path proves nothing: programs
    that answer for a reader write with one as well (RFC 3834 §3.3)."""
    subject = message.get("subject")
    is_daemon = is_from_daemon(message)
    if (message.get("list-id") and not is_daemon) or OUT_OF_OFFICE.search(subject):
        return False
    if message.get("x-failed-recipients"):
        return True
    says = FAILURE_SUBJECTS.search(subject) is not None
    opens = OPENINGS.search(_flat(report[:6000])) is not None or OPENINGS.search(report[:6000])
    if is_daemon:
        return says or bool(opens)
    is_passed_on = re.match(r"(?:re|aw|sv|fwd?|wg|tr|rv) ?:", subject, re.IGNORECASE)
    if not opens or is_passed_on:
        return False
    if _NO_REPLY.match(address(message.get("from"))) and any(message.held()):
        return True
    path = message.get("return-path")
    if not says or message.get("in-reply-to"):
        return False
    is_by_path = path.strip() == "<>" or DAEMONS.fullmatch(address(path).partition("@")[0])
    begins = OPENINGS.search(_flat(report[:400])) is not None and _CODED.search(report) is not None
    return bool(is_by_path) or begins


def words_of_each(message: Part) -> dict[str, str]:
    """Return what the readable part of a report says of each address, in lower case.

    "" has what it says altogether, its opening sentences left out.
    """
    report, _ = split_report(message.words)
    said = {one.address.lower(): _telling(one.lines) for one in _blocks(message, report, Ours())}
    return {"": _altogether(report), **said}


def _altogether(report: str) -> str:
    lines = (text.strip() for text in report.split("\n", _LINES)[:_LINES])
    return _telling([text for text in lines if not OPENINGS.search(text)])


class _Block(msgspec.Struct):
    address: str
    lines: list[str] = msgspec.field(default_factory=list)


def _blocks(message: Part, report: str, ours: Ours) -> list[_Block]:
    lines = [one[:_LINE].strip() for one in report.split("\n", _LINES)[:_LINES]]
    failed = addresses(" ".join(message.all("x-failed-recipients")))
    known = {one.lower() for one in (*failed, ours.to, *ours.through) if one}
    strangers = _strangers(message) - known
    named = [
        [one for one in addresses(text) if not _is_stranger(one, strangers) or text == f"<{one}>:"]
        for text in lines
    ]
    if any(one.lower() in known for row in named for one in row):
        named = [
            [one for one in row if one.lower() in known] or _alone(text, row)
            for text, row in zip(lines, named, strict=True)
        ]
    else:
        named = [_leading(text, row) for text, row in zip(lines, named, strict=True)]
    if not any(named):  # "an undisclosed address (generated from <…>)"
        named = [[] if _generated(text) is None else addresses(text)[:1] for text in lines]
    blocks: dict[str, _Block] = {}
    current: _Block | None = None
    before: list[str] = []
    for text, row in zip(lines, named, strict=True):
        for one in row[:5]:
            current = blocks.setdefault(one.lower(), _Block(one))
        (before if current is None else current.lines).append(text)
    is_before = any(_CODED.search(text) for text in before)
    for block in blocks.values():
        is_coded = any(_CODED.search(text) for text in block.lines)
        if not _says_something(block) or (is_before and not is_coded):
            block.lines = before  # some give the reason first
    for one in failed:
        blocks.setdefault(one.lower(), _Block(one))
    return list(blocks.values())


def _generated(text: str) -> re.Match[str] | None:
    return re.match(r"\W{0,5}(?:ultimately )?generated from\b", text, re.IGNORECASE)


def _strangers(message: Part) -> set[str]:
    """Addresses that are not the recipient: who wrote the report, and to whom it was written."""
    values = (
        value
        for name in ("from", "reply-to", "to", "delivered-to", "x-original-to", "cc", "sender")
        for value in message.all(name)[:5]
    )
    return {one.lower() for value in values for one in addresses(value)}


def _is_stranger(one: str, strangers: set[str]) -> bool:
    return one.lower() in strangers or DAEMONS.fullmatch(one.partition("@")[0]) is not None


def _leading(text: str, row: list[str]) -> list[str]:
    """Of a line's addresses the one that the line is about, if it is about one."""
    if not row:
        return []
    before, _, _ = text.partition(row[0])
    if _LEADS.match(before) and not _ASIDE.search(before):
        return row[:1]
    return [] if _ASIDE.search(before) else row[:1]


def _alone(text: str, row: list[str]) -> list[str]:
    """The address that is all of a line, as the head of another recipient's paragraph."""
    return row[:1] if row and text.strip(" <>:\"'*-") == row[0] else []


def _says_something(block: _Block) -> bool:
    text = " ".join(block.lines).replace(block.address, " ")
    return re.search(r"[^\W\d_]{2}.*[^\W\d_]{2}|[45]\d\d", text) is not None


def _returned(
    block: _Block, report: str, *, ours: Ours, delayed: bool, server: str, subject: str
) -> Returned:
    words = _telling(block.lines) or _altogether(report) or subject
    return make(
        "transient" if delayed else classify("", words),
        recipient=block.address,
        ours=ours,
        status=stated(words),
        words=DELAYED + words if delayed else words,
        server=server,
    )


_CODED = re.compile(r"(?<![\d./@-])[45][0-5]\d[ -]|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")


def _telling(lines: list[str]) -> str:
    """The lines that give the reason: those with a code and what goes on, else the first."""
    for number, text in enumerate(lines):
        if _CODED.search(text):
            words = []
            for one in lines[number : number + 6]:
                if not one:
                    break
                words.append(one)
            return line(" ".join(words))
    return line(" ".join([one for one in lines if one and one.strip("-=_*# ")][:12]))


def _usual(ours: Ours) -> str:
    return ours.to or next(iter(ours.through), "")


def _is_delayed(message: Part, report: str) -> bool:
    if WARNINGS.search(message.get("subject")):
        return True
    said = _flat(report[:4000])
    return WARNINGS.search(said) is not None and _FINAL.search(said) is None


def _flat(text: str) -> str:
    return " ".join(text.split())
