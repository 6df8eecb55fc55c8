"""subscribers add · list · show · remove · suppress · erase · export."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from unicodedata import normalize

from msgspec.structs import replace

from publisher.audience import EXPORTED, address, csv_of, erased_key, language, reader_of, zone
from publisher.errors import AddressError, UnknownName, UsageError
from publisher.ledger import Lifted, Signup
from publisher.model import Candidate, Consent, Joined, Standing, State, Subscriber, Suppression
from publisher.outbox import put, remove_folder
from publisher.pipeline import kept_mail
from publisher.pipeline.keys import keys
from publisher.pipeline.readers.segments import segment_named
from publisher.pipeline.workspace import Workspace


def add(
    space: Workspace, candidate: Candidate, newsletters: Sequence[str], how: str, *, again: bool
) -> Joined:
    """Add one reader by hand; `again` brings back one who left.

    Raises UsageError for a language or a time zone that is none.
    """
    for given, known, noun, example in (
        (candidate.language, language, "language", "de"),
        (candidate.zone, zone, "time zone", "Europe/Berlin"),
    ):
        if given and not known(given):
            raise UsageError(f"{given!r} is no {noun}", todo=f"Write it as in {example}.")
    candidate = replace(candidate, language=language(candidate.language))
    return join(space, [candidate], newsletters_named(space, newsletters), how, "by hand", again)[0]


def join(
    space: Workspace,
    candidates: Sequence[Candidate],
    newsletters: Sequence[str],
    how: str,
    source: str,
    again: bool = False,
) -> list[Joined]:
    """Add readers, or bring what is known of them up to what they said last."""
    signing = keys(space)
    addresses = {key for one in candidates for key in (one.address.key, one.address.folded)}
    erased = {key: erased_key(signing, key) for key in addresses}
    return space.ledger.readers.join(
        candidates, newsletters, now=space.now, how=how, source=source, erased=erased, again=again
    )


def newsletters_named(space: Workspace, newsletters: Sequence[str]) -> list[str]:
    """The newsletters meant; the only one there is where none was named."""
    known = [newsletter.name for newsletter in space.publication.newsletters]
    if not newsletters and len(known) != 1:
        raise UsageError(
            "which newsletter is meant?",
            why=f"There are: {', '.join(known) or 'none'}.",
            todo="Name it: --newsletter NAME",
        )
    return [space.newsletter(name).name for name in newsletters] or known


def subscriber(space: Workspace, name: str) -> Subscriber:
    """Return the reader of an address, or of an unsubscribe token; raise UnknownName."""
    if token := _token(space, name):
        found = space.ledger.readers.get(token[0])
    else:
        found = space.ledger.readers.find(address(name).key)
    if found is None:
        raise UnknownName("subscriber", name, (), todo="List them: publisher subscribers list")
    return found


def consents(space: Workspace, reader: Subscriber) -> list[Consent]:
    """Return what a reader said of newsletters, oldest first."""
    return space.ledger.readers.consents(reader.id)


def listed(
    space: Workspace, newsletter: str = "", segment: str = "", *, active: bool = False
) -> Iterator[Subscriber]:
    """Yield readers in order of address."""
    if newsletter:
        space.newsletter(newsletter)
    wanted = segment_named(space, segment) if segment else None
    return space.ledger.readers.listed(newsletter, wanted, active=active)


def unconfirmed(space: Workspace) -> list[Signup]:
    """Return who asked to be a reader and has not confirmed it, in order of address."""
    return space.ledger.signups.unconfirmed()


def leave(space: Workspace, name: str, newsletters: Sequence[str]) -> list[str]:
    """End a reader's subscriptions; return those that were active.

    All of them by default, or the one that an unsubscribe token is of.
    """
    reader = subscriber(space, name)
    names = [space.newsletter(one).name for one in newsletters]
    token = _token(space, name)
    if token and token[1] and not names:
        names = [token[1]]
    how = "by hand, asked by mail" if token else "by hand"
    return space.ledger.readers.leave(reader.id, names, space.now, how)


def _token(space: Workspace, text: str) -> tuple[int, str] | None:
    """The reader and newsletter of an unsubscribe token; None for what looks like an address.

    It is the subject of a mail that asks to leave, whatever mailbox that came from.
    """
    if "@" in text or text.count(".") < 2:
        return None
    found = reader_of(keys(space), "unsubscribe", text.strip())
    if found is None:
        raise UsageError(
            f"{text!r} is neither an address nor a token of ours",
            why="A token is the subject of a mail to unsubscribe, whole and as it was written.",
            todo="Find the reader: publisher subscribers list",
        )
    return found


def suppress(
    space: Workspace, name: str, reason: Standing = "manual", detail: str = ""
) -> Suppression | None:
    """Never mail an address, or all of a domain, again; return the suppression it had before."""
    return space.ledger.readers.suppress(_suppressible(space, name), reason, space.now, detail)


def unsuppress(space: Workspace, name: str, reason: str = "") -> Suppression | None:
    """Lift a suppression, of an erased reader as well; return it.

    What bounced before counts no more; `reason` is kept with it.
    """
    key, verbs, signing = _suppressible(space, name), space.ledger.readers, keys(space)
    folded = key.casefold()
    remains = erased_key(signing, key), erased_key(signing, folded)
    found = verbs.unsuppress(key, folded, space.now, reason)
    return found or verbs.unsuppress(*remains, space.now, reason)


def lifted(space: Workspace, reader: Subscriber) -> list[Lifted]:
    """Return the suppressions of a reader that were taken back, oldest first."""
    return space.ledger.readers.lifted(address(reader.address).key)


def _suppressible(space: Workspace, name: str) -> str:
    """The key of an address, or of a domain: `*@host`, `@host` or `host`; the root's dot may stand.

    Raises UsageError for any other pattern, which would suppress nobody.
    """
    plain = normalize("NFKC", name.strip())
    if found := re.fullmatch(r"(?:\*?@)?([^@*\s]+\.[^@*\s]+?)\.?", plain):
        try:
            return f"@{address(f'postmaster@{found[1]}').domain}"
        except AddressError:
            raise _no_domain(name) from None
    if _is_pattern(space, name):
        raise _no_domain(name)
    return address(name).key


def _no_domain(name: str) -> UsageError:
    return UsageError(
        f"{name!r} is no address, and no domain",
        why="One address can be suppressed, or all of a domain.",
        todo="Name the domain: publisher subscribers suppress '*@company.example'",
    )


def _is_pattern(space: Workspace, name: str) -> bool:
    """Whether a name is meant for many, and is that of no reader."""
    if "*" not in name and not name.startswith("%"):
        return False
    try:
        return space.ledger.readers.find(address(name).key) is None
    except AddressError:
        return True


def erase(space: Workspace, name: str) -> bool:
    """Forget a reader but for a keyed hash; return whether anybody was known."""
    key = address(name).key
    remove_folder(space.state / "preview")  # a page there may show the mail as this reader's
    if reader := space.ledger.readers.find(key):
        back = space.ledger.returns.listed(reader=reader.id)
        kept_mail.drop(space, [one.kept for one in back])
    kept_mail.erase(space, key)
    return space.ledger.readers.erase(key, erased_key(keys(space), key), space.now)


def export(
    found: Iterator[Subscriber],
    path: Path | None,
    newsletter: str = "",
    alone: Iterable[tuple[str, Suppression]] = (),
) -> str:
    """Return readers as CSV, or write it to `path`, for the owner's eyes alone.

    With a newsletter, what they said of it alone. `alone` is what is suppressed, by key, and no
    reader's.
    """
    rows = [_exported(reader, newsletter) for reader in found]
    rows += [_exported_alone(key, why) for key, why in alone]
    text = "".join(csv_of([EXPORTED, *rows]))
    if path is not None:
        put(path, text.encode("utf-8-sig"))  # or a spreadsheet takes it for Latin 1
        path.chmod(0o600)
    return text


def suppressed_alone(space: Workspace) -> list[tuple[str, Suppression]]:
    """Return what is suppressed and no reader's, by key: addresses, and domains behind an `@`."""
    return space.ledger.readers.suppressed_alone()


def _exported(reader: Subscriber, newsletter: str) -> tuple[str, ...]:
    said = {
        name: subscription
        for name, subscription in reader.subscriptions.items()
        if newsletter in ("", name)
    }
    active = [name for name, what in said.items() if what == "active"]
    why = reader.suppression
    return (
        reader.address,
        reader.name,
        reader.language,
        reader.zone,
        json.dumps(reader.tags, ensure_ascii=False) if reader.tags else "",
        " ".join(active),
        " ".join(
            f"{name}={reader.since[name].isoformat(timespec='seconds')}"
            for name, what in said.items()
            if what != "active"
        ),
        why.reason if why else "active" if active else "unsubscribed",
        why.at.isoformat(timespec="seconds") if why else "",
        reader.joined.isoformat(timespec="seconds"),
        json.dumps(reader.attributes, ensure_ascii=False) if reader.attributes else "",
    )


def _exported_alone(key: str, why: Suppression) -> tuple[str, ...]:
    """The row of an address that is no reader's, or of all addresses of a domain."""
    said = {
        "address": f"*{key}" if key.startswith("@") else key,
        "standing": why.reason,
        "standing_since": why.at.isoformat(timespec="seconds"),
    }
    return tuple(said.get(column, "") for column in EXPORTED)


def totals(space: Workspace) -> dict[str, dict[str, int]]:
    """Return how many readers there are by newsletter and standing; "" holds the suppressed."""
    return space.ledger.readers.totals()


def editions_of(space: Workspace, reader: Subscriber) -> list[tuple[str, State]]:
    """Return the editions a reader was to get, with what became of each."""
    return space.ledger.sends.editions_of(reader.id)
