"""A status and a server's words → what they say of an address.

`delivery.verdicts` judges them as if the server had said them at RCPT TO. What it leaves open is
decided here, for a report says what no reply does: that a server gave up, or whose domain is gone.
"""

from __future__ import annotations

import re

from publisher.delivery.refusals import mailbox
from publisher.delivery.verdicts import POLICY, judge
from publisher.model import Reply, ReturnedClass

_LONGEST = 2_000  # characters of words that are looked at

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?<![\d./@-])(?<!\w:)([245][0-5]\d)(?=[ \-:,;)]|$)")
_ADDRESS = re.compile(r"[^\s<>\"(),;:]{1,64}@[^\s<>\"(),;:]{1,255}")
_SAYS_LITTLE = re.compile(r"[245]\.(?:0\.0|1\.0|2\.0|3\.0|4\.0|5\.0|6\.0|7\.0)$")

_PASSES = re.compile(
    r"timed? ?-?out|time[- ]?out|connection (?:was )?(?:refused|lost|dropped|reset|closed)"
    r"|expired|try(?:ing)? (?:again|later)|temporar|deferred|no route to host"
    r"|network (?:is )?unreach"
    r"|host (?:is )?unreachable|retry|unable to connect|could ?n[o']t connect|cannot connect"
    r"|(?:name ?server|dns|lookup)\b[^.;]{0,40}(?:fail|time|error)|servfail|delay|undelivered for"
    r"|establish an smtp connection|not respond|no answer|unable to reach|gave up after|too long"
    r"|for (?:more than|over|the last) \d|\d+ (?:hours|days)|nicht erreichbar|zeit ?überschreitung"
    r"|délai|temporalmente|временно|истек|превышено время|超时|タイムアウト|一時的|시간 ?초과",
    re.IGNORECASE,
)
_PASSING = re.compile(r"[45]\.4\.[1237]$|[45]\.3\.[12]$|4\.")
_NO_HOST = re.compile(r"[45]\.1\.2$")
_ASK_AGAIN = re.compile(r"try again|temporar|servfail|timed? ?out|lookup failed(?! perm)", re.I)

# Directory based edge blocking of Exchange Online: it has no such recipient.
_NOT_IN_DIRECTORY = re.compile(r"recipient address rejected: access denied", re.IGNORECASE)


def classify(status: str, words: str) -> ReturnedClass:
    """Return what an enhanced status ("" for none) and a server's words say: pure, never raises.

    One of "dead", "full", "refused", "transient", "unknown". "dead" needs a server that says that
    the mailbox, or its domain, does not exist; whatever smells of policy is "refused".
    """
    words = _ADDRESS.sub("a@b.example", words[:_LONGEST])
    reply = _reply(status.strip(), words)
    about = judge(reply).about
    if about == "us":
        return "refused"
    if about == "dead" and POLICY.search(reply.text) and mailbox(reply.text) != "none":
        return "refused"  # "5.1.1 rejected as spam"
    if about in ("dead", "full", "refused"):
        return about
    return _left_open(reply)


def _left_open(reply: Reply) -> ReturnedClass:
    said = mailbox(reply.text)
    if said == "full":
        return "full"
    if reply.code >= 500 and not reply.status.startswith("4."):
        if said == "no host" and not _ASK_AGAIN.search(reply.text):
            return "dead"
        if reply.status == "5.4.1" and _NOT_IN_DIRECTORY.search(reply.text):
            return "dead"
        if _NO_HOST.match(reply.status) and not _ASK_AGAIN.search(reply.text):
            return "dead"
    if reply.code < 500 or _PASSING.match(reply.status) or _PASSES.search(reply.text):
        return "transient"
    return "unknown"


def stated(words: str) -> str:
    """Return the enhanced status in a server's words, "" for none."""
    found = _STATUS.search(words[:_LONGEST])
    return found[1] if found else ""


def _reply(status: str, words: str) -> Reply:
    """The reply that a report tells of: what stands in the server's words goes before the report's
    own status, which is often the general one of giving up."""
    in_words = [one for one in _STATUS.findall(words) if one[0] != "2"]
    telling = [one for one in (*in_words, status) if one and not _SAYS_LITTLE.match(one)]
    best = next(iter(telling), next(iter(in_words), status))
    codes = [int(code) for code in _CODE.findall(words) if code[0] != "2"]
    of_best = {"4": 450, "5": 550}.get(best[:1], 0)
    code = codes[0] if codes else of_best or 550
    if codes and of_best and best in in_words and code // 100 != of_best // 100:
        code = of_best
    return Reply(code=code, status=best, text=words, stage="rcpt")
