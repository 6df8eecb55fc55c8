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
    r"|for (?:more than|over|the last) \d|\d+ (?:hours|days|attempts)|failing for a long time"
    r"|multiple (?:re)?(?:tries|attempts)|(?:requests|attempts) to connect|receiving mail at a rate"
    r"|receiving mail too|no space left"
    r"|(?:system|server|disk) (?:storage|space|resources|full)"
    r"|nicht erreichbar|zeit ?überschreitung"
    r"|délai|temporalmente|временно|истек|превышено время|超时|タイムアウト|一時的|시간 ?초과",
    re.IGNORECASE,
)
_PASSING = re.compile(r"[45]\.4\.[1237]$|[45]\.3\.[12]$|4\.")
_SAYS_DEAD = re.compile(r"5\.1\.(?:1|6|10)$")
_NO_HOST = re.compile(r"[45]\.1\.2$")
_ASK_AGAIN = re.compile(r"try again|temporar|servfail|timed? ?out|lookup failed(?! perm)", re.I)
_NO_ROUTE = re.compile(r"[45]\.4\.[1-47]$")  # RFC 3463 §3.5: about the way, not about us
_NO_WAY = re.compile(
    r"requests to connect|connection (?:timed out|refused|reset)|lost connection"
    r"|no route to host|network (?:is )?unreachable",
    re.IGNORECASE,
)
_BAD_DOMAIN = re.compile(r"(?:invalid|illegal|no such|unknown|bad)\b.{0,12}\bdomain", re.IGNORECASE)
_OF_MESSAGE = re.compile(r"[45]\.(?:2\.3|3\.4|6\.[0-689])$")  # RFC 3463: its size, its content
_REFUSES = re.compile(
    r"\b(?:e-?mail|message)s? (?:is |was |has been )?(?:rejected|refused|rejet)|mail rejete"
    r"|nachricht (?:wurde )?(?:abgelehnt|abgewiesen)|message refusé|messaggio rifiutato"
    r"|^\W*(?:[45]\d\d)?\W*rejected\W*$|отклонен",
    re.IGNORECASE,
)

# What servers write before whatever a remote one said: it is no reason.
_BOILERPLATE = re.compile(
    r"unknown recipient or mailbox unavailable|invalid address, error_code ?:\d+", re.IGNORECASE
)

# Who says so after the message has accepted the recipient before it: a reader's own filter may.
_AFTER_DATA = re.compile(
    r"(?:end of|after|failed after i sent) (?:the )?(?:data|message)|\bdata command", re.IGNORECASE
)

# "The group may not exist, or you may not have permission": Google Groups, in forty languages.
_HEDGED = re.compile(
    r"permission|permis[os]|permess|permiss|autoris|authori[sz]ed to post|berechtig|oprávněn"
    r"|uprawn|разрешени|дозв|права на|權限|权限|権限|권한|הרשא|إذن|اجازه|अनुमति|δικα[ίι]ωμα",
    re.IGNORECASE,
)

# Directory based edge blocking of Exchange Online: it has no such recipient.
_NOT_IN_DIRECTORY = re.compile(r"recipient address(?:es)? rejected ?: access denied", re.IGNORECASE)


def classify(status: str, words: str) -> ReturnedClass:
    """Return what an enhanced status ("" for none) and a server's words say: pure, never raises.

    One of "dead", "full", "refused", "transient", "unknown". "dead" needs a server that says that
    the mailbox, or its domain, does not exist; whatever smells of policy is "refused".
    """
    words = _BOILERPLATE.sub(" ", _ADDRESS.sub("a@b.example", words[:_LONGEST]))
    reply = _reply(status.strip(), words)
    about = judge(reply).about
    is_about_the_way = _NO_ROUTE.match(reply.status) or _NO_WAY.search(reply.text)
    if about == "us" and is_about_the_way and not POLICY.search(reply.text):
        return _left_open(reply)
    if reply.status == "5.7.13":  # RFC 5248's registry: the account is disabled
        return "unknown"
    if about == "us":
        return "refused"
    if about == "dead":
        return _if_dead(reply)
    if about in ("full", "refused"):
        return about
    return _left_open(reply)


def _if_dead(reply: Reply) -> ReturnedClass:
    """Whether one is dead of whom it is said: not with words of policy, nor by half a word."""
    if POLICY.search(reply.text) and mailbox(reply.text) != "none":
        return "refused"  # "5.1.1 rejected as spam"
    is_by_words = not _SAYS_DEAD.match(reply.status)
    if is_by_words and (_HEDGED.search(reply.text) or _AFTER_DATA.search(reply.text)):
        return "unknown"
    return "dead"


def _left_open(reply: Reply) -> ReturnedClass:
    said = mailbox(reply.text)
    if said == "full":
        return "full"
    if reply.code >= 500 and not reply.status.startswith("4."):
        if said == "no host" and not _ASK_AGAIN.search(reply.text):
            return "dead"
        if reply.status == "5.4.1" and _NOT_IN_DIRECTORY.search(reply.text):
            return "dead"
        is_gone = _NO_HOST.match(reply.status) or (
            reply.status == "5.4.4" and _BAD_DOMAIN.search(reply.text)
        )
        if is_gone and not _ASK_AGAIN.search(reply.text):
            return "dead"
    if reply.code >= 500 and (_OF_MESSAGE.match(reply.status) or _REFUSES.search(reply.text)):
        return "refused"
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
