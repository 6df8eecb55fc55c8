"""A provider's answers as replies of a mail server, so that verdicts, circuits and pace go on.

What an answer leaves open stays open: a gateway that gave up, or an error in the provider, may
come after the message was taken (a code of 0 at the stage "dot" is uncertain). What a person must
change is refused at the stage "mail", where no reader is concerned yet: sending stops.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import Literal

from publisher.delivery.providers.asking import Answer, Kind, Provider
from publisher.model import Reply, no_controls

LONGEST_WAIT = 24 * 3600.0
"""Seconds that a provider can make us wait by one answer."""

Stage = Literal["mail", "rcpt"]

_MOST = 400  # characters of what a provider says

_BY_STATUS: dict[int, Kind] = {
    401: "sender", 402: "quota", 403: "sender", 404: "sender", 405: "sender", 408: "later",
    409: "later", 415: "sender", 421: "later", 425: "later", 429: "pace", 503: "later",
}  # fmt: skip

# Code, enhanced status (RFC 3463), stage, and words that tell whom it is about (`refusals`).
_REPLIES: dict[Kind, tuple[int, str, Stage, str]] = {
    "pace": (421, "4.3.2", "mail", "not so fast"),
    "quota": (452, "4.5.3", "rcpt", "our sending quota is used up"),
    "sender": (550, "5.7.1", "mail", ""),
    "dead": (550, "5.1.1", "rcpt", "inactive recipient"),
    "address": (553, "5.1.3", "rcpt", "not a mail address as it is written"),
    "message": (554, "5.6.0", "rcpt", ""),
    "later": (451, "4.3.0", "rcpt", "nothing can be done now"),
}  # fmt: skip

_UNDERSTOOD = ("pace", "address", "later")
"""What is known for certain: a provider's words beside it could only be mistaken for more."""


def kind_of(provider: Provider, answer: Answer) -> Kind:
    """What an answer means: as the provider has it, or by its status (RFC 9110 §15)."""
    own = provider.kind(answer)
    if own is not None:
        return own
    if 200 <= answer.status < 300:
        return "taken"
    if 300 <= answer.status < 400:  # nobody sends mail there: it is another address than ours
        return "sender"
    return _BY_STATUS.get(answer.status, "message" if 400 <= answer.status < 500 else "unknown")


def reply_of(provider: Provider, answer: Answer) -> Reply:
    """The reply that an answer is."""
    kind = kind_of(provider, answer)
    said = spoken(provider.words(answer))
    if kind == "taken":
        return Reply(code=250, text=said)
    if kind == "unknown":
        return Reply(code=0, text=f"{provider.title} says {answer.status} {said}".rstrip())
    code, status, stage, own = _REPLIES[kind]
    text = f"{own}: {provider.title} says {answer.status}" if own else provider.title
    if kind not in _UNDERSTOOD:
        text = f"{text} {said}" if own else f"{text} says {answer.status} {said}"
    return Reply(code=code, status=status, stage=stage, text=text.rstrip())


def spoken(text: str) -> str:
    """What a provider says, on one line and bounded."""
    return re.sub(r"\s+", " ", no_controls(text)).strip()[:_MOST]


def wait_of(answer: Answer) -> float | None:
    """Seconds that an answer asks us to wait, None where it names none.

    Retry-After (RFC 9110 §10.2.3) as seconds, or as a date that is compared with the answer's own;
    then what providers have beside it: seconds until a limit is lifted, or the second of that.
    """
    headers = answer.headers
    wait = _retry_after(headers.get("retry-after", ""), headers.get("date", ""))
    if wait is None:
        for name in ("x-sib-ratelimit-reset", "ratelimit-reset", "x-ratelimit-reset"):
            wait = _reset(headers.get(name, ""), headers.get("date", ""))
            if wait is not None:
                break
    return None if wait is None else min(max(wait, 0.0), LONGEST_WAIT)


def _retry_after(text: str, date: str) -> float | None:
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text):
        return float(text)
    try:
        then, now = parsedate_to_datetime(text), parsedate_to_datetime(date)
        return (then - now).total_seconds()
    except (TypeError, ValueError):
        return None


def _reset(text: str, date: str) -> float | None:
    """Seconds, or a second since 1970."""
    if not re.fullmatch(r"[0-9]{1,12}", text):
        return None
    if int(text) < 1_000_000_000:
        return float(text)
    try:
        return int(text) - parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        return None
