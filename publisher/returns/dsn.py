"""Delivery status notifications: RFC 3464 in a multipart/report (RFC 6522), RFC 6533's UTF-8."""

from __future__ import annotations

import re

from publisher.model import Returned, ReturnedClass
from publisher.returns.classes import classify, stated
from publisher.returns.making import DELAYED, line, make
from publisher.returns.mime import Part
from publisher.returns.ours import Ours, address, addresses, returned_in
from publisher.returns.servers import is_from_daemon, split_report, words_of_each

KINDS = ("message/delivery-status", "message/global-delivery-status")
_MOST = 100  # recipients
_LONGEST = 256 * 1024
_LOOKS = re.compile(r"^(?:Final-Recipient|Original-Recipient):[^\n]{1,400}$", re.I | re.M)
_ACTION = re.compile(r"^Action:", re.IGNORECASE | re.MULTILINE)
_DONE = ("delivered", "deliverable", "relayed", "expanded")

Fields = dict[str, str]


def read_dsn(message: Part) -> tuple[Returned, ...]:
    """Return what a notification says of each recipient; nothing where a mail is none."""
    text, rest = _status_text(message)
    if not text:
        return _wrapped(message)
    whole, recipients = _fields(text)
    ours = returned_in(message, rest)
    said = words_of_each(message)
    if len(recipients) > 1:
        said.pop("", None)  # what is said of none by name is said of all, or of another
    found = [_returned(whole, one, ours, said) for one in recipients[:_MOST]]
    return tuple({one.recipient.lower() or str(n): one for n, one in enumerate(found)}.values())


def _wrapped(message: Part) -> tuple[Returned, ...]:
    """Return what a notification says that a gateway of the server's put into a mail of its own.

    One that a person passes on is no server's word: the author must be a server on both.
    """
    if not is_from_daemon(message):
        return ()
    inner = next(message.held(), None)
    if inner is None or inner.kind != "multipart/report" or not is_from_daemon(inner):
        return ()
    return read_dsn(inner) if any(part.kind in KINDS for part in inner.walk()) else ()


def _status_text(message: Part) -> tuple[str, str]:
    """The fields, and what is quoted after them where gateways made one text of a report."""
    parts = [part for part in message.walk() if part.kind in KINDS]
    if parts:
        text = "\n\n".join(part.text for part in parts[:20])[:_LONGEST]
        return text, split_report(message.words)[1]
    if message.kind != "multipart/report" and not is_from_daemon(message):
        return "", ""
    for part in message.walk():
        if part.kind in ("", "text/plain") and not part.parts:
            found = _LOOKS.search(part.text)
            if found and _ACTION.search(part.text):
                start = part.text.rfind("\n\n", 0, found.start())
                text, rest = split_report(part.text[max(0, start) :])
                return text[:_LONGEST], rest
    return "", ""


def _fields(text: str) -> tuple[Fields, list[Fields]]:
    """The fields of the message, and those of each recipient (RFC 3464 §2.1).

    Not every server leaves an empty line between them, or only one.
    """
    whole: Fields = {}
    recipients: list[Fields] = []
    current, name, is_new = whole, "", True
    for row in text.split("\n"):
        if not row.strip():
            is_new = True
            continue
        if row[0] in " \t" and name:
            current[name] = f"{current[name]} {row.strip()}"[:4000]
            continue
        field, colon, value = row.partition(":")
        name = field.strip().lower() if colon and " " not in field.strip() else ""
        if not name:
            continue
        if name in _OF_RECIPIENT and _is_next(current, name, is_new, whole):
            recipients.append(current := {})
        is_new = False
        if name not in current:
            current[name] = value.strip()[:4000]
        if len(recipients) > _MOST:
            break
    return whole, recipients


_OF_RECIPIENT = ("final-recipient", "original-recipient", "action", "status")


def _is_next(current: Fields, name: str, is_new: bool, whole: Fields) -> bool:
    """Whether another recipient begins with a field."""
    if current is whole or name in current:
        return True
    is_complete = "action" in current and ("final-recipient" in current)
    return is_new and is_complete


def _returned(whole: Fields, one: Fields, ours: Ours, said: dict[str, str]) -> Returned:
    recipient = _recipient(one, ours)
    given = re.search(r"[245]\.\d{1,3}\.\d{1,3}", one.get("status", ""))
    status = given[0] if given else ""
    words = _typed(one.get("diagnostic-code", ""))
    if not _tells(words):
        final = _address(one.get("final-recipient", ""))
        words = said.get(final.lower()) or said.get(recipient.lower()) or words or said.get("", "")
    words = line(words)
    what = _class(one.get("action", "").split(" ")[0].strip(";").lower(), status, words)
    is_delayed = what == "transient" and _is_delayed(one, status)
    server = _typed(one.get("remote-mta", "")) or _typed(whole.get("reporting-mta", ""))
    moved = re.search(r"(?:please )?try(?:ing)? <([^<>\s]{1,64}@[^<>\s]{1,255})>", words, re.I)
    return make(
        what,
        recipient=recipient,
        ours=ours,
        status=_best(status, stated(words)),
        words=DELAYED + words if is_delayed else words,
        server=server.split(" ")[0].strip("()[];"),
        replacement=moved[1] if moved else "",
    )


def _class(action: str, status: str, words: str) -> ReturnedClass:
    """By the action (RFC 3464 §2.3.3): who has got the mail, or may still get it, is no failure."""
    if action in _DONE or (not action and status.startswith("2")):
        return "auto-reply"
    if action == "delayed":
        return "transient"
    return classify(status, words)


def _is_delayed(one: Fields, status: str) -> bool:
    action = one.get("action", "").lower()
    return action.startswith("delayed") or (not action and status.startswith("4"))


def _best(status: str, in_words: str) -> str:
    return in_words if in_words and (not status or status.endswith(".0.0")) else status


def _tells(words: str) -> bool:
    """Whether a diagnostic is more than a code: some give that alone, and the rest to people."""
    return len(re.findall(r"[^\W\d_]{3,}", words)) >= 2


def _recipient(one: Fields, ours: Ours) -> str:
    """As we wrote it, else as the last server has it, else the reader in the message returned."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        found = _address(one.get(name, ""))
        if found:
            return found if found in (ours.to, *ours.through) else _plain(found)
    named = addresses(one.get("diagnostic-code", ""))
    return ours.to or next(iter((*ours.through, *named)), "")


def _address(value: str) -> str:
    """The address of `rfc822; ana@x.example` or `utf-8; …` (RFC 6533 §3)."""
    kind, semicolon, rest = value.partition(";")
    rest = (rest if semicolon else kind).strip()
    if kind.strip().lower() == "utf-8":
        rest = re.sub(r"\\x\{([0-9A-Fa-f]{2,6})\}", _character, rest)
    found = address(rest)
    if found:
        return found
    return rest.strip("<>") if re.fullmatch(r"<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?", rest) else ""


def _plain(found: str) -> str:
    """An address without its xtext (RFC 3461 §4), which not every server takes away.

    Of an address no more than `+` and `=` has to be encoded; a `+` that is not says that none is.
    """
    if re.search(r"\+(?!2B|3D)", found):
        return found
    return found.replace("+2B", "+").replace("+3D", "=")


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number < 0xE000 else ""


def _typed(value: str) -> str:
    """A value without its type: `smtp; 550 …`, `dns; mx.example`."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and re.fullmatch(r"[\w.-]{1,30}", kind.strip()) else value
