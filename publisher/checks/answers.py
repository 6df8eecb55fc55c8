"""What the answers of other people's servers say about the addresses in a mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from publisher.checks.addresses import Address, addresses, place
from publisher.checks.mail import Mail
from publisher.errors import Problem

RULE = "link"
_WEB = ("http", "https")
_GONE = (404, 410)


class Asked(msgspec.Struct, frozen=True):
    """What came of asking for an address: a `status`, or in words `why` there is none.

    `moved` is where it leads for good; `is_final` says that asking later would hardly help.
    `length` is how many bytes lie there, where it was told.
    """

    status: int = 0
    moved: str = ""
    why: str = ""
    is_final: bool = False
    length: int | None = None


def to_ask(mails: Iterable[Mail], own: Iterable[str]) -> list[str]:
    """Return each web address of some mails once, but for those that begin as one of our `own`."""
    ours = tuple(own)
    found = (one.url for mail in mails for one in addresses(mail) if one.scheme in _WEB)
    return [url for url in dict.fromkeys(_bare(one) for one in found) if not url.startswith(ours)]


def answered(mail: Mail, asked: Mapping[str, Asked]) -> Iterator[Problem]:
    """Return what is to be said of a mail's addresses; of those that were not asked, nothing."""
    for one in addresses(mail):
        said = asked.get(_bare(one.url))
        if said is None:
            continue
        path, line = place(mail, one)
        for what, why, todo, severity in _said(one, said):
            yield Problem(
                what=what, why=why, todo=todo, path=path or mail.name, line=line if path else None,
                severity=severity, rule=RULE,
            )  # fmt: skip


def _bare(url: str) -> str:
    """An address without what only a browser reads."""
    return url.partition("#")[0]


def _said(one: Address, said: Asked) -> Iterator[tuple[str, str, str, Literal["warning", "note"]]]:
    shown, thing = one.url[:120], "picture" if one.kind == "picture" else "page"
    if said.status in _GONE or said.is_final:
        what = f"it answers {said.status}" if said.status else said.why
        lost = "Readers see a hole." if one.kind == "picture" else "Readers are led to nowhere."
        yield f"{shown}: {what}", lost, "Mend the address, or take it out.", "warning"
    elif said.why or not 200 <= said.status < 400:
        what = said.why or f"it answers {said.status}"
        why = f"The {thing} may be there: some servers shut programs out, and some answer later."
        yield f"{shown}: {what}", why, "Look at it yourself.", "note"
    elif said.moved and _bare(said.moved) != _bare(one.url):
        why = "The way there takes longer, and may end some day."
        yield f"{shown} has moved for good", why, f"Write {said.moved[:200]}", "note"
