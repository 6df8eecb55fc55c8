"""What people type first: other names of our verbs, and words of other tools, by meaning.

An alias is run, and says what it stands for; it never mails, and takes nothing away that cannot be
had back. A hint names the nearest verbs, each with what it does, and runs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

GROUPS: Mapping[str, str] = {
    "subscriber": "subscribers", "reader": "subscribers", "readers": "subscribers",
    "contact": "subscribers", "contacts": "subscribers", "audience": "subscribers",
    "people": "subscribers", "list": "subscribers", "schedules": "schedule",
    "calendar": "schedule", "edition": "outbox", "editions": "outbox", "issue": "outbox",
    "issues": "outbox", "segment": "segments", "feed": "feeds", "key": "keys",
    "bounce": "bounces", "returns": "bounces", "returned": "bounces",
    "database": "ledger", "db": "ledger", "template": "templates",
    "theme": "themes", "settings": "config", "configuration": "config",
}  # fmt: skip
"""What a group of verbs is called elsewhere: a noun in the other number, or a synonym."""

ALIASES: Mapping[str, str] = {
    "subscribe": "subscribers add",
    "unsubscribe": "subscribers remove", "suppress": "subscribers suppress",
    "unsuppress": "subscribers unsuppress", "unblock": "subscribers unsuppress",
    "classify": "bounces classify", "block": "subscribers suppress", "stats": "subscribers stats",
    "statistics": "subscribers stats", "upcoming": "schedule list", "agenda": "schedule list",
    "log": "schedule log", "history": "schedule log", "explain": "schedule explain",
    "lint": "check", "validate": "check", "verify": "outbox verify",
    "info": "status", "view": "preview", "look": "preview", "eject": "templates eject",
    "rotate": "keys rotate", "count": "segments count", "similar": "related",
}  # fmt: skip
"""Other names of verbs, whatever comes after them."""

WITHIN: Mapping[str, Sequence[str]] = {
    "ls": ("list",), "all": ("list",), "index": ("list",), "status": ("list", "stats", "show"),
    "delete": ("remove",), "del": ("remove",), "rm": ("remove",), "drop": ("remove",),
    "unsubscribe": ("remove",), "forget": ("erase",), "purge": ("erase",), "block": ("suppress",),
    "ban": ("suppress",), "new": ("add", "rotate"), "create": ("add", "rotate"),
    "subscribe": ("add",), "insert": ("add",), "upload": ("import",), "load": ("import",),
    "save": ("export",), "dump": ("export",), "download": ("export",), "get": ("show",),
    "view": ("show",), "cat": ("show",), "open": ("show",), "info": ("show", "list"),
    "find": ("show", "list"), "search": ("list",), "count": ("stats", "count"),
    "change": ("edit",), "update": ("edit", "build"), "set": ("edit",), "stop": ("pause",),
    "hold": ("pause",), "disable": ("pause",), "start": ("resume",), "enable": ("resume",),
    "release": ("resume",), "when": ("explain",), "history": ("log",), "show": ("list",),
    "validate": ("check", "verify"), "lint": ("check", "verify"), "check": ("verify",),
    "make": ("build",), "generate": ("build",), "copy": ("eject",), "customize": ("eject",),
    "edit": ("eject",), "renew": ("rotate",), "settle": ("resolve",), "migrate": ("upgrade",),
}  # fmt: skip
"""Other names of verbs within a group: the first that the group has is meant."""

_NOUN_FIRST = (
    "add create new import export list ls show get view edit delete remove rm del pause resume "
    "count check verify"
).split()

HINTS: Mapping[str, Sequence[str]] = {
    "complaints": ("bounces list", "report"),
    "list": ("outbox list", "subscribers list", "schedule list", "check --list"),
    "add": ("new", "subscribers add", "schedule add"),
    "create": ("new", "init", "subscribers add", "schedule add"),
    "delete": ("subscribers remove", "subscribers erase", "schedule remove",
               "outbox remove", "cancel"),
    "export": ("subscribers export", "outbox export"),
    "publish": ("send", "build", "run"),
    "deploy": ("build", "serve"),
    "post": ("new", "send"),
    "mail": ("send", "test"),
    "deliver-now": ("send --now",),
    "ab": ("send --ab", "send --winner"),
    "generate": ("build",),
    "dev": ("preview", "serve"),
    "start": ("run", "serve", "init"),
    "web": ("serve", "build", "check"),
    "undo": ("cancel", "hold", "pin --undo", "schedule rewind"),
    "stop": ("hold", "cancel", "schedule pause"),
    "pause": ("hold", "schedule pause"),
    "resume": ("release", "schedule resume"),
    "retry": ("release --failed", "send --resend-filed", "uncertain resolve"),
    "update": ("build", "run", "schedule edit", "ledger upgrade"),
    "reject": ("hold", "cancel"),
    "draft": ("new", "plan", "approve"),
    "next": ("plan", "schedule list"),
    "cron": ("schedule add --cron", "run --once"),
    "analytics": ("report", "subscribers stats"),
    "clean": ("outbox remove",),
    "articles": ("check --list", "new", "plan"),
    "newsletters": ("config show", "schedule list"),
    "rss": ("feeds build", "feeds check"),
    "podcast": ("feeds build", "feeds lengths"),
    "migrate": ("import wordpress", "import ghost", "subscribers import", "ledger upgrade"),
    "configure": ("config show", "config keys"),
    "dkim": ("keys dkim new", "keys dkim show", "keys dkim rotate"),
    "backup": ("subscribers export", "audit"),
    "version": ("--version",),
    "times": ("help times",),
    "dns": ("doctor",),
    "spam": ("doctor", "check", "report"),
}  # fmt: skip
"""Words that name no verb of ours, with the verbs that are meant by them, nearest first."""

_MEANT_BY: Mapping[str, str] = {
    "list": "ls",
    "delete": "rm del remove drop destroy",
    "generate": "make compile render rebuild",
    "post": "write article story",
    "deploy": "upload push ship",
    "web": "site website pages",
    "mail": "email broadcast blast dispatch campaign",
    "deliver-now": "send-now sendnow now",
    "ab": "ab-test abtest split winner choose experiment",
    "newsletters": "newsletter campaigns letters",
    "dev": "server develop open browse",
    "start": "daemon service up launch begin",
    "undo": "revert rollback unsend recall restore",
    "stop": "abort halt kill down quit exit",
    "pause": "suspend",
    "resume": "unpause continue",
    "retry": "resend requeue",
    "update": "sync refresh edit modify upgrade",
    "reject": "decline",
    "draft": "drafts",
    "next": "queue pending",
    "cron": "timer",
    "analytics": "metrics opens clicks results",
    "dns": "spf dmarc domain mx diagnose",
    "spam": "deliverability inbox junk",
    "clean": "clear reset prune",
    "articles": "posts stories content",
    "rss": "atom xml opml",
    "configure": "setup set get",
    "backup": "archive",
    "version": "v",
    "times": "clock time dates",
    "add": "insert",
}
"""By word of `HINTS`, those that mean as much."""

_SAME = {word: key for key, words in _MEANT_BY.items() for word in words.split()}

WORDS = (*ALIASES, *HINTS, *_SAME)
"""Every word that is understood without being a verb."""


Meant = tuple[list[str], list[str]]
"""A verb of ours, word by word, and what was typed after its other name."""


def aliased(words: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Meant | None:
    """Return what was typed in our own words, None where it stands for nothing that can be run.

    `groups` names, by group, its verbs.

    >>> aliased(["delete", "ana@reader.example"], {})
    (['subscribers', 'remove'], ['ana@reader.example'])
    """
    first, rest = words[0], list(words[1:])
    if rest and first in _NOUN_FIRST:
        group = rest[0] if rest[0] in groups else GROUPS.get(rest[0], "")
        if verb := within(first, groups.get(group, ())):
            return [group, verb], rest[1:]
    if rest and first in ("list", "ls") and _SAME.get(rest[0], rest[0]) == "articles":
        return ["check", "--list"], rest[1:]
    if first in ALIASES:
        return ALIASES[first].split(), rest
    if rest and first in GROUPS and (verb := within(rest[0], groups.get(GROUPS[first], ()))):
        return [GROUPS[first], verb], rest[1:]
    return _by_shape(first, rest)


def within(word: str, verbs: Sequence[str]) -> str | None:
    """Return the verb of a group that a word means, None for none."""
    if word in verbs:
        return word
    return next((one for one in WITHIN.get(word, ()) if one in verbs), None)


def _by_shape(first: str, rest: list[str]) -> Meant | None:
    """A verb for what stands after it: an address, an edition's id, a schedule's name."""
    from publisher.model import EditionId  # whoever asks for help waits for no noun

    given = next((word for word in rest if not word.startswith("-")), "")
    verb = _SAME.get(first, first)
    if EditionId(given).local is not None:
        table = {"delete": "outbox remove", "show": "outbox show", "get": "outbox show"}
    elif "@" in given.strip("@"):
        table = {
            "delete": "subscribers remove",
            "add": "subscribers add",
            "show": "subscribers show",
        }
    else:
        table = {"show": "outbox show"}
    found = table.get(first, table.get(verb))
    return (found.split(), rest) if found else None


def meaning(word: str) -> Sequence[str]:
    """Return the verbs that a word of another tool means, nearest first; none where none is."""
    if word in ALIASES:
        return (ALIASES[word],)
    return HINTS.get(_SAME.get(word, word), ())
