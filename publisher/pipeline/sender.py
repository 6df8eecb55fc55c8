"""Who sends: what bulk mail must have, and the return path."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from publisher.audience import RETURNING, address
from publisher.errors import AddressError, ConfigError, Held, Problem
from publisher.model import Publication, is_aligned, likely_organisation
from publisher.pipeline.urls import PLACEHOLDER


class Rule(msgspec.Struct, frozen=True):
    """What a sender must have, or should: `refused` tells whether nothing is sent without it."""

    is_broken: Callable[[Publication], bool]
    what: str
    why: str
    todo: str
    refused: bool = True


ALIGNMENT = Rule(
    lambda own: not _is_aligned(own),
    "dkim.domain and the domain of sender are not one organisation's",
    "DMARC counts a signature only where both are (RFC 9989 §4.4): such a signature may not "
    "help, and Gmail, Yahoo and Microsoft want one that does.",
    "Leave dkim.domain out, or name the domain of publication.sender.",
    refused=False,
)

RULES = (
    Rule(
        lambda own: not own.sender,
        "there is no sender",
        "Nothing can be sent without the address that the mails come from.",
        "Set publication.sender to an address that your mail server lets you use.",
    ),
    Rule(
        lambda own: not (own.postal.street or own.postal.city),
        "there is no postal address",
        "Nothing is sent without one: the law of many countries wants it in bulk mail "
        "(CAN-SPAM, UWG, CASL).",
        "Add a table [postal] with name, street, city and country.",
    ),
    Rule(
        lambda own: not _links(own).startswith("https://"),
        "the links of mails do not lead to https",
        "Nothing is sent: one-click unsubscribing needs it (RFC 8058).",
        "Set base_url, or delivery.links, to an https address.",
    ),
    Rule(
        lambda own: PLACEHOLDER in own.base_url or PLACEHOLDER in own.sender,
        f"base_url or sender is still the {PLACEHOLDER} that init wrote",
        "Nobody could answer the mails, or leave.",
        "Set both to your own.",
        refused=False,
    ),
    ALIGNMENT,
)
"""What `check` warns of; what is `refused`, `send` and `deliver` do not go without."""


def sender_problems(publication: Publication) -> list[Problem]:
    """Return what `send` would refuse, or its owner regret."""
    found = [_problem(rule) for rule in RULES if rule.is_broken(publication)]
    try:
        _check_addresses(publication)
    except ConfigError as error:
        why = "Nothing can be sent with it."
        found.append(replace(error.problem, why=why, severity="warning"))
    return found


def alignment_problems(publication: Publication) -> list[Problem]:
    """Return what makes DKIM signatures worth nothing to DMARC (RFC 9989)."""
    return [_problem(ALIGNMENT)] if ALIGNMENT.is_broken(publication) else []


def _problem(rule: Rule) -> Problem:
    return Problem(
        what=rule.what, why=rule.why, todo=rule.todo, path="publisher.toml", severity="warning"
    )


def _is_aligned(own: Publication) -> bool:
    """Whether `d=` is the sender's domain, or of the same organisation."""
    signs, sends = own.dkim.domain, own.sender.rpartition("@")[2].lower()
    if not signs or not sends or own.dkim.sign == "never":
        return True
    return is_aligned(sends, signs, likely_organisation)


def check_sender(publication: Publication) -> None:
    """Raise Held for what bulk mail must have and this publication has not."""
    for rule in RULES:
        if rule.refused and rule.is_broken(publication):
            raise Held(rule.what, path="publisher.toml", why=rule.why, todo=rule.todo)
    _check_addresses(publication)


def _check_addresses(publication: Publication) -> None:
    """Raise ConfigError for an address of ours that no server would take."""
    d = publication.delivery
    for place, text in (("publication.sender", publication.sender),
                        ("delivery.reply_to", d.reply_to), ("delivery.return_path", d.return_path),
                        ("delivery.unsubscribe", d.unsubscribe)):  # fmt: skip
        try:
            found = address(text) if text else None
        except AddressError as error:
            raise ConfigError(f"{place}: {error.problem.what}", path="publisher.toml") from None
        if found and found.utf8:
            raise ConfigError(f"{place} must be ASCII before the @", path="publisher.toml")
    _check_room(publication)


_LOCAL = 64  # octets before the @: RFC 5321 §4.5.3.1.1


def _check_room(publication: Publication) -> None:
    """Raise ConfigError for a return path that has no room for a token."""
    local = return_path(publication).rpartition("@")[0] if publication.sender else ""
    if publication.delivery.verp and len(local) + 1 + RETURNING > _LOCAL:
        most = _LOCAL - 1 - RETURNING
        raise ConfigError(
            f"delivery.return_path is too long for delivery.verp: {local}",
            path="publisher.toml",
            why=f"A token of {RETURNING} signs follows it, and {_LOCAL} may stand before the @.",
            todo=f"Name one with at most {most} signs before the @, such as bounces@…",
        )


def _links(publication: Publication) -> str:
    """Where the links of mails begin."""
    return publication.delivery.links or publication.base_url


def return_path(publication: Publication) -> str:
    """MAIL FROM of every message that is of no edition, and without `verp` of all."""
    return address(publication.delivery.return_path or publication.sender).text


def returning_path(publication: Publication, token: str) -> str:
    """Return the return path that names a delivery by its token: VERP."""
    local, _, domain = return_path(publication).rpartition("@")
    return f"{local}{publication.delivery.verp_separator}{token}@{domain}"
