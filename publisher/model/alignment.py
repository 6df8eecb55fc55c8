"""Alignment: whether a return path or a signature speaks for the domain that readers see."""

from __future__ import annotations

from collections.abc import Callable

_SECOND_LEVEL = ("ac", "co", "com", "edu", "gov", "ne", "net", "or", "org")  # of two-letter ones


def is_aligned(
    author: str, other: str, organisation: Callable[[str], str], *, strict: bool = False
) -> bool:
    """Whether two domains belong together (RFC 9989 §4.4): the same, or of one organisation.

    `organisation` tells that of a domain: by asking DNS (§4.10), or `likely_organisation`.

    >>> is_aligned("news.example", "bounces.news.example", likely_organisation)
    True
    >>> is_aligned("news.example", "bounces.news.example", likely_organisation, strict=True)
    False
    """
    return author == other or (not strict and organisation(author) == organisation(other))


def likely_organisation(domain: str) -> str:
    """Return the domain that somebody registered, as near as one comes without asking DNS.

    >>> likely_organisation("mail.news.example"), likely_organisation("mail.news.co.uk")
    ('news.example', 'news.co.uk')
    """
    labels = domain.split(".")
    is_deeper = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if is_deeper else -2 :])
